// Guarantee 10: what is personal stands nowhere in the clear, and once erased nothing opens it.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/feed/v1/feed.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"
#include "platform/testing/read_file.h"
#include "platform/testing/text.h"
#include "services/enrollment/tables.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
using ::testing::HasSubstr;

constexpr int kLearners = 3;
const google::type::Date kBirthDate = DateOf("1986-03-08");

std::string NationalId(int i) { return Concat("00118699731", i); }

// What must be found nowhere, under a name that may be printed.
std::map<std::string, std::string> Canaries() {
  std::map<std::string, std::string> canaries = {
      {"full_name", "Tên Hoàng Yến"},         {"address", "Địa chỉ Hoàng Yến"},
      {"phone", "+84 997 731 997"},           {"disability", "Khuyết tật Hoàng Yến"},
      {"disadvantage", "Khó khăn Hoàng Yến"}, {"birth_date", kBirthDate.SerializeAsString()}};
  for (int i = 0; i < kLearners; ++i) canaries[Concat("national_id ", i)] = NationalId(i);
  return canaries;
}

enroll::RegisterLearnerRequest Canary(int i) {
  const auto canaries = Canaries();
  auto request = FromText<enroll::RegisterLearnerRequest>("learner { sex: SEX_FEMALE }");
  auto& person = *request.mutable_learner()->mutable_person();
  person.set_full_name(canaries.at("full_name"));
  *person.mutable_birth_date() = kBirthDate;
  person.set_national_id(NationalId(i));
  person.set_address(canaries.at("address"));
  person.set_phone(canaries.at("phone"));
  person.set_disability(canaries.at("disability"));
  person.set_disadvantage(canaries.at("disadvantage"));
  Name(&request);
  return request;
}

// Fails for each canary that stands in `bytes`.
void ExpectClean(const std::string& where, const std::string& bytes) {
  for (const auto& [name, canary] : Canaries()) {
    EXPECT_EQ(bytes.find(canary), std::string::npos) << name << " stands in " << where;
  }
}

class Privacy : public testing::Test {
 protected:
  void ExpectCleanFiles() {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(city_.folder())) {
      const std::string bytes = ReadFile(entry.path());
      ExpectClean(entry.path().filename(), bytes);
      all += bytes;
    }
    // What may be found is: the title of the offering.
    EXPECT_NE(all.find("May vá cho người mới"), std::string::npos);
  }

  void ExpectCleanEverywhere() {
    ExpectCleanFiles();
    ExpectClean("/metrics", city_.Http("/metrics"));
    for (const std::string& line : log_.lines()) ExpectClean("a log line", line);
  }

  enroll::Learner Get(const std::string& name) {
    enroll::GetLearnerRequest get;
    get.set_name(name);
    return city_.Call(get, TokenOf("clerk")).As<enroll::Learner>();
  }

  // The sealed bytes as the ledger holds them.
  std::string SealedOf(const std::string& name) {
    auto reader = city_.city().enrollment().readers().Mine();
    const auto& table = *enrollment::EnrollmentSchema().ByDocument(enroll::Learner::descriptor());
    const auto row = (*reader)->Get(table, IdOf(name));
    enroll::Learner learner;
    LEARNCITY_CHECK(row.ok() && row->has_value() && learner.ParseFromString((*row)->bytes));
    return learner.sealed_person();
  }

  // Every figure, without how far the feeds were.
  std::vector<std::string> Figures() {
    city_.Settle();
    std::vector<std::string> figures;
    for (const auto& indicator : city_.foundations().catalogue.indicators()) {
      reporting::v1::EvaluateIndicatorRequest request;
      request.set_name(Concat("indicators/", indicator.code()));
      auto evaluation = city_.Call(request).As<reporting::v1::Evaluation>();
      evaluation.clear_positions();
      figures.push_back(evaluation.DebugString());
    }
    return figures;
  }

  std::string RegisterInClass(int i, const std::string& offering) {
    const Reply reply = city_.Call(Canary(i));
    LEARNCITY_CHECK(reply.ok()) << reply.status.error_message();
    enroll::EnrollLearnerRequest request;
    request.set_learner(reply.name());
    request.set_offering(offering);
    Name(&request);
    EXPECT_TRUE(city_.Call(request).ok());
    return reply.name();
  }

  telemetry::CapturedLog log_;
  TestCity city_;
  Grounds grounds_{city_};
};

