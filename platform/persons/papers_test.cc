#include "platform/persons/papers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "platform/testing/text.h"

namespace learncity::persons {
namespace {

using enrollment::v1::Learner;
using testing::ElementsAre;
using testing::IsEmpty;

const Day kToday = DayOf(DateOf("2026-09-05"));

std::vector<std::string> Fields(const google::rpc::BadRequest& found) {
  std::vector<std::string> fields;
  for (const auto& violation : found.field_violations()) fields.push_back(violation.field());
  return fields;
}

Findings Check(const std::string& learner) {
  return CheckPapers(PapersOf(FromText<Learner>(learner)), "learner", kToday);
}

std::vector<std::string> Violations(const std::string& learner) {
  return Fields(Check(learner).violations);
}

// Of a learner whose other papers are in order.
std::vector<std::string> Warnings(const std::string& learner) {
  EXPECT_THAT(Violations(learner), IsEmpty()) << learner;
  return Fields(Check(learner).warnings);
}

TEST(Person, MayBeUnknown) { EXPECT_THAT(Warnings(""), IsEmpty()); }

TEST(Person, MayKnowOnlyTheYearOrMonthOfBirth) {
  EXPECT_THAT(Violations("birth_year: 1952"), IsEmpty());
  EXPECT_THAT(Violations("person { birth_date { year: 1952 } }"), IsEmpty());
  EXPECT_THAT(Violations("person { birth_date { year: 1952 month: 4 } }"), IsEmpty());
}

TEST(Person, MayBeBornToday) {
  EXPECT_THAT(Violations("person { birth_date { year: 2026 month: 9 day: 5 } }"), IsEmpty());
  EXPECT_THAT(Violations("person { birth_date { year: 2026 month: 9 } }"), IsEmpty());
}

TEST(Person, IsNotBornInTheFuture) {
  const auto birth_date = ElementsAre("learner.person.birth_date");
  EXPECT_THAT(Violations("person { birth_date { year: 2026 month: 9 day: 6 } }"), birth_date);
  EXPECT_THAT(Violations("person { birth_date { year: 2026 month: 10 } }"), birth_date);
  EXPECT_THAT(Violations("person { birth_date { year: 2027 } }"), birth_date);
  EXPECT_THAT(Violations("birth_year: 2027"), ElementsAre("learner.birth_year"));
}

TEST(Person, IsNotBornBefore1890) {
  EXPECT_THAT(Violations("birth_year: 1890"), IsEmpty());
  EXPECT_THAT(Violations("birth_year: 1889"), ElementsAre("learner.birth_year"));
  EXPECT_THAT(Violations("person { birth_date { year: 1889 } }"),
              ElementsAre("learner.person.birth_date"));
}

TEST(Person, IsBornOnADayThatExists) {
  const auto birth_date = ElementsAre("learner.person.birth_date");
  EXPECT_THAT(Violations("person { birth_date { year: 2015 month: 2 day: 29 } }"), birth_date);
  EXPECT_THAT(Violations("person { birth_date { year: 2015 month: 13 } }"), birth_date);
  EXPECT_THAT(Violations("person { birth_date { year: 2015 day: 7 } }"), birth_date);
  EXPECT_THAT(Violations("person { birth_date { month: 2 day: 7 } }"), birth_date);
}

TEST(Person, HasOneYearOfBirth) {
  EXPECT_THAT(Violations("birth_year: 2014 person { birth_date { year: 2015 } }"),
              ElementsAre("learner.birth_year"));
  EXPECT_THAT(Violations("birth_year: 2015 person { birth_date { year: 2015 } }"), IsEmpty());
}

TEST(Person, HasANationalIdOfTwelveDigits) {
  const auto national_id = ElementsAre("learner.person.national_id");
  EXPECT_THAT(Violations("person { national_id: '001215000001' }"), IsEmpty());
  EXPECT_THAT(Violations("person { national_id: '00121500001' }"), national_id);
  EXPECT_THAT(Violations("person { national_id: '0012150000011' }"), national_id);
  EXPECT_THAT(Violations("person { national_id: '00121500000x' }"), national_id);
}

TEST(Person, MayHaveANationalIdThatAgrees) {
  EXPECT_THAT(Warnings("sex: SEX_MALE person { national_id: '001215000001' birth_date { year: 2015 "
                       "month: 3 day: 7 } }"),
              IsEmpty());
  EXPECT_THAT(Warnings("sex: SEX_FEMALE birth_year: 1952 person { national_id: '001152000001' }"),
              IsEmpty());
}

TEST(Person, IsWarnedOfWhenTheNationalIdContradictsTheSex) {
  EXPECT_THAT(Warnings("sex: SEX_FEMALE person { national_id: '001215000001' }"),
              ElementsAre("learner.person.national_id"));
}

TEST(Person, IsWarnedOfWhenTheNationalIdContradictsTheYearOfBirth) {
  EXPECT_THAT(Warnings("birth_year: 1915 person { national_id: '001215000001' }"),
              ElementsAre("learner.person.national_id"));
  EXPECT_THAT(Warnings("person { national_id: '001215000001' birth_date { year: 2014 } }"),
              ElementsAre("learner.person.national_id"));
}

TEST(Person, GivesTheYearOfBirthFromTheBirthDate) {
  auto learner = FromText<Learner>("person { birth_date { year: 2015 month: 3 day: 7 } }");
  EXPECT_EQ(BirthYearOf(PapersOf(learner)), 2015);
  learner = FromText<Learner>("birth_year: 1952 person { full_name: 'Lan' }");
  EXPECT_EQ(BirthYearOf(PapersOf(learner)), 1952);
}

}  // namespace
}  // namespace learncity::persons
