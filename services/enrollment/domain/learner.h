// Learners: registered with what is known, completed, and erased for good. Rules see them sealed.
#pragma once

#include <optional>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/decision.h"

namespace learncity::enrollment::v1 {

struct RegisterCase {
  // Unit of residence; nullptr when none is named.
  const UnitReference* unit;
  // Who has the learner's name already: registered by the same request, whose key was still there.
  const Learner* existing;

  static RegisterCase Gather(const RegisterLearnerRequest& request, Lookup& lookup);
};

// The surface has checked and sealed the person, and named the learner: the person's key is
// reserved under that id.
Decision Decide(const RegisterCase& c, const RegisterLearnerRequest& request, const Moment& moment);

struct UpdateCase {
  const Learner* learner;
  // The unit of residence that is stated anew; nullptr when none is.
  const UnitReference* unit;

  static UpdateCase Gather(const UpdateLearnerRequest& request, Lookup& lookup);
};

// The surface has checked the mask and sealed the person, if that is stated anew.
Decision Decide(const UpdateCase& c, const UpdateLearnerRequest& request, const Moment& moment);

struct EraseCase {
  const Learner* learner;

  static EraseCase Gather(const EraseLearnerRequest& request, Lookup& lookup);
};

Decision Decide(const EraseCase& c, const EraseLearnerRequest& request, const Moment& moment);

// The learner was found to be another.
Decision RefuseMatched(const Learner& learner);

// Since when the key of an erased or matched learner is to be destroyed, until it is confirmed that
// it was.
std::optional<Time> ErasureDue(const Learner& learner);

// The learner's key is gone.
Decision DecideErasureConfirmed(const Learner& learner, const Moment& moment);

void Evolve(Learner& learner, const LearnerEvent& event);

}  // namespace learncity::enrollment::v1
