// Those who use the city: clerks who open, register, enroll, complete, withdraw and erase, repeat
// what they asked, and sometimes ask for something else under the same request_id. They see what a
// caller sees, and write it down.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/history.h"
#include "tests/simulation/world.h"

namespace learncity::simulation {

// Stands in every name, address and phone number that a client sends, and begins every national id.
inline constexpr char kCanary[] = "KANARI";
inline constexpr char kNationalIdCanary[] = "00198710000";
// So few that clerks meet each other's: the canary and a digit below this.
inline constexpr int kNationalIds = 5;

class Client {
 public:
  // Both must outlive it; no step of the world may follow after it is gone.
  Client(World& world, Chance& chance) : world_(world), chance_(chance) {}

  // Makes one call, which may be answered by a later step or never.
  void Act();
  // Another clerk tries to register somebody with this national id. Answered by a later step.
  const Call& Probe(const std::string& national_id);

  const History& history() const { return history_; }

 private:
  void OpenUnit();
  void OpenCenter();
  void RegisterLearner();
  void OpenOffering();
  void EnrollLearner();
  void CompleteEnrollment();
  void WithdrawEnrollment();
  void EraseLearner();
  void Repeat();

  enrollment::v1::Learner SomeLearner();
  enrollment::v1::Offering SomeOffering();
  google::type::Date DayNear(int days_before, int days_after);
  // Whether the call may be repeated now, and as which generation; -1: not now.
  int GenerationOf(const Call& call) const;
  // The request with another content.
  std::shared_ptr<const google::protobuf::Message> Changed(
      const google::protobuf::Message& request);

  // A new request of some clerk, or of this one.
  void Ask(const google::protobuf::Message& asked);
  Call& Ask(const google::protobuf::Message& asked, std::string caller);
  Call& Send(Call call);
  void SendSealed(Call& call, std::unique_ptr<google::protobuf::Message> request,
                  std::optional<Refusal> refusal);
  void Answered(Call& call, const ledger::Answer& answer);
  void Refused(Call& call, const std::string& why);
  std::string Describe(const Call& call) const;

  World& world_;
  Chance& chance_;
  History history_;
  int made_ = 0;
  // Names that calls were answered with.
  std::vector<std::string> units_, centers_, learners_, offerings_, enrollments_;
  std::map<std::string, type::v1::CenterKind> kinds_of_centers_;
};

}  // namespace learncity::simulation
