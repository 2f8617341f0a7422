// Who may do what: every method against every role, with what is expected written out here. Where
// in the city they may is in scope_test.cc.
#include <algorithm>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/feed/v1/feed.pb.h"
#include "platform/rpc/access.h"
#include "platform/rpc/resource_fields.h"
#include "platform/rpc/roles.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "tests/contract/access_table.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
using grpc::StatusCode;
using ::testing::HasSubstr;
using ::testing::Not;

// Who may call each method. A new method needs a row here, decided by a person.
const std::map<std::string, Roles>& Expected() {
  static const Roles kRegistryReaders = {
      "registrar", "clerk", "learning_promoter", "statistician", "auditor", "service", "learner"};
  static const Roles kStaffReaders = {"registrar", "privacy_officer", "auditor", "service"};
  static const Roles kLearnerReaders = {"clerk", "privacy_officer", "auditor", "service",
                                        "learner"};
  static const Roles kClerkWorkReaders = {"clerk", "auditor", "service", "learner"};
  static const Roles kAchievementReaders = {"clerk", "learning_promoter", "auditor", "service",
                                            "learner"};
  static const Roles kFigureReaders = {"statistician", "auditor", "operator", "service"};
  static const std::map<std::string, Roles> rows = {
      {"RegistryService.OpenUnit", {"registrar"}},
      {"RegistryService.GetUnit", kRegistryReaders},
      {"RegistryService.ListUnits", kRegistryReaders},
      {"RegistryService.OpenCenter", {"registrar"}},
      {"RegistryService.GetCenter", kRegistryReaders},
      {"RegistryService.ListCenters", kRegistryReaders},
      {"RegistryService.SearchUnits", kRegistryReaders},
      {"RegistryService.SearchCenters", kRegistryReaders},
      {"RegistryService.RecordUnitAct", {"registrar"}},
      {"RegistryService.GetUnitAct", kRegistryReaders},
      {"RegistryService.ListUnitActs", kRegistryReaders},
      {"RegistryService.MoveCenter", {"registrar"}},
      {"RegistryService.CloseCenter", {"registrar"}},
      {"RegistryService.GrantAccreditation", {"registrar"}},
      {"RegistryService.WithdrawAccreditation", {"registrar"}},
      {"RegistryService.GetAccreditation", kRegistryReaders},
      {"RegistryService.ListAccreditations", kRegistryReaders},
      {"RegistryService.RecordUnitCount", {"registrar"}},
      {"RegistryService.GetUnitCount", kRegistryReaders},
      {"RegistryService.ListUnitCounts", kRegistryReaders},
      {"RegistryService.EmployStaff", {"registrar"}},
      {"RegistryService.UpdateStaff", {"registrar"}},
      {"RegistryService.EndEmployment", {"registrar"}},
      {"RegistryService.EraseStaff", {"privacy_officer"}},
      {"RegistryService.GetStaff", kStaffReaders},
      {"RegistryService.ListStaff", kStaffReaders},
      {"EnrollmentService.RegisterLearner", {"clerk"}},
      {"EnrollmentService.UpdateLearner", {"clerk"}},
      {"EnrollmentService.GetLearner", kLearnerReaders},
      {"EnrollmentService.ListLearners", kLearnerReaders},
      {"EnrollmentService.EraseLearner", {"privacy_officer"}},
      {"EnrollmentService.MatchLearner", {"clerk"}},
      {"EnrollmentService.ImportEnrollments", {"clerk"}},
      {"EnrollmentService.OpenOffering", {"clerk"}},
      {"EnrollmentService.GetOffering", kClerkWorkReaders},
      {"EnrollmentService.ListOfferings", kClerkWorkReaders},
      {"EnrollmentService.EnrollLearner", {"clerk"}},
      {"EnrollmentService.CompleteEnrollment", {"clerk"}},
      {"EnrollmentService.TransferEnrollment", {"clerk"}},
      {"EnrollmentService.WithdrawEnrollment", {"clerk"}},
      {"EnrollmentService.GetEnrollment", kClerkWorkReaders},
      {"EnrollmentService.ListEnrollments", kClerkWorkReaders},
      {"EnrollmentService.UpdateLearner", {"clerk"}},
      {"EnrollmentService.MatchLearner", {"clerk"}},
      {"EnrollmentService.ImportEnrollments", {"clerk"}},
      {"AchievementsService.GetCertificate", kAchievementReaders},
      {"AchievementsService.ListCertificates", kAchievementReaders},
      {"AchievementsService.RecordAward", {"clerk"}},
      {"AchievementsService.WithdrawAward", {"clerk"}},
      {"AchievementsService.GetAward", kAchievementReaders},
      {"AchievementsService.ListAwards", kAchievementReaders},
      {"AchievementsService.GrantRecognition", {"learning_promoter"}},
      {"AchievementsService.RenewRecognition", {"learning_promoter"}},
      {"AchievementsService.WithdrawRecognition", {"learning_promoter"}},
      {"AchievementsService.GetRecognition", kAchievementReaders},
      {"AchievementsService.ListRecognitions", kAchievementReaders},
      {"ReportingService.ListIndicators", kFigureReaders},
      {"ReportingService.EvaluateIndicator", kFigureReaders},
      {"ReportingService.GetOverview", kFigureReaders},
      {"ReportingService.WatchOverview", kFigureReaders},
      {"ReportingService.FreezeReport", {"statistician"}},
      {"ReportingService.GetReport", kFigureReaders},
      {"ReportingService.ListReports", kFigureReaders},
      {"ReportingService.DraftReport", {"statistician"}},
      {"ReportingService.ReviseReport", {"statistician"}},
      {"ReportingService.FinalizeReport", {"statistician"}},
      {"ReportingService.RecordObservation", {"statistician"}},
      {"ReportingService.WithdrawObservation", {"statistician"}},
      {"ReportingService.GetObservation", kFigureReaders},
      {"ReportingService.ListObservations", kFigureReaders},
      {"ReportingService.GetOverview", kFigureReaders},
      {"ReportingService.WatchOverview", kFigureReaders},
      {"ReportingService.StartRecount", {"statistician"}},
      {"ReportingService.GetRecount", kFigureReaders},
      {"ReportingService.ListRecounts", kFigureReaders},
      {"FeedService.Read", {"auditor", "operator", "service"}},
      {"FeedService.GetHead", {"auditor", "operator", "service"}},
      {"FeedService.Await",
       {"registrar", "clerk", "learning_promoter", "statistician", "operator", "service",
        "learner"}},
  };
  return rows;
}

