#include "platform/rpc/learner_server.h"

#include "platform/ledger/id.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::enrollment::v1 {

static void Evolve(Learner& learner, const LearnerEvent& event) {
  learner = event.registered().learner();
}

static void Evolve(Enrollment& enrollment, const EnrollmentEvent& event) {
  enrollment = event.admitted().enrollment();
}

namespace {

struct RegisterCase {
  static RegisterCase Gather(const RegisterLearnerRequest&, Lookup&) { return {}; }
};

Decision Decide(const RegisterCase&, const RegisterLearnerRequest& request, const Moment& moment) {
  if (request.learner().birth_year() == 1900) {
    return Refuse(LEARNER_ERASED, "learners/1900", "Nobody is that old.");
  }
  LearnerEvent event;
  Learner& learner = *event.mutable_registered()->mutable_learner();
  learner = request.learner();
  learner.set_name(Concat("learners/", moment.NewId().ToString()));
  return Decision().Then(learner.name(), std::move(event));
}

struct EnrollCase {
  static EnrollCase Gather(const EnrollLearnerRequest&, Lookup&) { return {}; }
};

Decision Decide(const EnrollCase&, const EnrollLearnerRequest& request, const Moment& moment) {
  if (request.joins_waitlist()) return Refuse(OFFERING_FULL, request.offering(), "Nobody waits.");
  EnrollmentEvent event;
  Enrollment& enrollment = *event.mutable_admitted()->mutable_enrollment();
  enrollment.set_name(Concat("enrollments/", moment.NewId().ToString()));
  enrollment.set_learner(request.learner());
  return Decision().Then(enrollment.name(), std::move(event));
}

}  // namespace
}  // namespace learncity::enrollment::v1

