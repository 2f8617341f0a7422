// Streams over the whole city: an import that is repeated or broken off doubles nothing, seats are
// not oversold by it, and whoever watches the overview sees what has changed.
#include <map>

#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "learncity/reporting/v1/reporting_service.grpc.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/proof.h"
#include "tests/contract/at_once.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
namespace rep = reporting::v1;

using Rows = std::vector<enroll::ImportEnrollmentsRequest>;

std::unique_ptr<grpc::ClientContext> ContextOf(const std::string& role) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kCallTime);
  context->AddMetadata("authorization", Concat("Bearer ", TokenOf(role)));
  return context;
}

class ImportEnrollments : public testing::Test {
 protected:
  using Results = std::map<std::string, enroll::ImportEnrollmentsResponse>;

  // Each of another learner.
  Rows NewRows(int count, const std::string& offering) {
    Rows rows;
    for (int i = 0; i < count; ++i) {
      auto& row = rows.emplace_back();
      row.mutable_enrollment()->set_learner(grounds_.Learner());
      row.mutable_enrollment()->set_offering(offering);
      Name(&row);
    }
    return rows;
  }

  // All rows, each once; by request_id.
  Results Import(const Rows& rows) {
    const auto context = ContextOf("clerk");
    const auto stub = enroll::EnrollmentService::NewStub(city_.NewChannel());
    const auto stream = stub->ImportEnrollments(context.get());
    // So few that they fit into what is on its way.
    for (const auto& row : rows) stream->Write(row);
    stream->WritesDone();
    Results results;
    enroll::ImportEnrollmentsResponse result;
    while (stream->Read(&result)) {
      EXPECT_TRUE(results.emplace(result.request_id(), result).second) << "answered twice";
    }
    EXPECT_TRUE(stream->Finish().ok());
    EXPECT_EQ(results.size(), rows.size());
    return results;
  }

  int Taken(const std::string& offering) {
    enroll::GetOfferingRequest get;
    get.set_name(offering);
    return city_.Call(get).As<enroll::Offering>().taken();
  }

  // Everything in the city agrees with everything else.
  void ExpectProof() {
    city_.Settle();
    const auto proof = Prove(city_.city(), city_.foundations());
    ASSERT_TRUE(proof.ok()) << std::string(proof.status().message());
    EXPECT_EQ(proof->divergences(), 0u);
  }

  TestCity city_;
  Grounds grounds_{city_};
};

TEST_F(ImportEnrollments, RepeatedAsAWholeGivesTheSameEnrollments) {
  const std::string offering = grounds_.Offering();
  const Rows rows = NewRows(20, offering);
  const Results first = Import(rows);
  const std::string heads = city_.Heads();
  const Results again = Import(rows);
  for (const auto& [id, result] : first) {
    ASSERT_TRUE(result.has_enrollment()) << result.error().message();
    EXPECT_EQ(again.at(id).enrollment().name(), result.enrollment().name());
  }
  EXPECT_EQ(city_.Heads(), heads);
  EXPECT_EQ(Taken(offering), 20);
}

TEST_F(ImportEnrollments, OversellsNothingHoweverManyImportAtOnce) {
  const std::string offering = grounds_.Offering(/*seats=*/15);
  constexpr int kImports = 3;
  std::vector<Rows> rows;
  for (int i = 0; i < kImports; ++i) rows.push_back(NewRows(10, offering));
  std::vector<Results> results(kImports);
  AtOnce(kImports,
         [&](int i) { results[static_cast<size_t>(i)] = Import(rows[static_cast<size_t>(i)]); });
  int enrolled = 0;
  for (const Results& import : results) {
    for (const auto& [id, result] : import) {
      enrolled += result.has_enrollment() ? 1 : 0;
      if (result.has_enrollment()) continue;
      EXPECT_EQ(result.error().code(), grpc::StatusCode::FAILED_PRECONDITION);
    }
  }
  EXPECT_EQ(enrolled, 15);
  EXPECT_EQ(Taken(offering), 15);
  ExpectProof();
}

