// Different requests at the same time over the same documents: what comes out equals some order of
// them one after another.
#include <algorithm>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/runtime/concat.h"
#include "tests/contract/at_once.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

namespace enroll = enrollment::v1;
using google::protobuf::Message;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;

constexpr int kCallersAtOnce = 8;

// What each of several callers, who call at once on connections of their own, is answered.
template <class Request>
std::vector<Reply> Race(TestCity& city, const std::vector<Request>& requests) {
  std::vector<Reply> replies(requests.size());
  AtOnce(static_cast<int>(requests.size()), [&](int i) {
    const auto& request = requests[static_cast<size_t>(i)];
    replies[static_cast<size_t>(i)] =
        Send(city.NewChannel(), request, TokenOf(RoleFor(MethodOf(request))));
  });
  return replies;
}

// The same of requests of several kinds, all of which clerks make.
std::vector<Reply> Race(TestCity& city, const std::vector<std::unique_ptr<Message>>& requests) {
  std::vector<Reply> replies(requests.size());
  AtOnce(static_cast<int>(requests.size()), [&](int i) {
    replies[static_cast<size_t>(i)] =
        Send(city.NewChannel(), *requests[static_cast<size_t>(i)], TokenOf("clerk"));
  });
  return replies;
}

int Accepted(const std::vector<Reply>& replies) {
  return static_cast<int>(
      std::count_if(replies.begin(), replies.end(), [](const Reply& r) { return r.ok(); }));
}

// The reason of each; of what is no refusal the code and the text.
std::vector<std::string> Refusals(const std::vector<Reply>& replies) {
  std::vector<std::string> reasons;
  for (const Reply& reply : replies) {
    if (reply.ok()) continue;
    reasons.push_back(reply.reason().empty() ? Concat(rpc::CodeName(reply.status.error_code()),
                                                      ": ", reply.status.error_message())
                                             : reply.reason());
  }
  return reasons;
}

enroll::EnrollLearnerRequest Enroll(const std::string& learner, const std::string& offering) {
  enroll::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(offering);
  Name(&request);
  return request;
}

enroll::Offering Read(TestCity& city, const std::string& offering) {
  enroll::GetOfferingRequest get;
  get.set_name(offering);
  return city.Call(get).As<enroll::Offering>();
}

// Those of the offering's enrollments that are in that state.
std::vector<enroll::Enrollment> InState(TestCity& city, const std::string& offering,
                                        enroll::Enrollment::State state) {
  enroll::ListEnrollmentsRequest list;
  list.set_offering(offering);
  const Reply reply = city.Call(list);
  std::vector<enroll::Enrollment> found;
  for (const auto& enrollment : reply.As<enroll::ListEnrollmentsResponse>().enrollments()) {
    if (enrollment.state() == state) found.push_back(enrollment);
  }
  return found;
}

// Free seats go to who waits by themselves, a little later.
void AwaitWaiting(TestCity& city, const std::string& offering, int waiting) {
  const auto deadline = std::chrono::steady_clock::now() + kCallTime;
  while (Read(city, offering).waiting() > waiting && std::chrono::steady_clock::now() < deadline) {
  }
  ASSERT_EQ(Read(city, offering).waiting(), waiting);
}

TEST(Race, ForSeatsAdmitsExactlyAsManyAsThereAre) {
  TestCity city;
  Grounds grounds(city);
  for (const int seats : {1, 3, 7}) {
    SCOPED_TRACE(seats);
    const std::string offering = grounds.Offering(seats);
    std::vector<enroll::EnrollLearnerRequest> requests;
    for (int i = 0; i < kCallersAtOnce; ++i)
      requests.push_back(Enroll(grounds.Learner(), offering));
    const auto replies = Race(city, requests);
    EXPECT_EQ(Accepted(replies), seats);
    EXPECT_THAT(Refusals(replies), Each("OFFERING_FULL"));
    EXPECT_EQ(Read(city, offering).taken(), seats);
    std::set<std::string> enrollments;
    for (const Reply& reply : replies) {
      if (reply.ok()) enrollments.insert(reply.name());
    }
    EXPECT_EQ(enrollments.size(), static_cast<size_t>(seats));
  }
}

TEST(Race, OfOneLearnerForOneOfferingAdmitsOnce) {
  TestCity city;
  Grounds grounds(city);
  const std::string offering = grounds.Offering();
  const std::string learner = grounds.Learner();
  std::vector<enroll::EnrollLearnerRequest> requests;
  for (int i = 0; i < kCallersAtOnce; ++i) requests.push_back(Enroll(learner, offering));
  const auto replies = Race(city, requests);
  EXPECT_EQ(Accepted(replies), 1);
  EXPECT_THAT(Refusals(replies), Each("ALREADY_ENROLLED"));
  EXPECT_EQ(Read(city, offering).taken(), 1);
}

