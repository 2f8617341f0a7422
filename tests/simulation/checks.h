// The promises of the city, each held against what it holds. Every check adds what does not hold.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "platform/calendar/calendar.h"
#include "tests/simulation/client.h"
#include "tests/simulation/history.h"
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
// unknown none or one, repetitions were answered with the same resource, and nothing happened that
// nobody asked for. `effects` is kept from check to check, since ledgers forget answers.
void CheckRequests(const Seen& seen, const History& history, Time now, Effects& effects,
                   Findings& findings);

// Seats are never oversold, nobody holds two of one offering, and who completed has one certificate
// (`at_rest`: everything is followed).
void CheckSeats(const Seen& seen, bool at_rest, Findings& findings);

// Personal data is nowhere in clear, opens as it was sent, has one holder per national id, and is
// gone with its key once that is confirmed. `keys` are the rows of the key store at any time
// before. `at_rest`: keys and learners are the same.
void CheckPersons(World& world, const Seen& seen, const std::map<Id, Seen::Key>& keys,
                  const History& history, bool at_rest, Findings& findings);
// Whoever is registered keeps their national id, and nobody else's is blocked. Makes calls.
void CheckNationalIds(World& world, const Seen& seen, Client& client, Findings& findings);

// How far a reporting has applied the feeds it follows.
struct Applied {
  int64_t registry = 0;
  int64_t enrollment = 0;
  int64_t achievements = 0;
};

// The ledgers prove themselves, and the city's reporting is what CheckFacts asks for.
void CheckLedgers(City& city, const Seen& seen, bool at_rest, Findings& findings);
// Facts equal a fold of the followed feeds and cells a recount; pupils are as many as counted the
// plain way.
void CheckFacts(ledger::Reader& reporting, const Applied& applied, const Seen& seen, Day today,
                Findings& findings);

}  // namespace learncity::simulation
