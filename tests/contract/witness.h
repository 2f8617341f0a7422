// Clients of a real process that is killed, or whose engine is: they remember what they sent and
// what was answered, and hold it to that.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "platform/rpc/peers.h"
#include "tests/contract/call.h"

namespace learncity::contract {

// Everybody whom a witness registers is called so, and a number.
inline constexpr char kWitnessName[] = "Hoàng Yến Canary";

// A request that was sent, and what it was answered with; no name when it was not answered.
struct Sent {
  std::unique_ptr<google::protobuf::Message> request;
  std::string name;
  int64_t at = 0;
};

// Writes learners, units and enrollments in turn. One thread.
class Witness {
 public:
  Witness(int number, const std::string& offering) : number_(number), offering_(offering) {}

  // Until a call fails, which must be UNAVAILABLE. Counts what was answered.
  void WriteUntilItFails(const rpc::Peers& city, std::atomic<int>& answered);
  // One write; what is answered with UNAVAILABLE is asked again for a while, and then a failure.
  // Counts that it has ended.
  void WriteOne(const rpc::Peers& city, std::atomic<int>& ended);
  // So many, none of which may fail.
  void Write(const rpc::Peers& city, int count);
  // Sends everything of the last round again: what was answered has the same answer, what was not
  // is answered now.
  void RepeatLastRound(const rpc::Peers& city);

  const std::vector<Sent>& sent() const { return sent_; }

 private:
  std::unique_ptr<google::protobuf::Message> Next();
  // The next request, sent by `ask`; false: it failed, which must be UNAVAILABLE.
  using Asking = Reply (*)(const rpc::Peers& city, const google::protobuf::Message& request);
  bool WriteNext(const rpc::Peers& city, Asking ask);

  int number_;
  std::string offering_;
  int made_ = 0;
  // What the last call that failed was answered with.
  std::string failure_;
  // The last one who is not enrolled yet.
  std::string learner_;
  std::vector<Sent> sent_;
  size_t repeated_ = 0;
};

// One request, with a token of a role that may make it.
Reply Ask(const rpc::Peers& city, const google::protobuf::Message& request);
// As clients do: once more while nobody is there, for a while.
Reply AskAgain(const rpc::Peers& city, const google::protobuf::Message& request);

// A course that has seats for all.
std::string OpenOffering(const rpc::Peers& city);

// All that the witnesses sent is there, nothing is there twice, and the offering counts right.
void ExpectEverythingOnce(const rpc::Peers& city, const std::vector<Witness>& witnesses,
                          const std::string& offering);

}  // namespace learncity::contract
