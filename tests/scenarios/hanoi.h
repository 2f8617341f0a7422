// The words of the scenarios: a small city in which people and centers do what they do, each by the
// method that anybody would call, and whose figures can be read on any day.
//
// Every sentence waits until the whole city knows of it. One that is refused although the scenario
// did not expect it ends the test.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "tests/contract/test_city.h"

namespace learncity::scenarios {

// What is known of somebody; everything may be missing.
struct Person {
  std::string name;
  // "1986-03-08".
  std::string born;
  // For who knows only the year.
  int birth_year = 0;
  type::v1::Sex sex = type::v1::SEX_UNSPECIFIED;
  std::string national_id;
  std::string ward;
  type::v1::YesNo has_disability = type::v1::YES_NO_UNSPECIFIED;
};

// First and last day.
struct Days {
  std::string from;
  std::string to;
};

// A decision that holds from a day up to, not including, another.
struct Term {
  std::string decision;
  std::string from;
  std::string until;
};

// A commune that others become on a day.
struct Merged {
  std::string code;
  std::string name;
  std::string on;
};

// What was won, by whom, and by how many whom the city does not know. Several win as a team.
struct Win {
  achievements::v1::AwardLevel level;
  std::string competition;
  std::string subject;
  int year = 0;
  achievements::v1::AwardRank rank;
  std::vector<std::string> winners;
  int others = 0;
};

// One thread.
class Hanoi {
 public:
  // A city in which it is that day.
  explicit Hanoi(const std::string& today) : city_({.today = today, .limits = {}}) {}
  void ItIs(const std::string& day) { city_.clock().SetTo(day); }

  // Each returns the name of what is there now.
  std::string Ward(const std::string& code, const std::string& name);
  std::string Commune(const std::string& code, const std::string& name);
  // One act ends the communes; the one that they become takes over all of each.
  std::string Merges(const std::vector<std::string>& communes, const Merged& into);
  // So many live in the commune on that day, as an estimate or a register has it.
  void HasInhabitants(const std::string& commune, int64_t count, const std::string& on,
                      bool is_estimated = false);
  std::string CommunityCenter(const std::string& name, const std::string& ward);
  std::string VocationalAndContinuingCenter(const std::string& name, const std::string& ward);
  std::string LiteracyProvider(const std::string& name, const std::string& ward);
  // Schools are the state's.
  std::string PrimarySchool(const std::string& name, const std::string& ward);
  std::string LowerSecondarySchool(const std::string& name, const std::string& ward);
  void Moves(const std::string& center, const std::string& to, const std::string& on);
  // The school meets the national standard at level 1.
  void Accredits(const std::string& school, const Term& term);
  registry::v1::Placement PlaceOf(const std::string& center, const std::string& day);

  // From September 5th to May 31st; of a school a school's class, elsewhere a continuing one.
  std::string GradeClass(const std::string& center, int grade, int seats,
                         const std::string& school_year);
  std::string Course(const std::string& title, const std::string& center, int seats, Days days);
  std::string VocationalCourse(const std::string& title, const std::string& center, int seats,
                               Days days);
  std::string LiteracyClass(type::v1::LiteracyStage stage, const std::string& center, int seats,
                            Days days);

  std::string Registers(const Person& person);
  // Papers are found, or somebody asks: what of the person is given is what is known from now on.
  void LearnsMoreOf(const std::string& learner, const Person& person);
  // The learner was registered a second time, and is the other.
  void IsFoundToBe(const std::string& learner, const std::string& other);
  // Why it is not recorded; empty when it is.
  std::string TriesToBe(const std::string& learner, const std::string& other);
  std::string Enrolls(const std::string& learner, const std::string& in);
  // Why a seat is refused, as "OFFERING_FULL"; empty when it is given.
  std::string TriesToEnroll(const std::string& learner, const std::string& in);
  // The learner waits for a seat: none is free.
  std::string WaitsFor(const std::string& learner, const std::string& in);
  // Returns once the learner who waited has a seat, which nobody asks for again.
  void GetsSeat(const std::string& enrollment);
  // The enrollment in the class in which the learner goes on.
  std::string Transfers(const std::string& enrollment, const std::string& to);
  void Withdraws(const std::string& enrollment);
  void Completes(const std::string& enrollment);
  enrollment::v1::Enrollment::State StateOf(const std::string& enrollment);
  enrollment::v1::Learner Sees(const std::string& learner);
  enrollment::v1::Offering SeatsOf(const std::string& offering);

