#include "services/learncity/demo/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "learncity/feed/v1/feed.grpc.pb.h"
#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/mutex.h"

namespace learncity::demo {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;
namespace en = enrollment::v1;
namespace re = registry::v1;

// What the fake services share: each request_id makes one resource, however often it comes. Called
// from gRPC's threads.
class Ledger {
 public:
  // The next request that carries this id is answered so, each status once.
  void Answer(const std::string& request_id, std::vector<grpc::Status> statuses) {
    MutexLock lock(&mutex_);
    scripts_[request_id] = std::move(statuses);
  }
  std::vector<std::string> calls() {
    MutexLock lock(&mutex_);
    return calls_;
  }
  std::set<std::string> tokens() {
    MutexLock lock(&mutex_);
    return tokens_;
  }
  size_t resources() {
    MutexLock lock(&mutex_);
    return names_.size();
  }

  // `what` is what the test looks at, as "EnrollLearner learners/1 offerings/2".
  grpc::Status Take(grpc::CallbackServerContext* context, const std::string& feed,
                    const std::string& collection, const std::string& request_id,
                    const std::string& what, std::string* name) {
    MutexLock lock(&mutex_);
    for (const auto& [key, value] : context->client_metadata()) {
      if (key == "authorization") tokens_.insert(std::string(value.data(), value.size()));
    }
    calls_.push_back(what);
    auto& script = scripts_[request_id];
    if (!script.empty()) {
      const grpc::Status status = script.front();
      script.erase(script.begin());
      if (!status.ok()) return status;
    }
    const auto [made, is_new] = names_.try_emplace(request_id);
    if (is_new) made->second = Concat(collection, "/", request_id);
    *name = made->second;
    const int64_t position = ++positions_[feed];
    context->AddTrailingMetadata("learncity-position", Concat(feed, "/1/", position));
    return grpc::Status::OK;
  }
  int64_t position(const std::string& feed) {
    MutexLock lock(&mutex_);
    return positions_[feed];
  }

 private:
  Mutex mutex_;
  std::map<std::string, std::vector<grpc::Status>> scripts_ LEARNCITY_GUARDED_BY(mutex_);
  std::map<std::string, std::string> names_ LEARNCITY_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> positions_ LEARNCITY_GUARDED_BY(mutex_);
  std::vector<std::string> calls_ LEARNCITY_GUARDED_BY(mutex_);
  std::set<std::string> tokens_ LEARNCITY_GUARDED_BY(mutex_);
};

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

class FakeRegistry final : public re::RegistryService::CallbackService {
 public:
  explicit FakeRegistry(Ledger& ledger) : ledger_(ledger) {}
  grpc::ServerUnaryReactor* OpenUnit(grpc::CallbackServerContext* context,
                                     const re::OpenUnitRequest* request, re::Unit* unit) override {
    return Finish(context, ledger_.Take(context, "registry", "units", request->request_id(),
                                        "OpenUnit", unit->mutable_name()));
  }
  grpc::ServerUnaryReactor* OpenCenter(grpc::CallbackServerContext* context,
                                       const re::OpenCenterRequest* request,
                                       re::Center* center) override {
    return Finish(context, ledger_.Take(context, "registry", "centers", request->request_id(),
                                        Concat("OpenCenter in ", request->center().unit()),
                                        center->mutable_name()));
  }

 private:
  Ledger& ledger_;
};

class FakeEnrollment final : public en::EnrollmentService::CallbackService {
 public:
  explicit FakeEnrollment(Ledger& ledger) : ledger_(ledger) {}
  grpc::ServerUnaryReactor* RegisterLearner(grpc::CallbackServerContext* context,
                                            const en::RegisterLearnerRequest* request,
                                            en::Learner* learner) override {
    return Take(context, "learners", *request,
                Concat("RegisterLearner of ", request->learner().unit()), learner);
  }
  grpc::ServerUnaryReactor* OpenOffering(grpc::CallbackServerContext* context,
                                         const en::OpenOfferingRequest* request,
                                         en::Offering* offering) override {
    return Take(context, "offerings", *request,
                Concat("OpenOffering at ", request->offering().center()), offering);
  }
  grpc::ServerUnaryReactor* EnrollLearner(grpc::CallbackServerContext* context,
                                          const en::EnrollLearnerRequest* request,
                                          en::Enrollment* enrollment) override {
    return Take(context, "enrollments", *request,
                Concat("EnrollLearner ", request->learner(), " in ", request->offering()),
                enrollment);
  }
  grpc::ServerUnaryReactor* CompleteEnrollment(grpc::CallbackServerContext* context,
                                               const en::CompleteEnrollmentRequest* request,
                                               en::Enrollment* enrollment) override {
    return Take(context, "enrollments", *request, Concat("CompleteEnrollment ", request->name()),
                enrollment);
  }
  grpc::ServerUnaryReactor* WithdrawEnrollment(grpc::CallbackServerContext* context,
                                               const en::WithdrawEnrollmentRequest* request,
                                               en::Enrollment* enrollment) override {
    return Take(context, "enrollments", *request, Concat("WithdrawEnrollment ", request->name()),
                enrollment);
  }

