// What of enrollment is within a scope, by what enrollment has committed. Of units and centers it
// knows what registry's feed has told it by then.
#pragma once

#include "platform/ledger/reader.h"
#include "platform/rpc/scope.h"

namespace learncity::enrollment {

// A center: itself, its offerings, the enrollments in them, and the learners whom it registered or
// who have an enrollment there, ended ones too. A unit: what is within its centers, and the
// learners who live in it. A learner: that person and the person's enrollments. `readers` must
// outlive it.
rpc::Within EnrollmentScope(ledger::Readers& readers);

}  // namespace learncity::enrollment