TEST(Access, HasARowForEveryMethodAndNoOther) {
  std::set<std::string> methods, rows;
  for (const auto* method : EveryMethod()) methods.insert(ShortName(*method));
  for (const auto& [method, roles] : Expected()) {
    rows.insert(method);
    for (const std::string& role : roles) EXPECT_NE(rpc::FindRole(role), nullptr) << role;
  }
  EXPECT_EQ(methods, rows);
}

TEST(Access, IsAsTheTableSaysForEveryMethodAndRole) {
  TestCity city;
  Grounds grounds(city);
  for (const auto* method : EveryMethod()) {
    const auto row = Expected().find(ShortName(*method));
    const Example* example = FindExample(*method);
    ASSERT_NE(row, Expected().end()) << method->full_name();
    if (example == nullptr) continue;
    auto request = example->make(grounds);
    Name(request.get());
    const std::string heads = city.Heads();
    for (const rpc::Role& role : rpc::AllRoles()) {
      SCOPED_TRACE(Concat(row->first, " by ", role.name));
      if (row->second.contains(std::string(role.name))) continue;
      const Reply reply = city.Call(*request, TokenOf(std::string(role.name)));
      EXPECT_EQ(reply.status.error_code(), StatusCode::PERMISSION_DENIED);
      EXPECT_EQ(reply.reason(), "PERMISSION_DENIED");
      const auto* name = request->GetDescriptor()->FindFieldByName("name");
      EXPECT_EQ(
          reply.status.error_message(),
          Concat("Permission '", *rpc::PermissionOf(*method), "' denied on resource '",
                 name != nullptr ? rpc::TextOf(*request, "name") : method->service()->full_name(),
                 "' (or it might not exist)."));
    }
    EXPECT_EQ(city.Heads(), heads) << row->first << ": a denied call has changed something";
    for (const std::string& role : row->second) {
      // Only persons themselves, which scope_test.cc is about.
      if (role == rpc::kLearnerRole) continue;
      SCOPED_TRACE(Concat(row->first, " by ", role));
      const Reply reply = city.Call(*request, TokenOf(role));
      EXPECT_TRUE(reply.ok()) << reply.status.error_message();
    }
  }
}

