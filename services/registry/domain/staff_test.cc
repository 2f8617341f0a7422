#include "services/registry/domain/staff.h"

#include <gtest/gtest.h>

#include "platform/testing/scenario.h"
#include "services/registry/tables.h"

namespace learncity::registry::v1 {
namespace {

constexpr char kCenter[] = "centers/01980000-0000-7000-8000-00000000000c";
constexpr char kHoa[] = "staff/01980000-0000-7000-8000-00000000001a";

class StaffTest : public testing::Test {
 protected:
  StaffTest() {
    s.Given(kCenter, FromText<CenterEvent>(R"pb(
              opened {
                center {
                  name: "centers/01980000-0000-7000-8000-00000000000c"
                  kind: CENTER_KIND_PRIMARY_SCHOOL
                  unit: "units/00004-20250701"
                  valid_from { year: 2025 month: 9 day: 1 }
                }
              }
            )pb"))
        .At("2026-10-15T02:00:00Z");
  }

  static EmployStaffRequest Employing() {
    return FromText<EmployStaffRequest>(R"pb(
      staff {
        name: "staff/01980000-0000-7000-8000-00000000001a"
        sealed_person: "sealed"
        center: "centers/01980000-0000-7000-8000-00000000000c"
        position: STAFF_POSITION_TEACHER
        qualification: QUALIFICATION_COLLEGE
        subject: "Toán"
        sex: SEX_FEMALE
        birth_year: 1986
        valid_from { year: 2026 month: 9 day: 1 }
      }
    )pb");
  }
  static StaffEvent Employed() {
    StaffEvent event;
    Staff& staff = *event.mutable_employed()->mutable_staff();
    staff = Employing().staff();
    staff.set_state(Staff::STATE_ACTIVE);
    staff.mutable_create_time()->set_seconds(1792029600);
    return event;
  }
  static StaffEvent Ended(const std::string& day) {
    StaffEvent event;
    *event.mutable_ended()->mutable_valid_to() = DateOf(day);
    return event;
  }
  static StaffEvent Erased() {
    return FromText<StaffEvent>("erased { erase_time { seconds: 1792029600 } }");
  }

  Scenario s{RegistrySchema()};
};

using EmployStaff = StaffTest;

TEST_F(EmployStaff, KeepsWhatIsKnown) {
  s.When<EmployCase>(Employing()).Then({{kHoa, Employed()}});
}

TEST_F(EmployStaff, MayBeginToday) {
  auto request = Employing();
  *request.mutable_staff()->mutable_valid_from() = DateOf("2026-10-15");
  EXPECT_FALSE(s.When<EmployCase>(request).refused());
}

TEST_F(EmployStaff, IsRefusedForADayThatHasNotCome) {
  auto request = Employing();
  *request.mutable_staff()->mutable_valid_from() = DateOf("2026-10-16");
  s.When<EmployCase>(request).ThenRefused(DATE_IN_FUTURE);
}

TEST_F(EmployStaff, IsRefusedForADayOnWhichTheCenterIsNotOpen) {
  auto request = Employing();
  *request.mutable_staff()->mutable_valid_from() = DateOf("2025-08-31");
  s.When<EmployCase>(request).ThenRefused(CENTER_NOT_OPEN);
  s.Given(kCenter, FromText<CenterEvent>("closed { valid_to { year: 2026 month: 9 day: 1 } }"));
  s.When<EmployCase>(Employing()).ThenRefused(CENTER_NOT_OPEN);
}

TEST_F(EmployStaff, IsRefusedWhenTheCenterIsUnknown) {
  auto request = Employing();
  request.mutable_staff()->set_center("centers/01980000-0000-7000-8000-0000000000ff");
  s.When<EmployCase>(request).ThenNotFound(request.staff().center());
}

// The ledger has forgotten its answer, and the key store gives the same request the same person.
TEST_F(EmployStaff, IsRefusedWhenTheRequestRecordedThePersonBefore) {
  s.Given(kHoa, Employed());
  s.When<EmployCase>(Employing()).ThenRefused(STAFF_EXISTS);
}

class UpdateStaff : public StaffTest {
 protected:
  UpdateStaff() { s.Given(kHoa, Employed()); }