TEST_F(Privacy, WhatIsErasedIsReadableNowhereAndFiguresStay) {
  auto request = grounds_.NewOffering(10);
  auto& offering = *request.mutable_offering();
  offering.set_center(
      grounds_.Center(type::v1::CENTER_KIND_VOCATIONAL_CONTINUING_EDUCATION_CENTER));
  offering.set_kind(type::v1::OFFERING_KIND_CONTINUING_CLASS);
  offering.set_isced_level(type::v1::ISCED_LEVEL_3);
  offering.set_grade(10);
  offering.set_school_year("2026-2027");
  Name(&request);
  const std::string grade_ten = city_.Call(request).name();
  std::vector<std::string> learners, sealed;
  for (int i = 0; i < kLearners; ++i) {
    learners.push_back(RegisterInClass(i, grade_ten));
    sealed.push_back(SealedOf(learners.back()));
    // So that the canaries are there to be found.
    EXPECT_EQ(Get(learners.back()).person().national_id(), NationalId(i));
    EXPECT_TRUE(city_.city().keys().Open(IdOf(learners.back()), sealed.back()).ok());
  }
  const auto figures = Figures();
  EXPECT_THAT(figures.front(), HasSubstr("numerator: 3"));
  ExpectCleanEverywhere();

  for (const std::string& name : learners) {
    enroll::EraseLearnerRequest erase;
    erase.set_name(name);
    Name(&erase);
    ASSERT_TRUE(city_.Call(erase).ok());
    city_.Settle();
  }
  for (size_t i = 0; i < learners.size(); ++i) {
    const auto erased = Get(learners[i]);
    EXPECT_EQ(erased.state(), enroll::Learner::STATE_ERASED);
    EXPECT_TRUE(erased.erasure_confirmed());
    EXPECT_FALSE(erased.has_person());
    const auto opened = city_.city().keys().Open(IdOf(learners[i]), sealed[i]);
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kNotFound);
  }
  EXPECT_EQ(Figures(), figures);
  ExpectCleanEverywhere();
  // Nor once the logs of writes have gone into the files.
  city_.Stop();
  ExpectCleanFiles();
  city_.Start();
  EXPECT_EQ(Figures(), figures);
}

TEST_F(Privacy, AnErasedNationalIdIsFree) {
  const std::string first = city_.Call(Canary(0)).name();
  EXPECT_EQ(city_.Call(Canary(0)).reason(), "NATIONAL_ID_TAKEN");
  enroll::EraseLearnerRequest erase;
  erase.set_name(first);
  Name(&erase);
  ASSERT_TRUE(city_.Call(erase).ok());
  city_.Settle();
  const Reply second = city_.Call(Canary(0));
  ASSERT_TRUE(second.ok()) << second.status.error_message();
  EXPECT_NE(second.name(), first);
}

registry::v1::EmployStaffRequest StaffCanary(Grounds& grounds) {
  const auto canaries = Canaries();
  auto request = grounds.NewStaff();
  auto& person = *request.mutable_staff()->mutable_person();
  person.set_full_name(canaries.at("full_name"));
  *person.mutable_birth_date() = kBirthDate;
  person.set_national_id(NationalId(0));
  person.set_phone(canaries.at("phone"));
  Name(&request);
  return request;
}

