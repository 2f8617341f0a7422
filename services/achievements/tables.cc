#include "services/achievements/tables.h"

#include "services/achievements/domain/certificate.h"

namespace learncity::achievements {
namespace {

using enrollment::v1::EnrollmentEvent;
using v1::CertificateCase;

ledger::Schema MakeSchema() {
  ledger::Schema schema("achievements");
  schema.Own<v1::Certificate, v1::CertificateEvent>("certificate")
      .Unique(v1::kEnrollment, [](const v1::Certificate& certificate) -> ledger::Value {
        return std::string(IdOf(certificate.enrollment()).view());
      });
  return schema;
}

}  // namespace

const ledger::Schema& AchievementsSchema() {
  static const auto* const schema = new ledger::Schema(MakeSchema());
  return *schema;
}

ledger::Rules AchievementsRules() {
  ledger::Rules rules;
  rules.OnEvent<EnrollmentEvent>(
      [](const Id&, const EnrollmentEvent& event, Lookup& lookup) {
        (void)CertificateCase::Gather(event, lookup);
      },
      [](const Id&, const EnrollmentEvent& event, const Moment& moment, ledger::Draft& draft) {
        draft.Apply(Decide(CertificateCase::Gather(event, draft), event, moment));
      });
  return rules;
}

std::vector<std::string> AchievementsFollows() { return {"enrollment"}; }

}  // namespace learncity::achievements
