// Loads a plan into a running city through the same methods that anybody calls, stage by stage: a
// stage names what the stages before it made. What happens at centers is one stage, center after
// center, so that never more than a few of them are in memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "platform/rpc/peers.h"
#include "services/learncity/demo/calls.h"
#include "services/learncity/demo/progress.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

struct LoadOptions {
  // Of a caller who may write registry and enrollment and wait for feeds.
  std::string token;
  CallLimits calls;
  // How long a follower may take to apply what was written.
  std::chrono::milliseconds follow_time_max = std::chrono::minutes(5);
};

struct StageSummary {
  std::string stage;
  // Calls that were answered with what they made, now or when they were first sent.
  int64_t done = 0;
  // Refusals that a plan may meet, by reason: OFFERING_FULL of a course that too many ask for; of a
  // city that is not empty UNIT_EXISTS, whose unit is used, and NATIONAL_ID_TAKEN.
  std::map<std::string, int64_t> refused;
  // Not sent, since what they are about was refused.
  int64_t skipped = 0;
  // Tries that were answered with UNAVAILABLE or RESOURCE_EXHAUSTED and repeated.
  int64_t retries = 0;
  double seconds = 0;
};

struct Summary {
  std::vector<StageSummary> stages;
  double seconds = 0;
};

// How many calls in how many seconds, and a line for whatever was refused, skipped or tried again.
std::string SummaryText(const Summary& summary);

// Units, acts, centers and what they are accredited and counted by; when enrollment has followed:
// offerings, learners, enrollments, completions and withdrawals; when achievements has followed:
// awards and recognitions; then waits until reporting has followed. The first failure that is
// neither an expected refusal nor passes by itself ends it: the status says which method of which
// request failed, with the server's code, message and details. What was loaded stays, and loading
// the same plan again goes on from there: services answer a repeated request_id as before. No
// personal data is in texts. `city` has every service.
absl::StatusOr<Summary> LoadCity(const Plan& plan, const rpc::Peers& city,
                                 const LoadOptions& options, Progress& progress);

}  // namespace learncity::demo