TEST(Race, OfOneNationalIdRegistersOnePerson) {
  TestCity city;
  Grounds grounds(city);
  for (int round = 0; round < 5; ++round) {
    std::vector<enroll::RegisterLearnerRequest> requests(kCallersAtOnce, grounds.NewLearner());
    for (auto& request : requests) Name(&request);
    auto replies = Race(city, requests);
    EXPECT_EQ(Accepted(replies), 1);
    EXPECT_THAT(Refusals(replies), Each(AnyOf("NATIONAL_ID_TAKEN", "REGISTRATION_UNDECIDED")));
    // Now it is decided.
    const auto winner =
        std::find_if(replies.begin(), replies.end(), [](auto& r) { return r.ok(); });
    ASSERT_NE(winner, replies.end());
    for (size_t i = 0; i < requests.size(); ++i) {
      const Reply again = city.Call(requests[i]);
      if (replies[i].ok()) {
        EXPECT_EQ(again.name(), winner->name());
      } else {
        EXPECT_EQ(again.reason(), "NATIONAL_ID_TAKEN");
        EXPECT_EQ(again.details().resource.resource_name(), winner->name());
      }
    }
  }
}

TEST(Race, OfTwoWhoAreFoundToBeEachOtherMatchesOne) {
  TestCity city;
  Grounds grounds(city);
  std::vector<enroll::MatchLearnerRequest> requests(2);
  requests[0].set_name(grounds.Learner());
  requests[0].set_into(grounds.Learner());
  requests[1].set_name(requests[0].into());
  requests[1].set_into(requests[0].name());
  for (auto& request : requests) Name(&request);
  const auto replies = Race(city, requests);
  EXPECT_EQ(Accepted(replies), 1);
  EXPECT_THAT(Refusals(replies), ElementsAre("LEARNER_MATCHED"));
}

TEST(Race, ToOpenOneUnitOpensItOnce) {
  TestCity city;
  Grounds grounds(city);
  std::vector<registry::v1::OpenUnitRequest> requests(kCallersAtOnce, grounds.NewUnit());
  for (auto& request : requests) Name(&request);
  const auto replies = Race(city, requests);
  EXPECT_EQ(Accepted(replies), 1);
  EXPECT_THAT(Refusals(replies), Each("UNIT_EXISTS"));
}

TEST(Race, ToEraseOneLearnerErasesOnce) {
  TestCity city;
  Grounds grounds(city);
  enroll::EraseLearnerRequest erase;
  erase.set_name(grounds.Learner());
  std::vector<enroll::EraseLearnerRequest> requests(kCallersAtOnce, erase);
  for (auto& request : requests) Name(&request);
  const auto replies = Race(city, requests);
  EXPECT_EQ(Accepted(replies), 1);
  EXPECT_THAT(Refusals(replies), Each("LEARNER_ERASED"));
}

TEST(Race, OfCompletingAndWithdrawingHasOneWinner) {
  TestCity city;
  Grounds grounds(city);
  for (int round = 0; round < 4; ++round) {
    const std::string name = grounds.Enrollment();
    std::vector<std::unique_ptr<Message>> requests;
    for (int i = 0; i < kCallersAtOnce; ++i) {
      if (i % 2 == 0) {
        requests.push_back(std::make_unique<enroll::CompleteEnrollmentRequest>());
      } else {
        requests.push_back(std::make_unique<enroll::WithdrawEnrollmentRequest>());
      }
      SetText(requests.back().get(), "name", name);
      Name(requests.back().get());
    }
    const auto replies = Race(city, requests);
    EXPECT_EQ(Accepted(replies), 1);
    EXPECT_THAT(Refusals(replies), Each("NOT_ENROLLED"));
    enroll::GetEnrollmentRequest get;
    get.set_name(name);
    const auto now = city.Call(get).As<enroll::Enrollment>();
    const bool completed = now.state() == enroll::Enrollment::STATE_COMPLETED;
    for (size_t i = 0; i < replies.size(); ++i) {
      if (!replies[i].ok()) continue;
      EXPECT_EQ(completed, i % 2 == 0);
    }
    // A seat that was used stays taken, one that was left is free again.
    EXPECT_EQ(Read(city, now.offering()).taken(), completed ? 1 : 0);
  }
}

