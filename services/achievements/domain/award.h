// Awards: prizes and medals that learners won in competitions, recorded one by one.
#pragma once

#include <vector>

#include "learncity/achievements/v1/achievements.pb.h"
#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::achievements::v1 {

struct RecordAwardCase {
  // Those who won it, as the request names them.
  std::vector<const LearnerReference*> learners;

  static RecordAwardCase Gather(const RecordAwardRequest& request, Lookup& lookup);
};

Decision Decide(const RecordAwardCase& c, const RecordAwardRequest& request, const Moment& moment);

struct WithdrawAwardCase {
  const Award* award;

  static WithdrawAwardCase Gather(const WithdrawAwardRequest& request, Lookup& lookup);
};

// Without a day, and with one before the award's year, it never counted: it is withdrawn from the
// first day of that year on.
Decision Decide(const WithdrawAwardCase& c, const WithdrawAwardRequest& request,
                const Moment& moment);

void Evolve(Award& award, const AwardEvent& event);

}  // namespace learncity::achievements::v1