TEST_F(Privacy, OfStaffIsKeptAsThatOfLearnersIs) {
  grounds_.Offering();
  // A teacher may be a learner too.
  ASSERT_TRUE(city_.Call(Canary(0)).ok());
  const Reply employed = city_.Call(StaffCanary(grounds_));
  ASSERT_TRUE(employed.ok()) << employed.status.error_message();
  EXPECT_EQ(city_.Call(StaffCanary(grounds_)).reason(), "NATIONAL_ID_TAKEN");
  registry::v1::GetStaffRequest get;
  get.set_name(employed.name());
  EXPECT_EQ(city_.Call(get).As<registry::v1::Staff>().person().national_id(), NationalId(0));
  feed::v1::ReadRequest read;
  read.set_feed("registry");
  read.set_epoch(1);
  const std::string feed = city_.Call(read).message->SerializeAsString();
  EXPECT_THAT(feed, HasSubstr("StaffEvent"));
  ExpectClean("the feed", feed);
  ExpectCleanEverywhere();

  registry::v1::EraseStaffRequest erase;
  erase.set_name(employed.name());
  Name(&erase);
  ASSERT_TRUE(city_.Call(erase).ok());
  city_.Settle();
  const auto erased = city_.Call(get).As<registry::v1::Staff>();
  EXPECT_TRUE(erased.erasure_confirmed());
  EXPECT_FALSE(erased.has_person());
  EXPECT_FALSE(city_.city().staff_keys().HasKey(IdOf(erased.name())).value());
  ExpectCleanEverywhere();
  EXPECT_TRUE(city_.Call(StaffCanary(grounds_)).ok()) << "the national id is free";
}

TEST_F(Privacy, WhatIsStatedAnewIsSealedToo) {
  grounds_.Offering();
  auto learner = grounds_.NewLearner();
  learner.mutable_learner()->clear_person();
  Name(&learner);
  enroll::UpdateLearnerRequest update;
  *update.mutable_learner() = Canary(1).learner();
  update.mutable_learner()->set_name(city_.Call(learner).name());
  update.mutable_update_mask()->add_paths("person");
  Name(&update);
  const Reply updated = city_.Call(update);
  ASSERT_TRUE(updated.ok()) << updated.status.error_message();
  EXPECT_EQ(Get(updated.name()).person().national_id(), NationalId(1));
  EXPECT_EQ(Get(updated.name()).birth_year(), 1986);
  EXPECT_EQ(city_.Call(Canary(1)).reason(), "NATIONAL_ID_TAKEN");
  ExpectCleanEverywhere();
}

TEST_F(Privacy, NothingPersonalIsInWhatIsRefused) {
  grounds_.Offering();
  // Every refusal that meets personal fields, and the texts it answers with.
  auto request = Canary(0);
  ASSERT_TRUE(city_.Call(request).ok());
  std::vector<Reply> refused;
  refused.push_back(city_.Call(Canary(0)));
  request = Canary(1);
  request.mutable_learner()->set_unit("units/99999-20250701");
  refused.push_back(city_.Call(request));
  request = Canary(1);
  request.mutable_learner()->set_birth_year(1990);
  refused.push_back(city_.Call(request));
  request = Canary(1);
  request.mutable_learner()->mutable_person()->set_phone(Canaries().at("address"));
  refused.push_back(city_.Call(request));
  for (const Reply& reply : refused) {
    EXPECT_FALSE(reply.ok());
    ExpectClean("a refusal", reply.status.error_message() + reply.status.error_details());
  }
  ExpectCleanEverywhere();
}

TEST_F(Privacy, WhoOpensAPersonIsInTheLog) {
  const std::string name = city_.Call(Canary(0)).name();
  const size_t before = log_.lines().size();
  Get(name);
  const auto lines = log_.lines();
  ASSERT_GT(lines.size(), before);
  EXPECT_THAT(lines.back(), HasSubstr("personal_data_opened"));
  EXPECT_THAT(lines.back(), HasSubstr("\"caller\":\"clerk-1\""));
  EXPECT_THAT(lines.back(), HasSubstr(name));
}

}  // namespace
}  // namespace learncity::contract
