#include "tests/bench/filling.h"

#include <numeric>

#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/learncity/city.h"
#include "tests/bench/filler.h"

namespace learncity::bench {
namespace {

// About as many offerings as Hanoi has schools: each of them is contended, none of them alone.
constexpr int kCenters = 500;
constexpr int kOfferings = 3000;
// Sealed personal data of an ordinary learner.
constexpr size_t kSealedBytes = 200;

constexpr ledger::WriterLimits kBigTurns = {.turn_inputs_max = 2000,
                                            .turn_documents_max = 10'000,
                                            .turn_bytes_max = int64_t{64} << 20,
                                            .queue_requests_max = Filler::kQueueMax};

uint64_t Scatter(uint64_t n) {
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
  return n ^ (n >> 31);
}

std::vector<std::string> OpenCenters(City& city, Day first_day) {
  Filler filler(city.registry(), "learncity.registry.v1.RegistryService");
  registry::v1::OpenUnitRequest unit;
  unit.mutable_unit()->set_code("00004");
  unit.mutable_unit()->set_display_name("Phường Ba Đình");
  unit.mutable_unit()->set_type(registry::v1::UNIT_TYPE_WARD);
  *unit.mutable_unit()->mutable_valid_from() = ToDate(first_day);
  filler.Add("OpenUnit", unit);
  const std::string unit_name = filler.Flush().front();
  for (int i = 0; i < kCenters; ++i) {
    registry::v1::OpenCenterRequest request;
    request.mutable_center()->set_display_name(Concat("Trường số ", i));
    request.mutable_center()->set_kind(type::v1::CENTER_KIND_UPPER_SECONDARY_SCHOOL);
    request.mutable_center()->set_unit(unit_name);
    *request.mutable_center()->mutable_valid_from() = ToDate(first_day);
    filler.Add("OpenCenter", request);
  }
  std::vector<std::string> centers = filler.Flush();
  // Offerings are opened at centers that enrollment has heard of.
  host::Host& follower = city.enrollment();
  const int64_t head = city.registry().head().position;
  while (follower.positions().Get("registry")->position < head) follower.Step();
  return centers;
}

std::vector<std::string> OpenOfferings(Filler& filler, const std::vector<std::string>& centers,
                                       Day first_day) {
  for (int i = 0; i < kOfferings; ++i) {
    enrollment::v1::OpenOfferingRequest request;
    auto& offering = *request.mutable_offering();
    offering.set_display_name(Concat("Lớp 10A", i));
    offering.set_center(centers[static_cast<size_t>(i) % centers.size()]);
    offering.set_kind(type::v1::OFFERING_KIND_SCHOOL_CLASS);
    offering.set_isced_level(type::v1::ISCED_LEVEL_3);
    offering.set_grade(10);
    // Each of a year of its own: a learner holds a seat in one school class of a school year.
    const int year = 2026 + i;
    offering.set_school_year(Concat(year, "-", year + 1));
    *offering.mutable_start_date() = ToDate(first_day);
    *offering.mutable_end_date() = ToDate(first_day + std::chrono::days(730));
    offering.set_seats(100'000);
    filler.Add("OpenOffering", request);
  }
  return filler.Flush();
}

std::vector<Id> Register(Filler& filler, int learners) {
  std::vector<Id> ids;
  for (int i = 0; i < learners; ++i) {
    ids.push_back(RandomId(SystemNow()));
    enrollment::v1::RegisterLearnerRequest request;
    auto& learner = *request.mutable_learner();
    learner.set_name(Concat("learners/", ids.back().ToString()));
    learner.set_sealed_person(std::string(kSealedBytes, static_cast<char>('a' + i % 26)));
    learner.set_birth_year(1960 + i % 60);
    learner.set_sex(i % 2 == 0 ? type::v1::SEX_FEMALE : type::v1::SEX_MALE);
    filler.Add("RegisterLearner", request);
  }
  filler.Flush();
  return ids;
}

}  // namespace

privacy::MasterKey BenchKey() { return *privacy::MasterKey::FromBytes(std::string(32, 'k')); }

void Admissions::Next(enrollment::v1::EnrollLearnerRequest* request) {
  // Steps of a size that has no divisor in common with the number of learners pass each once.
  const auto k = static_cast<uint64_t>(next_.fetch_add(1, std::memory_order_relaxed));
  const uint64_t learners = city_.learners.size();
  uint64_t stride = learners * 618 / 1000 + 1;
  while (std::gcd(stride, learners) != 1) ++stride;
  const uint64_t learner = k % learners * stride % learners;
  const uint64_t offering = (Scatter(learner) + k / learners) % city_.offerings.size();
  request->set_learner(Concat("learners/", city_.learners[learner].ToString()));
  request->set_offering(city_.offerings[offering]);
  request->set_request_id(RandomId(SystemNow()).ToString());
}

Filled Fill(const std::filesystem::path& folder, int enrollments,
            std::function<std::shared_ptr<ledger::Engine>(const std::string&)> engines) {
  const auto began = std::chrono::steady_clock::now();
  std::filesystem::create_directories(folder);
  auto city = City::Open(
      BenchKey(), {.folder = folder.string(), .engines = std::move(engines), .limits = kBigTurns});
  LEARNCITY_CHECK_OK(city.status());
  const Day first_day = Today(SystemNow()) - std::chrono::days(365);
  const std::vector<std::string> centers = OpenCenters(**city, first_day);

  Filler filler((*city)->enrollment(), "learncity.enrollment.v1.EnrollmentService");
  Filled filled{.folder = folder};
  filled.offerings = OpenOfferings(filler, centers, first_day);
  filled.learners = Register(filler, enrollments);
  Admissions admissions(filled, 0);
  for (int i = 0; i < enrollments; ++i) {
    enrollment::v1::EnrollLearnerRequest request;
    admissions.Next(&request);
    filler.Add("EnrollLearner", request);
  }
  for (const std::string& name : filler.Flush()) filled.enrollments.push_back(IdOf(name));
  city->reset();
  filled.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return filled;
}

}  // namespace learncity::bench
