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
//
// MEASURE_PARTICIPANTS. A person took part in the twelve months that end with a month when a seat
// was held in one of them: +1 on the first month of such a stretch, −1 on the first month after it.
//
// MEASURE_LITERACY_LEARNERS. A person counts in each calendar year in which a seat in a literacy
// class was held: +1 for the year, −1 for the next.
//
// MEASURE_ENROLLMENTS. Each seat that was held counts in the school year in which it began.
//
// MEASURE_CREDENTIALS. Each credential counts in the calendar year of the completion.
Contributions Contribution(const v1::LearnerFact& fact);

// MEASURE_FUNCTIONING_SPACES. A community learning center, library or culture house functions at
// the end of a month when it is open on the month's last day and a run touched one of the twelve
// months that end with it: +1 on the first month of such a stretch, −1 on the first month after it;
// under the unit in which it stands at the end of the month.
//
// MEASURE_CENTERS. A center counts on each day that it is open, under its unit and the highest
// level of the national standard that holds on that day. A standard that lapses moves it without an
// event.
Contributions Contribution(const v1::CenterFact& fact);

// MEASURE_RECOGNITIONS. A recognition counts on each day of its periods.
Contributions Contribution(const v1::RecognitionFact& fact);

// MEASURE_AWARDS. An award counts from the year of its competition on, until it is withdrawn.
Contributions Contribution(const v1::AwardFact& fact);

// By what cells move when a fact's contribution becomes another: after − before.
Contributions Difference(const google::protobuf::RepeatedPtrField<v1::Contribution>& before,
                         const Contributions& after);

}  // namespace learncity::reporting