TEST(Access, IsRefusedToEverybodyWhoIsNotKnown) {
  TestCity city;
  const std::string heads = city.Heads();
  for (const auto* method : EveryMethod()) {
    SCOPED_TRACE(ShortName(*method));
    const auto request = New(method->input_type());
    const Reply nobody = city.Call(*request, "");
    EXPECT_EQ(nobody.status.error_code(), StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(nobody.reason(), "TOKEN_MISSING");
    const Reply stranger = city.Call(*request, "token-of-nobody-1");
    EXPECT_EQ(stranger.status.error_code(), StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(stranger.reason(), "TOKEN_UNKNOWN");
    EXPECT_THAT(stranger.status.error_message(), Not(HasSubstr("token-of-nobody-1")));
  }
  EXPECT_EQ(city.Heads(), heads);
}

TEST(Access, TellsNothingOfARequestBeforeItHasLetTheCallerIn) {
  TestCity city;
  // A request that is all wrong: an auditor hears only that it is not for them.
  const Reply reply = city.Call(registry::v1::OpenUnitRequest(), TokenOf("auditor"));
  EXPECT_EQ(reply.status.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(reply.details().violations.field_violations_size(), 0);
}

TEST(PersonalData, IsShownOnlyToThoseWhoMaySeePersons) {
  TestCity city;
  Grounds grounds(city);
  const std::string name = grounds.Learner();
  enroll::GetLearnerRequest get;
  get.set_name(name);
  for (const std::string& role : Expected().at("EnrollmentService.GetLearner")) {
    if (role == rpc::kLearnerRole) continue;
    SCOPED_TRACE(role);
    const Reply reply = city.Call(get, TokenOf(role));
    ASSERT_TRUE(reply.ok());
    const auto& learner = reply.As<enroll::Learner>();
    const bool may_see = role == "clerk" || role == "privacy_officer";
    EXPECT_EQ(learner.has_person(), may_see);
    EXPECT_EQ(learner.person().full_name(), may_see ? "Nguyễn Thị Lan" : "");
    EXPECT_EQ(learner.birth_year(), 1986);

    const Reply list = city.Call(enroll::ListLearnersRequest(), TokenOf(role));
    for (const auto& listed : list.As<enroll::ListLearnersResponse>().learners()) {
      EXPECT_FALSE(listed.has_person());
    }
  }
}

TEST(PersonalData, OfStaffIsShownOnlyToThoseWhoMaySeeThem) {
  TestCity city;
  Grounds grounds(city);
  registry::v1::GetStaffRequest get;
  get.set_name(grounds.Staff());
  for (const std::string& role : Expected().at("RegistryService.GetStaff")) {
    SCOPED_TRACE(role);
    const Reply reply = city.Call(get, TokenOf(role));
    ASSERT_TRUE(reply.ok());
    const auto& staff = reply.As<registry::v1::Staff>();
    const bool may_see = role == "registrar" || role == "privacy_officer";
    EXPECT_EQ(staff.person().full_name(), may_see ? "Phạm Thị Hoa" : "");
    EXPECT_EQ(staff.birth_year(), 1985);

    const Reply list = city.Call(registry::v1::ListStaffRequest(), TokenOf(role));
    ASSERT_EQ(list.As<registry::v1::ListStaffResponse>().staff_size(), 1);
    EXPECT_FALSE(list.As<registry::v1::ListStaffResponse>().staff(0).has_person());
  }
}

TEST(PersonalData, IsInNoFeed) {
  TestCity city;
  Grounds grounds(city);
  grounds.Certificate();
  grounds.Report();
  grounds.Staff();
  auto update = grounds.NewLearnerUpdate();
  Name(&update);
  ASSERT_TRUE(city.Call(update).ok());
  for (host::Host* host : city.city().hosts()) {
    feed::v1::ReadRequest read;
    read.set_feed(host->service());
    read.set_epoch(1);
    const Reply reply = city.Call(read);
    ASSERT_TRUE(reply.ok()) << reply.status.error_message();
    const std::string bytes = reply.message->SerializeAsString();
    for (const std::string word : {"Nguyễn", "Đội Cấn", "0912345678", "khiếm", "nghèo", "001186",
                                   "Phạm", "0998765432", "999185"}) {
      EXPECT_EQ(bytes.find(word), std::string::npos) << word << " stands in " << host->service();
    }
  }
}

}  // namespace

const std::map<std::string, Roles>& RolesThatMay() { return Expected(); }

}  // namespace learncity::contract
