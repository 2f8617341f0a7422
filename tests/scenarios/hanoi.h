// The words of the scenarios: a small city in which people and centers do what they do, each by the
// method that anybody would call, and whose figures can be read on any day.
//
// Every sentence waits until the whole city knows of it. One that is refused although the scenario
// did not expect it ends the test.
#pragma once

#include <string>

#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
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
};

struct Days {
  std::string from;
  std::string to;
};

// One thread.
class Hanoi {
 public:
  // A city in which it is that day.
  explicit Hanoi(const std::string& today) : city_({.today = today, .limits = {}}) {}
  void ItIs(const std::string& day) { city_.clock().SetTo(day); }

  // Each returns the name of what is there now.
  std::string Ward(const std::string& code, const std::string& name);
  std::string CommunityCenter(const std::string& name, const std::string& ward);
  std::string VocationalAndContinuingCenter(const std::string& name, const std::string& ward);
  std::string LowerSecondarySchool(const std::string& name, const std::string& ward);
  std::string GradeClass(const std::string& center, int grade, int seats,
                         const std::string& school_year);
  std::string Course(const std::string& title, const std::string& center, int seats, Days days);

  std::string Registers(const Person& person);
  std::string Enrolls(const std::string& learner, const std::string& in);
  // Why a seat is refused, as "OFFERING_FULL"; empty when it is given.
  std::string TriesToEnroll(const std::string& learner, const std::string& in);
  void Withdraws(const std::string& enrollment);
  void Completes(const std::string& enrollment);

  // The certificates of an enrollment, which nobody asked for.
  std::vector<achievements::v1::Certificate> CertificatesOf(const std::string& enrollment);
  enrollment::v1::Learner Sees(const std::string& learner);

  std::string FreezesReport(const std::string& title, const std::string& as_of);
  reporting::v1::Report Reads(const std::string& report);

  // Learners in formal education at a level on a day, of one sex or of all.
  int64_t EnrolledAt(type::v1::IscedLevel level, const std::string& day);
  int64_t EnrolledAt(type::v1::IscedLevel level, type::v1::Sex sex, const std::string& day);
  // The total of an indicator, as "OAEPG.2.GPV".
  reporting::v1::Figure FigureOf(const std::string& indicator, const std::string& day);

  // How many things do not agree with each other; 0 is proof.
  size_t Divergences();
  contract::TestCity& city() { return city_; }

 private:
  contract::Reply Does(google::protobuf::Message& request);
  std::string Center(const std::string& name, const std::string& ward, type::v1::CenterKind kind);
  reporting::v1::Evaluation Evaluate(const std::string& indicator, const std::string& day);

  contract::TestCity city_;
};

}  // namespace learncity::scenarios
