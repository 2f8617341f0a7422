#include "tests/bench/newcomers.h"

#include "learncity/registry/v1/registry.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "tests/bench/filler.h"

namespace learncity::bench {
namespace {

// The most that an offering may have.
constexpr int kSeats = 100'000;
constexpr int kWaitingMax = 64;

// A community learning center that is open today.
std::string OpenCenterOf(City& city) {
  const auto& table = *city.registry().schema().ByDocument(registry::v1::Center::descriptor());
  auto reader = city.registry().readers().Mine();
  LEARNCITY_CHECK_OK(reader.status());
  std::string found;
  LEARNCITY_CHECK_OK((*reader)->ScanAll(table, [&](const Id&, int64_t, std::string_view bytes) {
    registry::v1::Center center;
    LEARNCITY_CHECK(center.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    if (center.kind() != type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER) return;
    if (!center.has_valid_to()) found = center.name();
  }));
  LEARNCITY_CHECK(!found.empty()) << "the city has no open community learning center";
  return found;
}

}  // namespace

Newcomers::Newcomers(City& city, int learners) {
  const std::string center = OpenCenterOf(city);
  Filler filler(city.enrollment(), "learncity.enrollment.v1.EnrollmentService");
  const Day today = Today(SystemNow());
  for (int seats = 0; seats < learners; seats += kSeats) {
    enrollment::v1::OpenOfferingRequest request;
    auto& course = *request.mutable_offering();
    course.set_display_name(Concat("Khóa đo ", seats / kSeats + 1));
    course.set_center(center);
    course.set_kind(type::v1::OFFERING_KIND_COMMUNITY_COURSE);
    course.set_seats(kSeats);
    *course.mutable_start_date() = ToDate(today);
    *course.mutable_end_date() = ToDate(today + std::chrono::days(60));
    filler.Add("OpenOffering", request);
  }
  courses_ = filler.Flush();
  for (int i = 0; i < learners; ++i) {
    enrollment::v1::RegisterLearnerRequest request;
    request.mutable_learner()->set_name(Concat("learners/", RandomId(SystemNow()).ToString()));
    request.mutable_learner()->set_birth_year(1960 + i % 50);
    request.mutable_learner()->set_sex(i % 2 == 0 ? type::v1::SEX_FEMALE : type::v1::SEX_MALE);
    filler.Add("RegisterLearner", request);
  }
  learners_ = filler.Flush();
}

enrollment::v1::EnrollLearnerRequest Newcomers::Enroll(int n) const {
  LEARNCITY_CHECK_LT(n, count()) << "more newcomers are needed";
  enrollment::v1::EnrollLearnerRequest request;
  request.set_learner(learners_.at(static_cast<size_t>(n)));
  request.set_offering(courses_.at(static_cast<size_t>(n / kSeats)));
  request.set_request_id(RandomId(SystemNow()).ToString());
  return request;
}

Arrivals::Arrivals(City& city, Next request, int first, double per_second)
    : city_(city),
      request_(std::move(request)),
      first_(first),
      per_second_(per_second),
      began_(std::chrono::steady_clock::now()),
      next_(first),
      loop_(
          "arrivals", [this] { return Step(); }, std::chrono::milliseconds(1)) {}

bool Arrivals::Step() {
  ledger::Writer& writer = city_.enrollment().writer();
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - began_;
  const bool is_early = next_ - first_ >= per_second_ * since.count();
  if (is_early || writer.queued() >= kWaitingMax) return false;
  auto request = std::make_unique<enrollment::v1::EnrollLearnerRequest>(request_(next_++));
  const Time now = SystemNow();
  const Id id = RandomId(now);
  ledger::RequestInput input{.method = "EnrollLearner",
                             .caller = "bench",
                             .request_id = id,
                             .request_hash = std::string(32, 'h'),
                             .request = std::move(request),
                             .moment = {.now = now, .seed = std::string(id.view())},
                             .deadline = std::nullopt,
                             .done = [this](const ledger::Answer& a) { arrived_ += a.ok(); }};
  return writer.Submit(std::move(input)).ok();
}

}  // namespace learncity::bench
