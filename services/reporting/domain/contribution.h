// What a fact adds to which cells. Pure and without a clock: time stands in the cells. All that the
// facts contribute, added up, is the cells; a recount must find the same.
#pragma once

#include <vector>

#include "google/protobuf/message.h"
#include "learncity/reporting/v1/facts.pb.h"

namespace learncity::reporting {

// Sorted by key, no key twice, no count of 0.
using Contributions = std::vector<v1::Contribution>;

// MEASURE_PUPILS. A person counts once per level and day, however many seats overlap: the union of
// the seats at a level is +1 on its first day and −1 on the first day without one. Where seats of
// different grades overlap, the person is in the grade of the seat that was admitted last.
Contributions Contribution(const v1::LearnerFact& fact);

// MEASURE_FUNCTIONING_SPACES. A community learning center functions at the end of a month when it
// is open on the month's last day and a run touched one of the twelve months that end with it: +1
// on the first month of such a stretch, −1 on the first month after it.
Contributions Contribution(const v1::CenterFact& fact);

// By what cells move when a fact's contribution becomes another: after − before.
Contributions Difference(const google::protobuf::RepeatedPtrField<v1::Contribution>& before,
                         const Contributions& after);

}  // namespace learncity::reporting