TEST(Race, ForSeatsThatAreGivenUpServesWhoWaitsInTheOrderOfAsking) {
  TestCity city;
  Grounds grounds(city);
  constexpr int kSeats = 2;
  const std::string offering = grounds.Offering(kSeats);
  std::vector<enroll::EnrollLearnerRequest> asking;
  for (int i = 0; i < kCallersAtOnce; ++i) {
    asking.push_back(Enroll(grounds.Learner(), offering));
    asking.back().set_joins_waitlist(true);
  }
  EXPECT_EQ(Accepted(Race(city, asking)), kCallersAtOnce);
  EXPECT_EQ(Read(city, offering).taken(), kSeats);
  int64_t served = 0;
  for (int waiting = kCallersAtOnce - kSeats; waiting > 0; waiting -= kSeats) {
    ASSERT_EQ(Read(city, offering).waiting(), waiting);
    // All who hold a seat leave, while others try to slip in.
    std::vector<std::unique_ptr<Message>> requests;
    for (const auto& enrollment : InState(city, offering, enroll::Enrollment::STATE_ENROLLED)) {
      auto withdraw = std::make_unique<enroll::WithdrawEnrollmentRequest>();
      withdraw->set_name(enrollment.name());
      requests.push_back(std::move(withdraw));
    }
    for (int i = 0; i < kSeats; ++i) {
      requests.push_back(
          std::make_unique<enroll::EnrollLearnerRequest>(Enroll(grounds.Learner(), offering)));
    }
    for (auto& request : requests) Name(request.get());
    const auto replies = Race(city, requests);
    EXPECT_EQ(Accepted(replies), kSeats);
    EXPECT_THAT(Refusals(replies), Each("OFFERING_FULL"));
    AwaitWaiting(city, offering, waiting - kSeats);
    std::set<int64_t> tickets;
    for (const auto& enrollment : InState(city, offering, enroll::Enrollment::STATE_ENROLLED)) {
      tickets.insert(enrollment.ticket());
    }
    EXPECT_THAT(tickets, ElementsAre(served + 1, served + 2));
    EXPECT_EQ(Read(city, offering).taken(), kSeats);
    served += kSeats;
  }
}

// Everybody wants to go to the class in which a seat is left, and nobody loses the own one.
TEST(Race, ToTransferFillsTheOtherClassAndKeepsTheCountOfBoth) {
  TestCity city;
  Grounds grounds(city);
  constexpr int kSeats = 3;
  const std::string from = grounds.Offering(kCallersAtOnce), to = grounds.Offering(kSeats);
  std::vector<enroll::TransferEnrollmentRequest> requests;
  for (int i = 0; i < kCallersAtOnce; ++i) {
    const Reply enrolled = city.Call(Enroll(grounds.Learner(), from));
    ASSERT_TRUE(enrolled.ok());
    enroll::TransferEnrollmentRequest request;
    request.set_name(enrolled.name());
    request.set_offering(to);
    Name(&request);
    requests.push_back(std::move(request));
  }
  const auto replies = Race(city, requests);
  EXPECT_EQ(Accepted(replies), kSeats);
  EXPECT_THAT(Refusals(replies), Each("OFFERING_FULL"));
  EXPECT_EQ(Read(city, to).taken(), kSeats);
  EXPECT_EQ(Read(city, from).taken(), kCallersAtOnce - kSeats);
}

TEST(Race, OfWithdrawingAndEnrollingKeepsTheCountOfSeats) {
  TestCity city;
  Grounds grounds(city);
  const std::string offering = grounds.Offering(2);
  const Reply first = city.Call(Enroll(grounds.Learner(), offering));
  const Reply second = city.Call(Enroll(grounds.Learner(), offering));
  ASSERT_TRUE(first.ok() && second.ok());
  std::vector<std::unique_ptr<Message>> requests;
  for (const auto& name : {first.name(), second.name()}) {
    auto withdraw = std::make_unique<enroll::WithdrawEnrollmentRequest>();
    withdraw->set_name(name);
    requests.push_back(std::move(withdraw));
  }
  for (int i = 0; i < 6; ++i) {
    requests.push_back(
        std::make_unique<enroll::EnrollLearnerRequest>(Enroll(grounds.Learner(), offering)));
  }
  for (auto& request : requests) Name(request.get());
  const auto replies = Race(city, requests);
  EXPECT_TRUE(replies[0].ok() && replies[1].ok());
  const int admitted = Accepted(replies) - 2;
  EXPECT_LE(admitted, 2);
  EXPECT_EQ(Read(city, offering).taken(), admitted);
  EXPECT_THAT(Refusals(replies), Each("OFFERING_FULL"));
}

}  // namespace
}  // namespace learncity::contract