  static UpdateStaffRequest Request(const std::vector<std::string>& paths) {
    auto request = FromText<UpdateStaffRequest>(R"pb(
      staff {
        name: "staff/01980000-0000-7000-8000-00000000001a"
        position: STAFF_POSITION_LEADER
        qualification: QUALIFICATION_MASTER
        birth_year: 1987
      }
    )pb");
    for (const auto& path : paths) request.mutable_update_mask()->add_paths(path);
    return request;
  }
};

TEST_F(UpdateStaff, StatesAnewWhatTheMaskNamesAndLeavesTheRest) {
  StaffEvent expected;
  Staff& staff = *expected.mutable_updated()->mutable_staff();
  staff = Employed().employed().staff();
  staff.set_qualification(QUALIFICATION_MASTER);
  staff.clear_subject();
  s.When<UpdateStaffCase>(Request({"qualification", "subject"})).Then({{kHoa, expected}});
  EXPECT_FALSE(s.When<UpdateStaffCase>(Request({"position", "birth_year", "sex"})).refused());
  EXPECT_EQ(s.Get<Staff>(kHoa).position(), STAFF_POSITION_LEADER);
  EXPECT_EQ(s.Get<Staff>(kHoa).birth_year(), 1987);
  EXPECT_EQ(s.Get<Staff>(kHoa).sex(), type::v1::SEX_UNSPECIFIED);
  EXPECT_EQ(s.Get<Staff>(kHoa).sealed_person(), "sealed");
}

TEST_F(UpdateStaff, MayCorrectWhoHasLeft) {
  s.Given(kHoa, Ended("2026-10-01"));
  EXPECT_FALSE(s.When<UpdateStaffCase>(Request({"qualification"})).refused());
  EXPECT_TRUE(s.Get<Staff>(kHoa).has_valid_to());
}

TEST_F(UpdateStaff, IsRefusedWhenThePersonIsErased) {
  s.Given(kHoa, Erased());
  s.When<UpdateStaffCase>(Request({"qualification"})).ThenRefused(STAFF_ERASED);
}

TEST_F(UpdateStaff, IsRefusedWhenThePersonIsUnknown) {
  auto request = Request({"qualification"});
  request.mutable_staff()->set_name("staff/01980000-0000-7000-8000-0000000000ff");
  s.When<UpdateStaffCase>(request).ThenNotFound(request.staff().name());
}

class EndEmployment : public StaffTest {
 protected:
  EndEmployment() { s.Given(kHoa, Employed()); }

  static EndEmploymentRequest Request(const std::string& day) {
    EndEmploymentRequest request;
    request.set_name(kHoa);
    if (!day.empty()) *request.mutable_valid_to() = DateOf(day);
    return request;
  }
};

TEST_F(EndEmployment, SaysFromWhichDayOn) {
  s.When<EndEmploymentCase>(Request("2026-10-01")).Then({{kHoa, Ended("2026-10-01")}});
}

TEST_F(EndEmployment, IsTodayUnlessSaid) {
  s.When<EndEmploymentCase>(Request("")).Then({{kHoa, Ended("2026-10-15")}});
}

TEST_F(EndEmployment, MayBeTomorrow) {
  EXPECT_FALSE(s.When<EndEmploymentCase>(Request("2026-10-16")).refused());
}

TEST_F(EndEmployment, OfWhoNeverCameIsOnTheFirstDay) {
  EXPECT_FALSE(s.When<EndEmploymentCase>(Request("2026-09-01")).refused());
}

TEST_F(EndEmployment, IsRefusedBeforeTheFirstDay) {
  s.When<EndEmploymentCase>(Request("2026-08-31")).ThenRefused(VALIDITY_EMPTY);
}

TEST_F(EndEmployment, IsRefusedAfterTomorrow) {
  s.When<EndEmploymentCase>(Request("2026-10-17")).ThenRefused(DATE_IN_FUTURE);
}

TEST_F(EndEmployment, IsRefusedOnceItHasEnded) {
  s.Given(kHoa, Ended("2026-10-01"));
  s.When<EndEmploymentCase>(Request("2026-10-02")).ThenRefused(EMPLOYMENT_ENDED);
}

TEST_F(EndEmployment, IsRecordedOfWhoWasErased) {
  s.Given(kHoa, Erased());
  EXPECT_FALSE(s.When<EndEmploymentCase>(Request("2026-10-01")).refused());
}

class EraseStaff : public StaffTest {
 protected:
  EraseStaff() { s.Given(kHoa, Employed()); }

  static EraseStaffRequest Request() {
    EraseStaffRequest request;
    request.set_name(kHoa);
    return request;
  }
};

TEST_F(EraseStaff, DropsTheSealedPersonAndKeepsWhatFiguresNeed) {
  s.When<EraseStaffCase>(Request()).Then({{kHoa, Erased()}});
  const auto& staff = s.Get<Staff>(kHoa);
  EXPECT_EQ(staff.state(), Staff::STATE_ERASED);
  EXPECT_EQ(staff.sealed_person(), "");
  EXPECT_EQ(staff.qualification(), QUALIFICATION_COLLEGE);
}

TEST_F(EraseStaff, IsDueUntilTheKeyIsGone) {
  EXPECT_EQ(ErasureDue(s.Get<Staff>(kHoa)), std::nullopt);
  s.Given(kHoa, Erased());
  s.WhenDue<Staff>(kHoa, DecideErasureConfirmed)
      .Then({{kHoa, FromText<StaffEvent>("erasure_confirmed {}")}});
  EXPECT_EQ(ErasureDue(s.Get<Staff>(kHoa)), std::nullopt);
}

TEST_F(EraseStaff, IsRefusedWhenThePersonIsErased) {
  s.Given(kHoa, Erased());
  s.When<EraseStaffCase>(Request()).ThenRefused(STAFF_ERASED);
}

}  // namespace
}  // namespace learncity::registry::v1
