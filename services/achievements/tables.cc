#include "services/achievements/tables.h"

#include "services/achievements/domain/award.h"
#include "services/achievements/domain/certificate.h"
#include "services/achievements/domain/recognition.h"
#include "services/achievements/domain/references.h"

namespace learncity::achievements {
namespace {

using enrollment::v1::EnrollmentEvent;
using ledger::Value;
using v1::CertificateCase;

std::string Key(const std::string& name) { return std::string(IdOf(name).view()); }

ledger::Schema MakeSchema() {
  ledger::Schema schema("achievements");
  schema.Own<v1::Certificate, v1::CertificateEvent>("certificate")
      .Unique(v1::kEnrollment,
              [](const v1::Certificate& c) -> Value { return Key(c.enrollment()); });
  schema.Own<v1::Award, v1::AwardEvent>("award");
  schema.Own<v1::Recognition, v1::RecognitionEvent>("recognition")
      .Indexed("unit", [](const v1::Recognition& r) -> Value { return Key(r.unit()); });
  schema.Reference<v1::LearnerReference, enrollment::v1::LearnerEvent>("learner", "enrollment");
  schema.Reference<v1::CenterReference, registry::v1::CenterEvent>("center", "registry");
  schema.Reference<v1::UnitReference, registry::v1::UnitEvent>("unit", "registry");
  // 2: with references. 3: with centers, and with what a unit is a part of and followed by.
  schema.FollowedVersion(3);
  return schema;
}

}  // namespace

const ledger::Schema& AchievementsSchema() {
  static const auto* const schema = new ledger::Schema(MakeSchema());
  return *schema;
}

ledger::Rules AchievementsRules() {
  ledger::Rules rules;
  rules.On<v1::RecordAwardCase, v1::RecordAwardRequest>();
  rules.On<v1::WithdrawAwardCase, v1::WithdrawAwardRequest>();
  rules.On<v1::GrantCase, v1::GrantRecognitionRequest>();
  rules.On<v1::RenewCase, v1::RenewRecognitionRequest>();
  rules.On<v1::WithdrawRecognitionCase, v1::WithdrawRecognitionRequest>();
  rules.OnEvent<EnrollmentEvent>(
      [](const Id&, const EnrollmentEvent& event, Lookup& lookup) {
        (void)CertificateCase::Gather(event, lookup);
      },
      [](const Id&, const EnrollmentEvent& event, const Moment& moment, ledger::Draft& draft) {
        draft.Apply(Decide(CertificateCase::Gather(event, draft), event, moment));
      });
  return rules;
}

std::vector<std::string> AchievementsFollows() { return {"registry", "enrollment"}; }

}  // namespace learncity::achievements
