// What the report says in Vietnamese and English.
#pragma once

#include <string>

#include "learncity/reporting/v1/reporting.pb.h"
#include "learncity/type/v1/types.pb.h"

namespace learncity {

struct Words {
  std::string vi;
  std::string en;
};

Words LevelWords(type::v1::IscedLevel level);
Words SexWords(type::v1::Sex sex);
Words CenterKindWords(type::v1::CenterKind kind);
Words CredentialWords(type::v1::CredentialKind kind);
// With the SDMX code: "A".
Words StatusWords(reporting::v1::ObservationStatus status);
Words VerificationWords(reporting::v1::Verification verification);
// Of UNIT_MEASURE: "PT" is percent.
Words UnitWords(const std::string& unit_measure);

}  // namespace learncity
