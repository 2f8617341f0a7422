// Guarantee 1 on the real process: whatever moment it is killed at, what was answered is there, and
// nothing is there twice.
#include <atomic>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/runtime/concat.h"
#include "platform/testing/draws.h"
#include "platform/testing/text.h"
#include "tests/contract/at_once.h"
#include "tests/contract/process.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
using google::protobuf::Message;

constexpr int kKills = 20;
constexpr int kClients = 4;
constexpr char kFullName[] = "Hoàng Yến Canary";

// A request that was sent, and what it was answered with; no name when it was not answered.
struct Sent {
  std::unique_ptr<Message> request;
  std::string name;
  int64_t at = 0;
};

// Writes learners, units and enrollments in turn, until a call fails. One thread.
class Client {
 public:
  Client(int number, const std::string& offering) : number_(number), offering_(offering) {}

  void WriteUntilItFails(const std::shared_ptr<grpc::Channel>& channel,
                         std::atomic<int>& answered) {
    while (true) {
      Sent& sent = sent_.emplace_back();
      sent.request = Next();
      Name(sent.request.get());
      const Reply reply = Ask(channel, *sent.request);
      if (!reply.ok()) {
        EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAVAILABLE)
            << reply.status.error_message();
        return;
      }
      sent.name = reply.name();
      sent.at = reply.at();
      if (sent.name.starts_with("learners/")) learner_ = sent.name;
      ++answered;
      answered.notify_all();
    }
  }

  // Sends everything of the last round again: what was answered has the same answer, what was not
  // is answered now.
  void RepeatLastRound(const std::shared_ptr<grpc::Channel>& channel) {
    for (; repeated_ < sent_.size(); ++repeated_) {
      Sent& sent = sent_[repeated_];
      const Reply reply = Ask(channel, *sent.request);
      ASSERT_TRUE(reply.ok()) << sent.request->GetTypeName() << ": "
                              << reply.status.error_message();
      if (!sent.name.empty()) {
        EXPECT_EQ(reply.name(), sent.name) << "an answered write is lost";
        EXPECT_GE(reply.at(), sent.at);
      }
      sent.name = reply.name();
    }
  }

  const std::vector<Sent>& sent() const { return sent_; }

 private:
  static Reply Ask(const std::shared_ptr<grpc::Channel>& channel, const Message& request) {
    const std::string token = TokenOf(RoleFor(MethodOf(request)));
    return Send(channel, request, token);
  }

  std::unique_ptr<Message> Next() {
    const int made = ++made_;
    if (made % 3 == 1 || learner_.empty()) {
      auto request = std::make_unique<enroll::RegisterLearnerRequest>();
      auto& person = *request->mutable_learner()->mutable_person();
      person.set_full_name(Concat(kFullName, " ", number_, "-", made));
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

  int number_;
  std::string offering_;
  int made_ = 0;
  // The last one who is not enrolled yet.
  std::string learner_;
  std::vector<Sent> sent_;
  size_t repeated_ = 0;
};

// A course that has seats for all.
std::string OpenOffering(const Served& city) {
  const auto channel = city.NewChannel();
  auto unit = FromText<registry::v1::OpenUnitRequest>(
      "unit { code: '00004' display_name: 'Phường Ba Đình' type: UNIT_TYPE_WARD"
      "       valid_from { year: 2025 month: 7 day: 1 } }");
  Name(&unit);
  auto center = FromText<registry::v1::OpenCenterRequest>(
      "center { display_name: 'Trung tâm' kind: CENTER_KIND_COMMUNITY_LEARNING_CENTER"
      "         valid_from { year: 2025 month: 7 day: 1 } unit: 'units/00004-20250701' }");
  Name(&center);
  EXPECT_TRUE(Send(channel, unit, TokenOf("registrar")).ok());
  auto offering = FromText<enroll::OpenOfferingRequest>(
      "offering { display_name: 'May' kind: OFFERING_KIND_COMMUNITY_COURSE seats: 100000"
      "  start_date { year: 2026 month: 1 day: 1 } end_date { year: 2099 month: 1 day: 1 } }");
  offering.mutable_offering()->set_center(Send(channel, center, TokenOf("registrar")).name());
  Name(&offering);
  auto await = FromText<feed::v1::AwaitRequest>(
      "follower: 'enrollment' feed: 'registry' epoch: 1 position: 2");
  EXPECT_TRUE(Send(channel, await, TokenOf("clerk")).ok());
  const Reply reply = Send(channel, offering, TokenOf("clerk"));
  EXPECT_TRUE(reply.ok()) << reply.status.error_message();
  return reply.name();
}

// How many resources a list holds over all its pages.
template <class Request, class Response, class Items>
size_t CountAll(const std::shared_ptr<grpc::Channel>& channel, const Items& items) {
  Request request;
  request.set_page_size(1000);
  size_t count = 0;
  do {
    const Reply reply = Send(channel, request, TokenOf("clerk"));
    EXPECT_TRUE(reply.ok()) << reply.status.error_message();
    count += static_cast<size_t>(items(reply.As<Response>()).size());
    request.set_page_token(reply.As<Response>().next_page_token());
  } while (!request.page_token().empty());
  return count;
}

void ExpectEverythingOnce(const Served& city, const std::vector<Client>& clients,
                          const std::string& offering) {
  std::map<std::string, std::set<std::string>> names;
  size_t sent = 0;
  for (const Client& client : clients) {
    for (const Sent& one : client.sent()) {
      names[one.name.substr(0, one.name.find('/'))].insert(one.name);
      ++sent;
    }
  }
  EXPECT_EQ(names["learners"].size() + names["units"].size() + names["enrollments"].size(), sent);
  const auto channel = city.NewChannel();
  const auto learners = CountAll<enroll::ListLearnersRequest, enroll::ListLearnersResponse>(
      channel, [](const auto& r) { return r.learners(); });
  const auto units = CountAll<registry::v1::ListUnitsRequest, registry::v1::ListUnitsResponse>(
      channel, [](const auto& r) { return r.units(); });
  const auto enrollments =
      CountAll<enroll::ListEnrollmentsRequest, enroll::ListEnrollmentsResponse>(
          channel, [](const auto& r) { return r.enrollments(); });
  EXPECT_EQ(learners, names["learners"].size());
  EXPECT_EQ(units, names["units"].size() + 1);
  EXPECT_EQ(enrollments, names["enrollments"].size());
  enroll::GetOfferingRequest get;
  get.set_name(offering);
  EXPECT_EQ(Send(channel, get, TokenOf("clerk")).As<enroll::Offering>().taken(),
            static_cast<int>(enrollments));
}

// Names stand in no file and were not said, wherever the process was killed.
void ExpectNothingPersonal(const Served& city, const std::filesystem::path& folder) {
  EXPECT_EQ(city.err().find(kFullName), std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(ReadFile(entry.path()).find(kFullName), std::string::npos) << entry.path().filename();
  }
}

TEST(Killed, LosesNothingAnsweredAndDoublesNothing) {
  Draws draws(20261122);
  const auto folder = NewFolder("killed");
  auto city = std::make_unique<Served>(folder);
  const std::string offering = OpenOffering(*city);
  std::vector<Client> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(i + 1, offering);
  for (int kill = 0; kill < kKills && !testing::Test::HasFailure(); ++kill) {
    SCOPED_TRACE(Concat("kill ", kill));
    std::atomic<int> answered{0};
    const int enough = draws.Below(60);
    const auto moment = std::chrono::microseconds(draws.Below(3000));
    AtOnce(kClients + 1, [&](int i) {
      if (i < kClients) {
        clients[static_cast<size_t>(i)].WriteUntilItFails(city->NewChannel(), answered);
        return;
      }
      for (int now = answered; now < enough; now = answered) answered.wait(now);
      // Somewhere within the next turns.
      const auto at = std::chrono::steady_clock::now() + moment;
      while (std::chrono::steady_clock::now() < at) {
      }
      city->Kill();
    });
    ExpectNothingPersonal(*city, folder);
    if (kill % 5 == 4) ExpectVerified(folder);
    city = std::make_unique<Served>(folder);
    for (Client& client : clients) client.RepeatLastRound(city->NewChannel());
  }
  ExpectEverythingOnce(*city, clients, offering);
  EXPECT_EQ(city->Stop(), 0);
  ExpectVerified(folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace learncity::contract
