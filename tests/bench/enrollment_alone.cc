#include "tests/bench/enrollment_alone.h"

#include "platform/ledger/sqlite_ledger.h"
#include "platform/runtime/check.h"
#include "services/enrollment/tables.h"
#include "tests/bench/filling.h"
#include "tests/bench/pace.h"

namespace learncity::bench {
namespace {

constexpr std::chrono::milliseconds kPersonsIdle{200};

template <class T>
T Valid(absl::StatusOr<T> value) {
  LEARNCITY_CHECK_OK(value.status());
  return std::move(*value);
}

}  // namespace

const rpc::Tokens& BenchTokens() {
  static const auto* const tokens = [] {
    auto* t = new rpc::Tokens();
    LEARNCITY_CHECK_OK(t->Add(kToken, "bench", {"clerk"}));
    return t;
  }();
  return *tokens;
}

EnrollmentAlone::EnrollmentAlone(const std::filesystem::path& folder, ledger::WriterLimits limits,
                                 std::shared_ptr<ledger::Engine> engine)
    : request_key_(BenchKey().Derive(privacy::Purpose::kHashRequests)) {
  keys_ = Valid(privacy::KeyStore::OpenFile({.path = (folder / "persons.keys").string(), .vfs = ""},
                                            BenchKey()));
  auto rules = enrollment::EnrollmentRules([this](const Id& id) { return keys_->Erase(id); });
  if (!engine) {
    engine =
        std::make_shared<ledger::SqliteEngine>(ledger::SqliteFile(folder.string(), "enrollment"));
  }
  host_ =
      Valid(host::Host::Open(enrollment::EnrollmentSchema(), std::move(rules),
                             {.engine = std::move(engine), .limits = limits, .clock = SystemNow}));
  persons_ = std::make_unique<persons::Persons>(enrollment::LearnerTerms(), *keys_, host_->writer(),
                                                host_->readers(), SystemNow);
  host_->AddStep(
      "persons", [this] { return persons_->Step(); }, kPersonsIdle);
  service_ = std::make_unique<enrollment::EnrollmentService>(
      rpc::SurfaceParts{
          .writer = host_->writer(),
          .readers = host_->readers(),
          .schema = host_->schema(),
          .tokens = BenchTokens(),
          .metrics = metrics_,
          .clock = SystemNow,
          .request_hash =
              [this](std::string_view bytes) { return privacy::KeyedHash(request_key_, bytes); }},
      *persons_, SystemNow);
  host_->Start();
  server_ = Valid(rpc::Server::Start(
      {}, {{enrollment::v1::EnrollmentService::service_full_name(), service_.get()}}));
  server_->SetServing(true);
}

EnrollmentAlone::~EnrollmentAlone() {
  server_->Stop(std::chrono::seconds(5));
  host_->Stop();
}

class Echo::Service final : public enrollment::v1::EnrollmentService::CallbackService {
 public:
  explicit Service(enrollment::v1::Enrollment answer) : answer_(std::move(answer)) {}

  grpc::ServerUnaryReactor* EnrollLearner(grpc::CallbackServerContext* context,
                                          const enrollment::v1::EnrollLearnerRequest*,
                                          enrollment::v1::Enrollment* response) override {
    return Answer(context, response);
  }
  grpc::ServerUnaryReactor* GetEnrollment(grpc::CallbackServerContext* context,
                                          const enrollment::v1::GetEnrollmentRequest*,
                                          enrollment::v1::Enrollment* response) override {
    return Answer(context, response);
  }

 private:
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   enrollment::v1::Enrollment* response) const {
    *response = answer_;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  const enrollment::v1::Enrollment answer_;
};

Echo::Echo(enrollment::v1::Enrollment answer)
    : service_(std::make_unique<Service>(std::move(answer))) {
  server_ = Valid(rpc::Server::Start(
      {}, {{enrollment::v1::EnrollmentService::service_full_name(), service_.get()}}));
}

Echo::~Echo() = default;

}  // namespace learncity::bench