TEST_F(ImportEnrollments, BrokenOffInTheMiddleAndSentAgainDoublesNothing) {
  const std::string offering = grounds_.Offering(/*seats=*/60);
  const Rows rows = NewRows(40, offering);
  Results before;
  {
    const auto context = ContextOf("clerk");
    const auto stub = enroll::EnrollmentService::NewStub(city_.NewChannel());
    const auto stream = stub->ImportEnrollments(context.get());
    for (int i = 0; i < 25; ++i) ASSERT_TRUE(stream->Write(rows[static_cast<size_t>(i)]));
    for (int i = 0; i < 5; ++i) {
      enroll::ImportEnrollmentsResponse result;
      ASSERT_TRUE(stream->Read(&result));
      before[result.request_id()] = result;
    }
    context->TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  // Whatever of it happened has happened whole.
  ExpectProof();
  EXPECT_GE(Taken(offering), 5);
  EXPECT_LE(Taken(offering), 25);
  const Results after = Import(rows);
  for (const auto& [id, result] : after) {
    ASSERT_TRUE(result.has_enrollment()) << result.error().message();
    if (before.contains(id)) {
      EXPECT_EQ(before.at(id).enrollment().name(), result.enrollment().name());
    }
  }
  EXPECT_EQ(Taken(offering), 40);
  ExpectProof();
}

TEST_F(ImportEnrollments, MayBeSentAgainRowByRow) {
  const Rows rows = NewRows(3, grounds_.Offering());
  const Results imported = Import(rows);
  for (const auto& row : rows) {
    const Reply reply = city_.Call(row.enrollment());
    ASSERT_TRUE(reply.ok()) << reply.status.error_message();
    EXPECT_EQ(reply.name(), imported.at(RequestIdOf(row)).enrollment().name());
  }
}

// Somebody who watches the overview.
class Watching {
 public:
  explicit Watching(const TestCity& city)
      : context_(ContextOf("statistician")),
        stub_(rep::ReportingService::NewStub(city.NewChannel())),
        reader_(stub_->WatchOverview(context_.get(), {})) {}

  rep::Overview Next() {
    rep::WatchOverviewResponse response;
    EXPECT_TRUE(reader_->Read(&response)) << reader_->Finish().error_message();
    return response.overview();
  }
  // Reads on until an indicator has that numerator.
  bool Until(const std::string& indicator, int64_t numerator) {
    rep::WatchOverviewResponse response;
    while (reader_->Read(&response)) {
      for (const auto& number : response.overview().numbers()) {
        if (number.indicator() == indicator && number.figure().numerator() == numerator) {
          return true;
        }
      }
    }
    return false;
  }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<rep::ReportingService::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<rep::WatchOverviewResponse>> reader_;
};

TEST(Overview, ChangesForAllWhoWatchAfterAnEnrollment) {
  TestCity city;
  Grounds grounds(city);
  auto school_class = grounds.NewOffering(/*seats=*/30);
  auto& offering = *school_class.mutable_offering();
  offering.set_center(grounds.Center(type::v1::CENTER_KIND_PRIMARY_SCHOOL));
  offering.set_kind(type::v1::OFFERING_KIND_SCHOOL_CLASS);
  offering.set_isced_level(type::v1::ISCED_LEVEL_1);
  offering.set_grade(1);
  offering.set_school_year("2026-2027");
  Name(&school_class);
  const Reply opened = city.Call(school_class);
  ASSERT_TRUE(opened.ok()) << opened.status.error_message();
  Watching one(city), other(city);
  EXPECT_EQ(one.Next().numbers(0).figure().numerator(), 0);
  EXPECT_EQ(other.Next().numbers(0).figure().numerator(), 0);
  for (const int pupils : {1, 2}) {
    enroll::EnrollLearnerRequest enroll;
    enroll.set_learner(grounds.Learner());
    enroll.set_offering(opened.name());
    Name(&enroll);
    const Reply enrolled = city.Call(enroll);
    ASSERT_TRUE(enrolled.ok()) << enrolled.status.error_message();
    EXPECT_TRUE(one.Until("indicators/STU.PER", pupils));
    EXPECT_TRUE(other.Until("indicators/STU.PER", pupils));
  }
}

TEST(Overview, IsTheTotalOfEveryIndicatorToday) {
  TestCity city;
  Grounds grounds(city);
  grounds.Enrollment();
  grounds.Recognition();
  const auto overview = city.Call(rep::GetOverviewRequest()).As<rep::Overview>();
  const auto listed =
      city.Call(rep::ListIndicatorsRequest()).As<rep::ListIndicatorsResponse>().indicators();
  ASSERT_EQ(overview.numbers_size(), listed.size());
  for (int i = 0; i < listed.size(); ++i) {
    rep::EvaluateIndicatorRequest evaluate;
    evaluate.set_name(listed[i].name());
    const Reply alone = city.Call(evaluate);
    EXPECT_EQ(overview.numbers(i).indicator(), listed[i].name());
    EXPECT_EQ(overview.numbers(i).figure().ShortDebugString(),
              alone.As<rep::Evaluation>().figures(0).ShortDebugString());
  }
  EXPECT_EQ(overview.positions_size(), 3);
}

}  // namespace
}  // namespace learncity::contract
