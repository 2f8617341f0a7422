#include "services/enrollment/tables.h"

#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/match.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/references.h"
#include "services/enrollment/domain/transfer.h"
#include "services/enrollment/domain/waitlist.h"

namespace learncity::enrollment {
namespace {

using ledger::Value;

std::string Key(const std::string& name) { return std::string(IdOf(name).view()); }

ledger::Schema MakeSchema() {
  ledger::Schema schema("enrollment");
  schema.Own<v1::Learner, v1::LearnerEvent>("learner").DueAt(v1::ErasureDue);
  schema.Own<v1::Offering, v1::OfferingEvent>("offering")
      .Indexed("center", [](const v1::Offering& o) -> Value { return Key(o.center()); })
      .DueAt(v1::PromotionDue);
  // Every index costs the hottest table a page for each write that has a value in it: one for all,
  // one for who waits, and no more.
  schema.Own<v1::Enrollment, v1::EnrollmentEvent>("enrollment")
      .Unique(v1::kSeat, [](const v1::Enrollment& e) -> Value { return v1::SeatOf(e); })
      .Unique(v1::kWaiting, [](const v1::Enrollment& e) {
        const auto waiting = v1::WaitingOf(e);
        return waiting ? Value(*waiting) : Value();
      });
  schema.Reference<v1::CenterReference, registry::v1::CenterEvent>("center", "registry");
  schema.Reference<v1::UnitReference, registry::v1::UnitEvent>("unit", "registry");
  // 2: a center's unit, and what a unit is a part of and followed by.
  schema.FollowedVersion(2);
  return schema;
}

}  // namespace

const ledger::Schema& EnrollmentSchema() {
  static const auto* const schema = new ledger::Schema(MakeSchema());
  return *schema;
}

persons::Terms LearnerTerms() {
  return {.schema = EnrollmentSchema(),
          .document = v1::Learner::descriptor(),
          .national_id_taken =
              v1::EnrollmentErrorReason_descriptor()->FindValueByNumber(v1::NATIONAL_ID_TAKEN)};
}

ledger::Rules EnrollmentRules(std::function<absl::Status(const Id& person)> erase_key) {
  ledger::Rules rules;
  rules.On<v1::RegisterCase, v1::RegisterLearnerRequest>();
  rules.On<v1::UpdateCase, v1::UpdateLearnerRequest>();
  rules.On<v1::EraseCase, v1::EraseLearnerRequest>();
  rules.On<v1::MatchCase, v1::MatchLearnerRequest>();
  rules.On<v1::OpenOfferingCase, v1::OpenOfferingRequest>();
  rules.On<v1::EnrollCase, v1::EnrollLearnerRequest>();
  rules.On<v1::CompleteCase, v1::CompleteEnrollmentRequest>();
  rules.On<v1::TransferCase, v1::TransferEnrollmentRequest>();
  rules.On<v1::WithdrawCase, v1::WithdrawEnrollmentRequest>();
  rules.OnDue<v1::PromoteCase, v1::Offering>();
  rules.OnDue<v1::Learner>([erase_key = std::move(erase_key)](
                               const Id& id, const v1::Learner&) { return erase_key(id); },
                           v1::DecideErasureConfirmed);
  return rules;
}

std::vector<std::string> EnrollmentFollows() { return {"registry"}; }

}  // namespace learncity::enrollment
