// Those who use the city: clerks who open, move, register, enroll, recognise, report and take back,
// repeat what they asked, and sometimes ask for something else under the same request_id. They see
// what a caller sees, and write it down.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/calendar/calendar.h"
#include "tests/simulation/chance.h"
#include "tests/simulation/history.h"
#include "tests/simulation/world.h"

namespace learncity::simulation {

// Stands in every name, address and phone number that a client sends, and begins every national id.
inline constexpr char kCanary[] = "KANARI";
inline constexpr char kNationalIdCanary[] = "00198710000";
// So few that clerks meet each other's: the canary and a digit below this.
inline constexpr int kNationalIds = 5;

// What clerks have asked and learnt so far.
struct Known {
  History history;
  // Names that calls were answered with, by collection.
  std::map<std::string, std::vector<std::string>> names;
  std::map<std::string, type::v1::CenterKind> kinds_of_centers;
  // What an offering or an enrollment is of, and the offerings of it: a transfer stays within.
  std::map<std::string, std::string> programmes;
  std::map<std::string, std::vector<std::string>> offerings_of;
  // Of an enrollment, and back; and those in which somebody waited once.
  std::map<std::string, std::string> offering_of;
  std::map<std::string, std::vector<std::string>> enrollments_in;
  std::vector<std::string> waited_for;
  // Counts what was made up, so that texts differ.
  int made = 0;
};

class Client {
 public:
  // World and chance must outlive it; no step of the world may follow after it is gone.
  Client(World& world, Chance& chance, Known known);

  // Makes one call, which may be answered by a later step or never.
  void Act();
  // Makes this call. Answered by a later step.
  const Call& Ask(const google::protobuf::Message& asked, std::string caller);
  // Another clerk tries to register somebody with this national id.
  const Call& Probe(const std::string& national_id);

  const Known& known() const { return known_; }
  const History& history() const { return known_.history; }

 private:
  // registry_requests.cc
  void OpenUnit();
  void RecordUnitAct();
  void OpenCenter();
  void MoveCenter();
  void CloseCenter();
  void GrantAccreditation();
  void WithdrawAccreditation();
  void RecordUnitCount();
  void EmployStaff();
  void UpdateStaff();
  void EndEmployment();
  void EraseStaff();
  registry::v1::Unit SomeUnit(Day from);
  void SpoilAct(registry::v1::UnitAct& act);

  // enrollment_requests.cc
  void RegisterLearner();
  void UpdateLearner();
  void OpenOffering();
  void EnrollLearner();
  void CompleteEnrollment();
  void TransferEnrollment();
  void WithdrawEnrollment();
  void EraseLearner();
  void MatchLearner();
  enrollment::v1::Learner SomeLearner();
  enrollment::v1::Offering SomeOffering();
  // Mostly of an offering that others wait for.
  const std::string& SomeEnrollment();

  // achievements_requests.cc
  void RecordAward();
  void WithdrawAward();
  void GrantRecognition();
  void RenewRecognition();
  void WithdrawRecognition();

  void StartRecount();
  // reporting_requests.cc
  void RecordObservation();
  void WithdrawObservation();
  void FreezeReport();
  void DraftReport();
  void ReviseReport();
  void FinalizeReport();
  // What the surface hands on in place of a request that it must compute something for.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Computed(
      std::unique_ptr<google::protobuf::Message> request);

  void Repeat();
  // Whether the call may be repeated now, and as which generation; -1: not now.
  int GenerationOf(const Call& call) const;
  // The request with another content, where there is something to change about it.
  std::shared_ptr<const google::protobuf::Message> Changed(
      const google::protobuf::Message& request);

  Day NearToday(int days_before, int days_after);
  google::type::Date DateNear(int days_before, int days_after);
  // Of "units", as of every collection.
  bool Knows(const std::string& collection) const { return known_.names.contains(collection); }
  const std::string& Some(const std::string& collection) {
    return chance_.OneOf(known_.names.at(collection));
  }

  // A new request of some clerk.
  void Ask(const google::protobuf::Message& asked);
  Call& Send(Call call);
  // What seals the request's person, or nullptr when it brings none.
  persons::Persons* EdgeOf(const google::protobuf::Message& request);
  void Seal(Call& call, std::unique_ptr<google::protobuf::Message> request, persons::Persons& edge);
  void SendSealed(Call& call, std::unique_ptr<google::protobuf::Message> request,
                  std::optional<Refusal> refusal);
  void Answered(Call& call, const ledger::Answer& answer);
  void Refused(Call& call, const std::string& why);
  void Learn(const google::protobuf::Message& document, const std::string& name);
  // False when it was known.
  bool Learn(const std::string& name);
  std::string Describe(const Call& call) const;

  World& world_;
  Chance& chance_;
  // What the clerks of this history are mostly about: a column of the weights.
  const int theme_;
  Known known_;
};

}  // namespace learncity::simulation
