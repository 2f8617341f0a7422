// All that the city holds at a moment, read through its own readers, for the checks to look at.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "learncity/achievements/v1/achievements.pb.h"
#include "learncity/enrollment/v1/enrollment.pb.h"
#include "platform/ledger/record.h"
#include "services/learncity/city.h"

namespace learncity::simulation {

// An answer that a ledger remembers.
struct StoredAnswer {
  std::string hash;
  Id document;
  int64_t position = 0;
};

// Caller, method, request_id.
using RequestKey = std::tuple<std::string, std::string, Id>;

struct Seen {
  struct Ledger {
    std::vector<ledger::Record> records;
    std::map<RequestKey, StoredAnswer> answers;
  };
  // A row of the key store.
  struct Key {
    std::string wrapped;
    std::string national_index;
    bool confirmed = false;
  };

  std::map<std::string, Ledger> ledgers;
  std::map<Id, enrollment::v1::Learner> learners;
  std::map<Id, enrollment::v1::Offering> offerings;
  std::map<Id, enrollment::v1::Enrollment> enrollments;
  std::map<Id, achievements::v1::Certificate> certificates;
  std::map<Id, Key> keys;
};

absl::StatusOr<Seen> Look(City& city, const std::string& vfs);

}  // namespace learncity::simulation