  // The certificates of an enrollment, which nobody asked for.
  std::vector<achievements::v1::Certificate> CertificatesOf(const std::string& enrollment);
  // The family with that number in its ward is a learning family.
  std::string RecognisesFamily(const std::string& ward, const std::string& number, int points,
                               const Term& term);
  // Why it is not; empty when it is.
  std::string TriesToRecogniseFamily(const std::string& ward, const std::string& number, int points,
                                     const Term& term);
  // From the end of the running period up to, not including, that day.
  void Renews(const std::string& recognition, int points, const std::string& decision,
              const std::string& until);
  void EndsRecognition(const std::string& recognition, const std::string& on);
  std::string Wins(const Win& win);
  void TakesBack(const std::string& award, const std::string& from);

  std::string FreezesReport(const std::string& title, const std::string& as_of);
  reporting::v1::Report Reads(const std::string& report);
  // The value of an observed indicator, as "LR.AG15T99", in a calendar year.
  std::string Observes(const std::string& indicator, int year, double value,
                       const std::string& source);
  void TakesObservationBack(const std::string& observation);
  std::string DraftsReport(const std::string& title, const std::string& as_of,
                           const reporting::v1::ReportSection& section);
  void Revises(const std::string& report, const std::string& title, const std::string& as_of,
               const reporting::v1::ReportSection& section);
  void Finalizes(const std::string& report);
  // The reason why it does not become final; empty when it does.
  std::string TriesToFinalize(const std::string& report);

  // Learners in formal education at a level on a day, of one sex or of all.
  int64_t EnrolledAt(type::v1::IscedLevel level, const std::string& day);
  int64_t EnrolledAt(type::v1::IscedLevel level, type::v1::Sex sex, const std::string& day);
  // The total of an indicator, as "OAEPG.2.GPV".
  reporting::v1::Figure FigureOf(const std::string& indicator, const std::string& day);
  // What it is in one unit; aborts where that is none of the day's.
  reporting::v1::Figure FigureOfUnit(const std::string& indicator, const std::string& unit,
                                     const std::string& day);
  // The units of the day, in the order in which their figures come.
  std::vector<std::string> UnitsOf(const std::string& indicator, const std::string& day);
  // Credentials of a kind that were issued in the year of the day.
  int64_t Credentials(type::v1::CredentialKind kind, const std::string& day);

  // How many things do not agree with each other; 0 is proof.
  size_t Divergences();
  contract::TestCity& city() { return city_; }

 private:
  contract::Reply Does(google::protobuf::Message& request);
  // The reason when it is refused, else empty.
  std::string Tries(google::protobuf::Message& request);
  std::string Unit(registry::v1::UnitType type, const std::string& code, const std::string& name);
  std::string Center(const std::string& name, const std::string& ward, type::v1::CenterKind kind,
                     type::v1::Ownership ownership = type::v1::OWNERSHIP_UNSPECIFIED);
  std::string School(const std::string& name, const std::string& ward, type::v1::CenterKind kind);
  std::string Opens(enrollment::v1::OpenOfferingRequest& request, int seats, const Days& days);
  reporting::v1::Evaluation Evaluate(const std::string& indicator, const std::string& day);

  contract::TestCity city_;
  std::set<std::string> schools_;
};

}  // namespace learncity::scenarios