 private:
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Take(grpc::CallbackServerContext* context, const char* collection,
                                 const Request& request, const std::string& what,
                                 Response* response) {
    return Finish(context, ledger_.Take(context, "enrollment", collection, request.request_id(),
                                        what, response->mutable_name()));
  }

  Ledger& ledger_;
};

class FakeFeed final : public feed::v1::FeedService::CallbackService {
 public:
  explicit FakeFeed(Ledger& ledger) : ledger_(ledger) {}
  grpc::ServerUnaryReactor* Await(grpc::CallbackServerContext* context,
                                  const feed::v1::AwaitRequest* request,
                                  feed::v1::AwaitResponse*) override {
    std::string ignored;
    EXPECT_EQ(request->position(), ledger_.position(request->feed()));
    return Finish(context, ledger_.Take(context, "none", "none",
                                        Concat(request->follower(), "<", request->feed()),
                                        Concat("Await ", request->follower(), " on ",
                                               request->feed(), "/", request->epoch()),
                                        &ignored));
  }

 private:
  Ledger& ledger_;
};

// The first center has a course that its learner has completed, the second one that its learner
// has left.
CenterActivity Activity(size_t i) {
  CenterActivity activity{.center = i};
  activity.offerings.emplace_back().set_request_id(Concat("o", i));
  PlannedLearner& learner = activity.learners.emplace_back();
  learner.request.set_request_id(Concat("l", i));
  if (i == 0) learner.unit = 1;
  PlannedEnrollment& enrollment = learner.enrollments.emplace_back();
  enrollment.request.set_request_id(Concat("e", i));
  if (i == 0) enrollment.completion.emplace().set_request_id("done0");
  if (i == 1) enrollment.withdrawal.emplace().set_request_id("left1");
  return activity;
}

// Two units with a center each.
Plan SmallPlan() {
  Plan plan;
  plan.units.resize(2);
  plan.places = {"units/u0", "units/u1"};
  plan.centers.resize(2);
  plan.centers[1].unit = 1;
  for (size_t i = 0; i < 2; ++i) {
    plan.units[i].set_request_id(Concat("u", i));
    plan.centers[i].request.set_request_id(Concat("c", i));
    plan.centers[i].request.mutable_center()->set_display_name(Concat("Trường ", i));
  }
  plan.learners = 2;
  plan.activities = 2;
  plan.activity = Activity;
  return plan;
}

class LoadingACity : public testing::Test {
 protected:
  LoadingACity() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&registry_);
    builder.RegisterService(&enrollment_);
    builder.RegisterService(&feed_);
    server_ = builder.BuildAndStart();
  }

  absl::StatusOr<Summary> Load() {
    Progress progress(shown_, false);
    LoadOptions options{.token = "a development token"};
    // One at a time: calls come in the order of the plan.
    options.calls.in_flight_max = in_flight_max_;
    options.calls.backoff_first = milliseconds(1);
    return LoadCity(plan_, rpc::Peers(server_->InProcessChannel({})), options, progress);
  }
  static const StageSummary& Of(const Summary& summary, const std::string& stage) {
    for (const auto& one : summary.stages) {
      if (one.stage == stage) return one;
    }
    LEARNCITY_CHECK(false) << stage;
    return summary.stages.front();
  }
  static grpc::Status Refused(const std::string& reason, const std::string& resource) {
    return rpc::ToStatus(
        {.domain = "test.learncity", .reason = reason, .message = "No.", .resource = resource});
  }

  Plan plan_ = SmallPlan();
  int in_flight_max_ = 1;
  Ledger ledger_;
  FakeRegistry registry_{ledger_};
  FakeEnrollment enrollment_{ledger_};
  FakeFeed feed_{ledger_};
  std::ostringstream shown_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(LoadingACity, GoesStageByStageAndCenterByCenterAndNamesWhatWasMade) {
  const auto summary = Load();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(
      ledger_.calls(),
      ElementsAre("OpenUnit", "OpenUnit", "OpenCenter in units/u0", "OpenCenter in units/u1",
                  "Await enrollment on registry/1", "OpenOffering at centers/c0",
                  "RegisterLearner of units/u1", "EnrollLearner learners/l0 in offerings/o0",
                  "CompleteEnrollment enrollments/e0", "OpenOffering at centers/c1",
                  "RegisterLearner of ", "EnrollLearner learners/l1 in offerings/o1",
                  "WithdrawEnrollment enrollments/e1", "Await achievements on registry/1",
                  "Await achievements on enrollment/1", "Await reporting on registry/1",
                  "Await reporting on enrollment/1"));
  EXPECT_THAT(ledger_.tokens(), ElementsAre("Bearer a development token"));
  EXPECT_EQ(Of(*summary, "learners").done, 2);
  EXPECT_EQ(Of(*summary, "withdrawals").done, 1);
  EXPECT_THAT(shown_.str(), HasSubstr("  learners                                 2 of 2  "));
}

