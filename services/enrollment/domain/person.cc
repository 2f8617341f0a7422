#include "services/enrollment/domain/person.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"

namespace learncity::enrollment::v1 {
namespace {

using google::rpc::BadRequest;
using type::v1::Sex;

constexpr int kBirthYearMin = 1890;
constexpr char kBirthDate[] = "learner.person.birth_date";
constexpr char kBirthYear[] = "learner.birth_year";
constexpr char kNationalId[] = "learner.person.national_id";

void Add(BadRequest& to, const char* field, const char* description) {
  auto* violation = to.add_field_violations();
  violation->set_field(field);
  violation->set_description(description);
}

// The first day that a date with unknown day or month may mean; nullopt when there is none.
std::optional<Day> FirstDay(google::type::Date date) {
  if (date.month() == 0 && date.day() != 0) return std::nullopt;
  if (date.month() == 0) date.set_month(1);
  if (date.day() == 0) date.set_day(1);
  return ToDay(date);
}

// 0 when it is not known.
int BirthYear(const Learner& learner) {
  return learner.person().has_birth_date() ? learner.person().birth_date().year()
                                           : learner.birth_year();
}

void CheckBirth(const Learner& learner, Day today, BadRequest& violations) {
  const bool dated = learner.person().has_birth_date();
  const int this_year = ToDate(today).year();
  const int year = BirthYear(learner);
  if (dated) {
    const auto first = FirstDay(learner.person().birth_date());
    if (!first) {
      return Add(violations, kBirthDate,
                 "is no date: give a day that exists, or 0 for the day, or for day and month.");
    }
    if (*first > today) return Add(violations, kBirthDate, "lies in the future.");
    if (learner.birth_year() != 0 && learner.birth_year() != year) {
      Add(violations, kBirthYear, "is not the year of the birth date: leave it 0 or correct one.");
    }
  }
  if (year != 0 && (year < kBirthYearMin || year > this_year)) {
    Add(violations, dated ? kBirthDate : kBirthYear, "lies before 1890 or in the future.");
  }
}

// Twelve digits PPP G YY NNNNNN: place of registration, century and sex, year of birth, number.
// G is 0 and 1 for men and women of the 1900s, 2 and 3 for those of the 2000s, and so on.
void CheckNationalId(const Learner& learner, PersonFindings& findings) {
  const std::string& id = learner.person().national_id();
  if (id.empty()) return;
  if (id.size() != 12 || !std::all_of(id.begin(), id.end(), absl::ascii_isdigit)) {
    return Add(findings.violations, kNationalId, "must be twelve digits.");
  }
  const int century_and_sex = id[3] - '0';
  const int year = 1900 + century_and_sex / 2 * 100 + (id[4] - '0') * 10 + (id[5] - '0');
  const Sex sex = century_and_sex % 2 == 0 ? type::v1::SEX_MALE : type::v1::SEX_FEMALE;
  if (learner.sex() != type::v1::SEX_UNSPECIFIED && learner.sex() != sex) {
    Add(findings.warnings, kNationalId, "contradicts the sex: check both.");
  }
  if (BirthYear(learner) != 0 && BirthYear(learner) != year) {
    Add(findings.warnings, kNationalId, "contradicts the year of birth: check both.");
  }
}

}  // namespace

PersonFindings CheckPerson(const Learner& learner, Day today) {
  PersonFindings findings;
  CheckBirth(learner, today, findings.violations);
  CheckNationalId(learner, findings);
  return findings;
}

void FillBirthYear(Learner& learner) { learner.set_birth_year(BirthYear(learner)); }

}  // namespace learncity::enrollment::v1
