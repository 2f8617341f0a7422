#include "platform/persons/papers.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace learncity::persons {
namespace {

using google::rpc::BadRequest;
using type::v1::Sex;

constexpr int kBirthYearMin = 1890;

void Add(BadRequest& to, const std::string& resource, const char* field, const char* description) {
  auto* violation = to.add_field_violations();
  violation->set_field(absl::StrCat(resource, field));
  violation->set_description(description);
}

constexpr char kBirthDate[] = ".person.birth_date";
constexpr char kBirthYear[] = ".birth_year";
constexpr char kNationalId[] = ".person.national_id";

bool IsDated(const Papers& papers) { return papers.birth_date.ByteSizeLong() > 0; }

// The first day that a date with unknown day or month may mean; nullopt when there is none.
std::optional<Day> FirstDay(google::type::Date date) {
  if (date.month() == 0 && date.day() != 0) return std::nullopt;
  if (date.month() == 0) date.set_month(1);
  if (date.day() == 0) date.set_day(1);
  return ToDay(date);
}

void CheckBirth(const Papers& papers, const std::string& resource, Day today,
                BadRequest& violations) {
  const bool dated = IsDated(papers);
  const int this_year = ToDate(today).year();
  const int year = BirthYearOf(papers);
  if (dated) {
    const auto first = FirstDay(papers.birth_date);
    if (!first) {
      return Add(violations, resource, kBirthDate,
                 "is no date: give a day that exists, or 0 for the day, or for day and month.");
    }
    if (*first > today) return Add(violations, resource, kBirthDate, "lies in the future.");
    if (papers.birth_year != 0 && papers.birth_year != year) {
      Add(violations, resource, kBirthYear,
          "is not the year of the birth date: leave it 0 or correct one.");
    }
  }
  if (year != 0 && (year < kBirthYearMin || year > this_year)) {
    Add(violations, resource, dated ? kBirthDate : kBirthYear,
        "lies before 1890 or in the future.");
  }
}

// Twelve digits PPP G YY NNNNNN: place of registration, century and sex, year of birth, number.
// G is 0 and 1 for men and women of the 1900s, 2 and 3 for those of the 2000s, and so on.
void CheckNationalId(const Papers& papers, const std::string& resource, Findings& findings) {
  const std::string& id = papers.national_id;
  if (id.empty()) return;
  if (id.size() != 12 || !std::all_of(id.begin(), id.end(), absl::ascii_isdigit)) {
    return Add(findings.violations, resource, kNationalId, "must be twelve digits.");
  }
  const int century_and_sex = id[3] - '0';
  const int year = 1900 + century_and_sex / 2 * 100 + (id[4] - '0') * 10 + (id[5] - '0');
  const Sex sex = century_and_sex % 2 == 0 ? type::v1::SEX_MALE : type::v1::SEX_FEMALE;
  if (papers.sex != type::v1::SEX_UNSPECIFIED && papers.sex != sex) {
    Add(findings.warnings, resource, kNationalId, "contradicts the sex: check both.");
  }
  if (BirthYearOf(papers) != 0 && BirthYearOf(papers) != year) {
    Add(findings.warnings, resource, kNationalId, "contradicts the year of birth: check both.");
  }
}

}  // namespace

int BirthYearOf(const Papers& papers) {
  return IsDated(papers) ? papers.birth_date.year() : papers.birth_year;
}

Findings CheckPapers(const Papers& papers, const std::string& resource, Day today) {
  Findings findings;
  CheckBirth(papers, resource, today, findings.violations);
  CheckNationalId(papers, resource, findings);
  return findings;
}

}  // namespace learncity::persons