TEST_F(LoadingACity, RepeatsRatherThanDoubles) {
  ASSERT_TRUE(Load().ok());
  const size_t resources = ledger_.resources();
  const auto again = Load();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ledger_.resources(), resources);
  EXPECT_EQ(Of(*again, "enrollments").done, 2);
}

TEST_F(LoadingACity, TriesAgainWhatMayPass) {
  ledger_.Answer("l1", {{grpc::StatusCode::UNAVAILABLE, "starting"},
                        {grpc::StatusCode::RESOURCE_EXHAUSTED, "queue full"}});
  const auto summary = Load();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(Of(*summary, "learners").retries, 2);
  EXPECT_EQ(Of(*summary, "offerings").retries, 0);
}

TEST_F(LoadingACity, CountsAFullOfferingAndSkipsWhatFollowsFromIt) {
  ledger_.Answer("e0", {Refused("OFFERING_FULL", "offerings/o0")});
  const auto summary = Load();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(Of(*summary, "enrollments").refused, UnorderedElementsAre(Pair("OFFERING_FULL", 1)));
  EXPECT_EQ(Of(*summary, "enrollments").done, 1);
  EXPECT_EQ(Of(*summary, "completions").skipped, 1);
  EXPECT_EQ(Of(*summary, "withdrawals").done, 1);
  EXPECT_THAT(
      SummaryText(*summary),
      testing::EndsWith(" s\n"
                        "  enrollments: 1 refused, OFFERING_FULL\n"
                        "  completions: 1 skipped, since what they are about was refused\n"));
}

TEST_F(LoadingACity, UsesUnitsThatAreThereAndGoesOnWithoutLearnersThatAre) {
  ledger_.Answer("u1", {Refused("UNIT_EXISTS", "units/00004-20250701")});
  ledger_.Answer("l1", {Refused("NATIONAL_ID_TAKEN", "")});
  const auto summary = Load();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(Of(*summary, "units").refused.at("UNIT_EXISTS"), 1);
  EXPECT_THAT(ledger_.calls(), testing::Contains("OpenCenter in units/u1"));
  EXPECT_EQ(Of(*summary, "enrollments").skipped, 1);
  EXPECT_EQ(Of(*summary, "withdrawals").skipped, 1);
}

TEST_F(LoadingACity, StopsAtAnyOtherFailureAndSaysWhich) {
  google::rpc::BadRequest violations;
  rpc::AddViolation(&violations, "center.kind", "REQUIRED", "must be given");
  ledger_.Answer("c1", {rpc::ToStatus(violations)});
  const auto summary = Load();
  EXPECT_EQ(summary.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(summary.status().message()),
            "OpenCenter of number 2 of the 2 centers failed with INVALID_ARGUMENT: center.kind "
            "must be given. [FIELDS_INVALID of rpc.learncity]\n"
            "  center.kind must be given");
  EXPECT_THAT(ledger_.calls(), testing::SizeIs(4));
}

// With calls to spare the next centers begin while answers of the first are awaited, but never so
// many that a whole city would stand in memory.
TEST_F(LoadingACity, PlansNoMoreCentersThanFillTheCallsInFlight) {
  constexpr size_t kCenters = 40;
  std::set<size_t> begun;
  size_t planned_before_first_end = 0;
  plan_.activities = kCenters;
  plan_.learners = kCenters;
  plan_.centers.resize(kCenters);
  for (size_t i = 0; i < kCenters; ++i) plan_.centers[i].request.set_request_id(Concat("c", i));
  plan_.activity = [&](size_t i) {
    EXPECT_TRUE(begun.insert(i).second) << "center " << i << " is planned once";
    const auto calls = ledger_.calls();
    if (std::count(calls.begin(), calls.end(), "CompleteEnrollment enrollments/e0") == 0) {
      planned_before_first_end = begun.size();
    }
    return Activity(i);
  };
  in_flight_max_ = 4;
  const auto summary = Load();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(Of(*summary, "enrollments").done, static_cast<int64_t>(kCenters));
  EXPECT_EQ(begun.size(), kCenters);
  // Each center that has begun has a call under way or one that waits.
  EXPECT_GT(planned_before_first_end, 1u);
  EXPECT_LT(planned_before_first_end, kCenters / 2);
}

TEST_F(LoadingACity, WaitsOnForAFollowerThatIsLate) {
  ledger_.Answer("reporting<enrollment", {{grpc::StatusCode::DEADLINE_EXCEEDED, "late"},
                                          {grpc::StatusCode::DEADLINE_EXCEEDED, "late"}});
  const auto summary = Load();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(ledger_.calls(), testing::SizeIs(19));
}

}  // namespace
}  // namespace learncity::demo
