// Recognitions: for which days a family, a clan, a residential group, an organisation or a citizen
// is recognised as learning. One document for a subject, with every period it was recognised for.
#pragma once

#include <string>

#include "learncity/achievements/v1/achievements.pb.h"
#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::achievements::v1 {

// Points of 100 from which a subject is recognised. The point tables of the 2021–2030 schemes were
// not found: this threshold is our own rule, for all kinds of subjects.
inline constexpr int kScoreMin = 80;

// Periods of one subject: fifty years, where each is a year as the schemes have it. An event
// carries them all, so that there must be a limit.
inline constexpr int kPeriodsMax = 50;

// recognitions/{kind}-{unit}-{subject}, as "recognitions/family-00004-20250701-1203". In lower
// case, so that a subject is the same however its number is written.
std::string RecognitionName(const Recognition& recognition);

struct GrantCase {
  // nullptr when the subject was never recognised.
  const Recognition* existing;
  const UnitReference* unit;
  // Of a citizen. nullptr of other subjects, and of one that is not the id of a learner.
  const LearnerReference* learner;

  static GrantCase Gather(const GrantRecognitionRequest& request, Lookup& lookup);
};

// For the first time, or again when the last period is over before the new one begins.
Decision Decide(const GrantCase& c, const GrantRecognitionRequest& request, const Moment& moment);

struct RenewCase {
  const Recognition* recognition;
  const UnitReference* unit;
  // As in GrantCase.
  const LearnerReference* learner;

  static RenewCase Gather(const RenewRecognitionRequest& request, Lookup& lookup);
};

// Continues from the end of the last period without a gap. That period has begun, so that renewals
// do not pile up, and runs today or until yesterday, so that none reaches back: what ended earlier
// is granted anew.
Decision Decide(const RenewCase& c, const RenewRecognitionRequest& request, const Moment& moment);

struct WithdrawRecognitionCase {
  const Recognition* recognition;

  static WithdrawRecognitionCase Gather(const WithdrawRecognitionRequest& request, Lookup& lookup);
};

// Cuts the period that runs on the day and drops those after it. One that begins on that day was
// never held and is dropped too. Today is the last day at the latest.
Decision Decide(const WithdrawRecognitionCase& c, const WithdrawRecognitionRequest& request,
                const Moment& moment);

void Evolve(Recognition& recognition, const RecognitionEvent& event);

}  // namespace learncity::achievements::v1
