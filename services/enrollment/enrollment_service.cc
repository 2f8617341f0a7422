#include "services/enrollment/enrollment_service.h"

#include "platform/calendar/calendar.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/person.h"

namespace learncity::enrollment {

rpc::Prepare<v1::RegisterLearnerRequest> EnrollmentService::CheckPerson() {
  return [this](const rpc::Call&, v1::RegisterLearnerRequest* request,
                rpc::Prepared* prepared) -> grpc::Status {
    v1::Learner& learner = *request->mutable_learner();
    const v1::PersonFindings findings = v1::CheckPerson(learner, Today(clock_()));
    if (findings.violations.field_violations_size() > 0) return rpc::ToStatus(findings.violations);
    prepared->warnings = findings.warnings;
    v1::FillBirthYear(learner);
    return grpc::Status::OK;
  };
}

rpc::PrepareLater<v1::RegisterLearnerRequest> EnrollmentService::SealPerson() {
  return [this](const rpc::Call& call, v1::RegisterLearnerRequest* request, rpc::Prepared* prepared,
                const std::function<void(const grpc::Status&)>& done) {
    const absl::Status waits =
        persons_.SealLater(request, call.caller().identity,
                           [prepared, done](absl::StatusOr<std::optional<Refusal>> refusal) {
                             if (!refusal.ok()) return done(rpc::ToStatus(refusal.status()));
                             prepared->refusal = std::move(*refusal);
                             done(grpc::Status::OK);
                           });
    if (!waits.ok()) done(rpc::ToStatus(waits));
  };
}

rpc::Open<v1::Learner> EnrollmentService::OpenPerson() {
  return [this](const rpc::Call&, v1::Learner* learner) { return persons_.Open(*learner); };
}

rpc::Selection EnrollmentService::OfCenter(const v1::ListOfferingsRequest& request) {
  if (request.center().empty()) return {};
  return {.column = "center", .value = std::string(IdOf(request.center()).view()), .keep = {}};
}

rpc::Selection EnrollmentService::OfLearner(const v1::ListEnrollmentsRequest& request) {
  rpc::Selection selection;
  if (!request.learner().empty()) {
    selection.column = v1::kSeat;
    selection.prefix = std::string(IdOf(request.learner()).view());
  }
  // No index by offering: it would cost every admission a page. A roster is read by scanning.
  if (!request.offering().empty()) {
    selection.keep = [offering = request.offering()](const google::protobuf::Message& row) {
      return static_cast<const v1::Enrollment&>(row).offering() == offering;
    };
  }
  return selection;
}

}  // namespace learncity::enrollment
