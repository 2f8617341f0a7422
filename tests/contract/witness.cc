#include "tests/contract/witness.h"

#include <chrono>
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/feed/v1/feed.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
using google::protobuf::Message;

// What was away is back within this.
constexpr std::chrono::seconds kBackTime{20};

// How many resources a list holds over all its pages.
template <class Request, class Response, class Items>
size_t CountAll(const rpc::Peers& city, const Items& items) {
  Request request;
  request.set_page_size(1000);
  size_t count = 0;
  do {
    const Reply reply = Ask(city, request);
    EXPECT_TRUE(reply.ok()) << reply.status.error_message();
    count += static_cast<size_t>(items(reply.As<Response>()).size());
    request.set_page_token(reply.As<Response>().next_page_token());
  } while (!request.page_token().empty());
  return count;
}

}  // namespace

bool Witness::WriteNext(const rpc::Peers& city, Asking ask) {
  Sent& sent = sent_.emplace_back();
  sent.request = Next();
  Name(sent.request.get());
  const Reply reply = ask(city, *sent.request);
  if (!reply.ok()) {
    EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAVAILABLE)
        << reply.status.error_message();
    failure_ = Concat(sent.request->GetTypeName(), ": ", reply.status.error_message());
    return false;
  }
  sent.name = reply.name();
  sent.at = reply.at();
  if (sent.name.starts_with("learners/")) learner_ = sent.name;
  return true;
}

Reply Ask(const rpc::Peers& city, const Message& request) {
  const std::string token = TokenOf(RoleFor(MethodOf(request)));
  return Send(city.Of(FeedOf(MethodOf(request))), request, token);
}

Reply AskAgain(const rpc::Peers& city, const Message& request) {
  const auto deadline = std::chrono::steady_clock::now() + kBackTime;
  Reply reply = Ask(city, request);
  while (reply.status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         std::chrono::steady_clock::now() < deadline) {
    reply = Ask(city, request);
  }
  return reply;
}

void Witness::WriteUntilItFails(const rpc::Peers& city, std::atomic<int>& answered) {
  while (WriteNext(city, Ask)) {
    ++answered;
    answered.notify_all();
  }
}

void Witness::Write(const rpc::Peers& city, int count) {
  for (; count > 0; --count) ASSERT_TRUE(WriteNext(city, Ask)) << failure_;
}

void Witness::WriteOne(const rpc::Peers& city, std::atomic<int>& ended) {
  EXPECT_TRUE(WriteNext(city, AskAgain)) << failure_;
  ++ended;
  ended.notify_all();
}

void Witness::RepeatLastRound(const rpc::Peers& city) {
  for (; repeated_ < sent_.size(); ++repeated_) {
    Sent& sent = sent_[repeated_];
    const Reply reply = AskAgain(city, *sent.request);
    ASSERT_TRUE(reply.ok()) << sent.request->GetTypeName() << ": " << reply.status.error_message();
    if (!sent.name.empty()) {
      EXPECT_EQ(reply.name(), sent.name) << "an answered write is lost";
      EXPECT_GE(reply.at(), sent.at);
    }
    sent.name = reply.name();
  }
}

std::unique_ptr<Message> Witness::Next() {
  const int made = ++made_;
  if (made % 3 == 1 || learner_.empty()) {
    auto request = std::make_unique<enroll::RegisterLearnerRequest>();
    auto& person = *request->mutable_learner()->mutable_person();
    person.set_full_name(Concat(kWitnessName, " ", number_, "-", made));
    person.set_national_id(Concat("00118", number_, 100000 + made));
    return request;
  }
  if (made % 3 == 2) {
    auto request = FromText<registry::v1::OpenUnitRequest>(
        "unit { display_name: 'Phường' type: UNIT_TYPE_WARD"
        "       valid_from { year: 2025 month: 7 day: 1 } }");
    request.mutable_unit()->set_code(std::to_string(number_ * 10000 + made));
    return std::make_unique<registry::v1::OpenUnitRequest>(request);
  }
  auto request = std::make_unique<enroll::EnrollLearnerRequest>();
  request->set_learner(learner_);
  request->set_offering(offering_);
  learner_.clear();
  return request;
}

std::string OpenOffering(const rpc::Peers& city) {
  auto unit = FromText<registry::v1::OpenUnitRequest>(
      "unit { code: '00004' display_name: 'Phường Ba Đình' type: UNIT_TYPE_WARD"
      "       valid_from { year: 2025 month: 7 day: 1 } }");
  Name(&unit);
  auto center = FromText<registry::v1::OpenCenterRequest>(
      "center { display_name: 'Trung tâm' kind: CENTER_KIND_COMMUNITY_LEARNING_CENTER"
      "         valid_from { year: 2025 month: 7 day: 1 } unit: 'units/00004-20250701' }");
  Name(&center);
  EXPECT_TRUE(Ask(city, unit).ok());
  auto offering = FromText<enroll::OpenOfferingRequest>(
      "offering { display_name: 'May' kind: OFFERING_KIND_COMMUNITY_COURSE seats: 100000"
      "  start_date { year: 2026 month: 1 day: 1 } end_date { year: 2099 month: 1 day: 1 } }");
  offering.mutable_offering()->set_center(Ask(city, center).name());
  Name(&offering);
  auto await = FromText<feed::v1::AwaitRequest>(
      "follower: 'enrollment' feed: 'registry' epoch: 1 position: 2");
  EXPECT_TRUE(Send(city.Of("enrollment"), await, TokenOf("clerk")).ok());
  const Reply reply = Ask(city, offering);
  EXPECT_TRUE(reply.ok()) << reply.status.error_message();
  return reply.name();
}

void ExpectEverythingOnce(const rpc::Peers& city, const std::vector<Witness>& witnesses,
                          const std::string& offering) {
  std::map<std::string, std::set<std::string>> names;
  size_t sent = 0;
  for (const Witness& witness : witnesses) {
    for (const Sent& one : witness.sent()) {
      names[one.name.substr(0, one.name.find('/'))].insert(one.name);
      ++sent;
    }
  }
  EXPECT_EQ(names["learners"].size() + names["units"].size() + names["enrollments"].size(), sent);
  const auto learners = CountAll<enroll::ListLearnersRequest, enroll::ListLearnersResponse>(
      city, [](const auto& r) { return r.learners(); });
  const auto units = CountAll<registry::v1::ListUnitsRequest, registry::v1::ListUnitsResponse>(
      city, [](const auto& r) { return r.units(); });
  const auto enrollments =
      CountAll<enroll::ListEnrollmentsRequest, enroll::ListEnrollmentsResponse>(
          city, [](const auto& r) { return r.enrollments(); });
  EXPECT_EQ(learners, names["learners"].size());
  EXPECT_EQ(units, names["units"].size() + 1);
  EXPECT_EQ(enrollments, names["enrollments"].size());
  enroll::GetOfferingRequest get;
  get.set_name(offering);
  EXPECT_EQ(Ask(city, get).As<enroll::Offering>().taken(), static_cast<int>(enrollments));
}

}  // namespace learncity::contract
