#include "services/enrollment/enrollment_service.h"

#include "google/protobuf/util/field_mask_util.h"
#include "platform/calendar/calendar.h"
#include "platform/rpc/resource_fields.h"
#include "services/enrollment/domain/enrollment.h"

namespace learncity::enrollment {

using google::protobuf::util::FieldMaskUtil;

rpc::Prepare<v1::RegisterLearnerRequest> EnrollmentService::CheckPerson() {
  return [this](const rpc::Call&, v1::RegisterLearnerRequest* request,
                rpc::Prepared* prepared) -> grpc::Status {
    return persons::TakePapers("learner", Today(clock_()), *request->mutable_learner(), prepared);
  };
}

// The year of birth follows the birth date; of what the mask does not name, nothing goes on.
rpc::Prepare<v1::UpdateLearnerRequest> EnrollmentService::CheckUpdate() {
  return [this](const rpc::Call&, v1::UpdateLearnerRequest* request,
                rpc::Prepared* prepared) -> grpc::Status {
    auto& mask = *request->mutable_update_mask();
    if (auto status = rpc::CheckUpdateMask(
            mask, {"person", "birth_year", "sex", "unit", "has_disability", "is_disadvantaged"});
        !status.ok()) {
      return status;
    }
    v1::Learner stated;
    FieldMaskUtil::MergeMessageTo(request->learner(), mask, FieldMaskUtil::MergeOptions(), &stated);
    if (auto status = persons::TakePapers("learner", Today(clock_()), stated, prepared);
        !status.ok()) {
      return status;
    }
    if (stated.person().has_birth_date() && !FieldMaskUtil::IsPathInFieldMask("birth_year", mask)) {
      mask.add_paths("birth_year");
    }
    stated.set_name(request->learner().name());
    *request->mutable_learner() = std::move(stated);
    return grpc::Status::OK;
  };
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