namespace learncity::rpc {
namespace {

using enrollment::v1::Learner;
using enrollment::v1::LearnerEvent;
using enrollment::v1::RegisterLearnerRequest;

std::string Backwards(const std::string& text) { return {text.rbegin(), text.rend()}; }

absl::Status OpenLearner(const Call&, Learner* learner) {
  if (learner->sealed_person().empty()) return absl::OkStatus();
  if (!learner->mutable_person()->ParseFromString(Backwards(learner->sealed_person()))) {
    return absl::DataLossError("sealed with another key");
  }
  return absl::OkStatus();
}

grpc::Status Seal(const Call&, RegisterLearnerRequest* request, Prepared* prepared) {
  google::rpc::BadRequest violations;
  Learner& learner = *request->mutable_learner();
  if (learner.person().full_name() == "Nobody") {
    AddViolation(&violations, "learner.person.full_name", "NOBODY", "is nobody's");
  }
  if (learner.person().full_name().empty()) {
    AddViolation(&prepared->warnings, "learner.person.full_name", "MISSING", "is not known");
  }
  learner.set_sealed_person(Backwards(learner.person().SerializeAsString()));
  learner.clear_person();
  return ToStatus(violations);
}

// Anything that is a function of the bytes will do.
std::string Hash(std::string_view bytes) {
  return Concat(std::string(24, 'h'), std::string(8, '0'), std::hash<std::string_view>{}(bytes))
      .substr(13, 32);
}

}  // namespace

grpc::ServerUnaryReactor* LearnerService::RegisterLearner(grpc::CallbackServerContext* context,
                                                          const RegisterLearnerRequest* request,
                                                          Learner* response) {
  return surface_.Write(context, request, response, {.prepare = Seal, .open = OpenLearner});
}

grpc::ServerUnaryReactor* LearnerService::GetLearner(
    grpc::CallbackServerContext* context, const enrollment::v1::GetLearnerRequest* request,
    Learner* response) {
  return surface_.Get(context, request, response, {.open = OpenLearner});
}

grpc::ServerUnaryReactor* LearnerService::ListLearners(
    grpc::CallbackServerContext* context, const enrollment::v1::ListLearnersRequest* request,
    enrollment::v1::ListLearnersResponse* response) {
  return surface_.List(context, request, response);
}

grpc::ServerUnaryReactor* LearnerService::EnrollLearner(
    grpc::CallbackServerContext* context, const enrollment::v1::EnrollLearnerRequest* request,
    enrollment::v1::Enrollment* response) {
  return surface_.Write(context, request, response);
}

grpc::ServerBidiReactor<enrollment::v1::ImportEnrollmentsRequest,
                        enrollment::v1::ImportEnrollmentsResponse>*
LearnerService::ImportEnrollments(grpc::CallbackServerContext* context) {
  return surface_.WriteRows<enrollment::v1::ImportEnrollmentsRequest,
                            enrollment::v1::ImportEnrollmentsResponse>(context);
}

LearnerServer::LearnerServer(ledger::WriterLimits limits, bool run_writer) {
  schema_.Own<Learner, LearnerEvent>("learners");
  schema_.Own<enrollment::v1::Enrollment, enrollment::v1::EnrollmentEvent>("enrollments");
  rules_.On<enrollment::v1::RegisterCase, RegisterLearnerRequest>();
  rules_.On<enrollment::v1::EnrollCase, enrollment::v1::EnrollLearnerRequest>();
  LEARNCITY_CHECK_OK(tokens_.Add(kClerkToken, "clerk-1", {"clerk"}));
  LEARNCITY_CHECK_OK(tokens_.Add(kAuditorToken, "auditor-1", {"auditor"}));
  const auto center = Scope::Parse("centers/0198c0de-0000-7000-8000-00000000000c");
  LEARNCITY_CHECK_OK(center.status());
  LEARNCITY_CHECK_OK(tokens_.Add(kCenterToken, "clerk-2", {"clerk"}, *center));
  auto opened = engine_.Open(schema_);
  LEARNCITY_CHECK_OK(opened.status());
  ledger_ = std::move(*opened);
  writer_ = std::make_unique<ledger::Writer>(*ledger_, rules_, SystemNow, limits);
  loop_ = std::make_unique<runtime::Loop>(
      "writer", [this] { return writing_ && writer_->Step(); }, std::chrono::milliseconds(20));
  writer_->OnWork([this] { loop_->Wake(); });
  readers_ = std::make_unique<ledger::Readers>(engine_, schema_);
  if (run_writer) StartWriter();
  surface_ = std::make_unique<Surface>(
      enrollment::v1::EnrollmentService::service_full_name(),
      SurfaceParts{.writer = *writer_,
                   .readers = *readers_,
                   .schema = schema_,
                   .tokens = tokens_,
                   .metrics = metrics_,
                   .clock = SystemNow,
                   .request_hash = Hash,
                   .within = [this](const Scope&, const std::string& resource) {
                     return held_.contains(resource);
                   }});
  service_ = std::make_unique<LearnerService>(*surface_);
  auto server =
      Server::Start({}, {{enrollment::v1::EnrollmentService::service_full_name(), service_.get()}});
  LEARNCITY_CHECK_OK(server.status());
  server_ = std::move(*server);
  stub_ = enrollment::v1::EnrollmentService::NewStub(grpc::CreateChannel(
      Concat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
}

LearnerServer::~LearnerServer() {
  writer_->Close();
  if (!writing_) writer_->Abandon();
  server_.reset();
  loop_.reset();
}

void LearnerServer::StartWriter() {
  writing_ = true;
  loop_->Wake();
}

void LearnerServer::Stop() {
  surface_->EndStreams();
  server_->Stop(std::chrono::seconds(10));
}

std::unique_ptr<grpc::ClientContext> LearnerServer::Context(const std::string& token) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  if (!token.empty()) context->AddMetadata("authorization", Concat("Bearer ", token));
  return context;
}

Learner LearnerServer::Register(const std::string& full_name) {
  Learner learner;
  const auto context = Context();
  const auto status = stub_->RegisterLearner(context.get(), NewLearner(full_name), &learner);
  LEARNCITY_CHECK(status.ok()) << status.error_message();
  return learner;
}

RegisterLearnerRequest NewLearner(const std::string& full_name) {
  RegisterLearnerRequest request;
  request.set_request_id(RandomId(SystemNow()).ToString());
  request.mutable_learner()->mutable_person()->set_full_name(full_name);
  return request;
}

}  // namespace learncity::rpc
