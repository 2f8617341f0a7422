// The promises of the city, each held against what it holds. Every check adds what does not hold.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "platform/calendar/calendar.h"
#include "tests/simulation/client.h"
#include "tests/simulation/history.h"
#include "tests/simulation/plain_counts.h"
#include "tests/simulation/seen.h"
#include "tests/simulation/world.h"

namespace learncity::simulation {

// Something that happened because somebody asked.
struct Effect {
  std::string method;
  Id document;
};
// By service and by the position of its last event.
using Effects = std::map<std::string, std::map<int64_t, Effect>>;

// What callers were told is what happened: every ok has its one effect, no refused has any, an
// unknown none or one, and repetitions were answered with the same resource. `effects` is kept from
// check to check, since ledgers forget answers.
void CheckRequests(const Seen& seen, const History& history, Time now, Effects& effects,
                   Findings& findings);
// Every event is of one decision, whole and in its order: of a request, as `effects` has them from
// CheckRequests, or of what the city does by itself.
void CheckCauses(const Seen& seen, const Effects& effects, Findings& findings);

// Units of a code follow each other, acts are whole, each unit that one ended has one default
// successor, and a center stands somewhere on each day that it is open.
void CheckPlaces(const Seen& seen, Day today, Findings& findings);

// Nobody begins in a center, and nothing is offered there, for a day on which enrollment knew that
// it is closed.
void CheckClosings(const Seen& seen, Findings& findings);

// Seats are never oversold, nobody holds two of one offering or is in two school classes of a year,
// a transfer leaves no day out, and who completed has one certificate (`at_rest`: everything is
// followed).
void CheckSeats(const Seen& seen, bool at_rest, Findings& findings);
// Nobody overtakes who waits, who is passed over is erased or in another class, and offerings count
// those who wait. `at_rest`: nobody waits while a seat is free. `effects` as CheckRequests leaves
// them.
void CheckWaitlists(const Seen& seen, const Effects& effects, Time now, bool at_rest,
                    Findings& findings);

// A subject is recognised for periods that do not overlap, in a unit that was there, and an award
// has the winners that it may have.
void CheckRecognitions(const Seen& seen, Findings& findings);

// Personal data is nowhere in clear, opens as it was sent, has one holder per national id, and is
// gone with its key once that is confirmed. `keys` are the rows of the key store at any time
// before. `at_rest`: keys and learners are the same.
void CheckPersons(World& world, const Seen& seen, const std::map<Id, Seen::Key>& keys,
                  const History& history, bool at_rest, Findings& findings);
// Whoever is registered keeps their national id, and nobody else's is blocked. Makes calls.
void CheckNationalIds(World& world, const Seen& seen, Client& client, Findings& findings);

// One recount runs at most, and none has found a cell that differs. `at_rest`: none lags.
void CheckRecounts(const Seen& seen, Time now, bool at_rest, Findings& findings);

// The ledgers prove themselves, and the city's reporting is what CheckFacts asks for.
void CheckLedgers(City& city, const Seen& seen, bool at_rest, Findings& findings);
// Each topic has its ledger's last event, and before each position all lower ones but those it was
// made to forget. At rest alone.
void CheckTopics(World& world, Findings& findings);
// What figures are read from is what reporting's ledger holds.
void CheckBoard(City& city, Day today, Findings& findings);
// Facts equal a fold of the followed feeds and cells a recount; pupils, centers, recognitions and
// awards are as many as counted the plain way.
void CheckFacts(ledger::Reader& reporting, const Applied& applied, const Seen& seen, Day today,
                Findings& findings);

}  // namespace learncity::simulation
