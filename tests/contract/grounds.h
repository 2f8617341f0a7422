// What the examples' requests name, made through the same methods as anybody.
#pragma once

#include <string>

#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {

// Each call makes a new one and returns its name once every service has followed. One thread.
class Grounds {
 public:
  explicit Grounds(TestCity& city) : city_(city) {}

  // What is made from here on is in another unit and at another center than before.
  void GoElsewhere();

  std::string Unit();
  std::string Center(type::v1::CenterKind kind = type::v1::CENTER_KIND_COMMUNITY_LEARNING_CENTER);
  std::string UnitAct();
  std::string Accreditation();
  std::string UnitCount();
  // A course from 2026-10-01 to 2026-12-20.
  std::string Offering(int seats = 30);
  std::string Learner();
  std::string Staff();
  std::string Enrollment();
  std::string Certificate();
  std::string Award();
  // Of a family, for the year 2026.
  std::string Recognition();
  std::string Report();
  std::string Recount();
  // Of a report as of 2026-10-15.
  std::string Draft();
  // Of the literacy rate, for the year 2025.
  std::string Observation();

  // Requests that are accepted. Without request_id.
  registry::v1::OpenUnitRequest NewUnit();
  registry::v1::OpenCenterRequest NewCenter(type::v1::CenterKind kind);
  registry::v1::RecordUnitActRequest NewUnitAct();
  registry::v1::GrantAccreditationRequest NewAccreditation();
  registry::v1::RecordUnitCountRequest NewUnitCount();
  enrollment::v1::OpenOfferingRequest NewOffering(int seats);
  // Somebody with every personal field and a national id of their own, who came to the center where
  // offerings are.
  enrollment::v1::RegisterLearnerRequest NewLearner();
  enrollment::v1::UpdateLearnerRequest NewLearnerUpdate();
  registry::v1::EmployStaffRequest NewStaff();
  achievements::v1::RecordAwardRequest NewAward();
  enrollment::v1::EnrollLearnerRequest NewEnrollment();
  achievements::v1::GrantRecognitionRequest NewRecognition();
  reporting::v1::FreezeReportRequest NewReport();
  reporting::v1::DraftReportRequest NewDraft();
  reporting::v1::RecordObservationRequest NewObservation();

 private:
  // The center where offerings are.
  const std::string& HomeCenter();
  // The name of what an accepted request made.
  std::string Made(google::protobuf::Message& request);

  TestCity& city_;
  std::string unit_;
  std::string center_;
  int made_ = 0;
};

}  // namespace learncity::contract
