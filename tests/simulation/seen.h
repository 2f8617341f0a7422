// All that the city holds at a moment, read through its own readers, for the checks to look at.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/achievements/v1/achievements.pb.h"
#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/registry/v1/registry.pb.h"
#include "learncity/reporting/v1/reporting.pb.h"
#include "platform/ledger/record.h"
#include "services/learncity/city.h"

namespace learncity::simulation {

// An answer that a ledger remembers.
struct StoredAnswer {
  std::string hash;
  Id document;
  int64_t position = 0;
};

// An event as a ledger holds it, decoded.
struct Happened {
  int64_t position = 0;
  Id subject;
  std::unique_ptr<google::protobuf::Message> event;

  // Nullptr when it is of another type.
  template <class Event>
  const Event* As() const {
    return event->GetDescriptor() == Event::descriptor() ? static_cast<const Event*>(event.get())
                                                         : nullptr;
  }
  // What happened, as "seat_taken".
  const std::string& what() const;
};

// Caller, method, request_id.
using RequestKey = std::tuple<std::string, std::string, Id>;

struct Seen {
  struct Ledger {
    std::vector<ledger::Record> records;
    // The same, decoded.
    std::vector<Happened> events;
    std::vector<ledger::TurnRow> turns;
    std::map<RequestKey, StoredAnswer> answers;
  };
  // A row of the key store.
  struct Key {
    std::string wrapped;
    std::string national_index;
    bool confirmed = false;
  };

  std::map<std::string, Ledger> ledgers;
  std::map<Id, registry::v1::Unit> units;
  std::map<Id, registry::v1::UnitAct> acts;
  std::map<Id, registry::v1::Center> centers;
  std::map<Id, registry::v1::Accreditation> accreditations;
  std::map<Id, registry::v1::Staff> staff;
  std::map<Id, enrollment::v1::Learner> learners;
  std::map<Id, enrollment::v1::Offering> offerings;
  std::map<Id, enrollment::v1::Enrollment> enrollments;
  std::map<Id, achievements::v1::Certificate> certificates;
  std::map<Id, achievements::v1::Award> awards;
  std::map<Id, achievements::v1::Recognition> recognitions;
  std::map<Id, reporting::v1::Recount> recounts;
  std::map<Id, Key> keys;
};

absl::StatusOr<Seen> Look(City& city, const std::string& vfs);

}  // namespace learncity::simulation
