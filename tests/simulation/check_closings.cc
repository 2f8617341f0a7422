#include <cstdio>
#include <map>

#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "tests/simulation/checks.h"

namespace learncity::simulation {
namespace {

using enrollment::v1::EnrollmentEvent;
using enrollment::v1::OfferingEvent;
using registry::v1::CenterEvent;

// From which day on a center is closed, and the position in registry's feed that says so.
struct Closing {
  int64_t position = 0;
  Day from;
};
using Closings = std::map<Id, Closing>;

Closings ClosingsOf(const Seen& seen) {
  Closings closings;
  for (const Happened& happened : seen.ledgers.at("registry").events) {
    const auto* event = happened.As<CenterEvent>();
    if (event == nullptr) continue;
    if (event->has_closed()) {
      closings[happened.subject] = {happened.position, DayOf(event->closed().valid_to())};
    } else if (event->has_opened() && event->opened().center().has_valid_to()) {
      closings[happened.subject] = {happened.position, DayOf(event->opened().center().valid_to())};
    }
  }
  return closings;
}

// How far the turn left the cursor in registry's feed; what it was when the turn did not move it.
int64_t CursorAfter(const ledger::TurnRow& turn, int64_t before) {
  long long position = 0;
  const int read = std::sscanf(turn.cursors.c_str(), "registry/%*d/%lld", &position);
  return read == 1 ? position : before;
}

void CheckEvent(const Happened& happened, const Closings& closings, int64_t known,
                Findings& findings) {
  std::string center;
  Day day;
  if (const auto* enrollment = happened.As<EnrollmentEvent>()) {
    if (!enrollment->has_admitted() && !enrollment->has_promoted()) return;
    const auto& begun = enrollment->has_admitted() ? enrollment->admitted().enrollment()
                                                   : enrollment->promoted().enrollment();
    center = begun.center();
    day = DayOf(begun.start_date());
  } else if (const auto* offering = happened.As<OfferingEvent>()) {
    if (!offering->has_opened()) return;
    center = offering->opened().offering().center();
    day = DayOf(offering->opened().offering().end_date());
  } else {
    return;
  }
  const auto closing = closings.find(IdOf(center));
  if (closing == closings.end() || closing->second.position > known) return;
  if (day < closing->second.from) return;
  findings.push_back(Concat(happened.what(), " at ", happened.position, " of enrollment is for ",
                            FormatDay(day), ", when ", center, " is closed, as was known"));
}

}  // namespace

void CheckClosings(const Seen& seen, Findings& findings) {
  const Closings closings = ClosingsOf(seen);
  const Seen::Ledger& enrollment = seen.ledgers.at("enrollment");
  int64_t known = 0;
  for (const ledger::TurnRow& turn : enrollment.turns) {
    for (int64_t at = turn.first_position; at <= turn.last_position; ++at) {
      CheckEvent(enrollment.events[static_cast<size_t>(at - 1)], closings, known, findings);
    }
    known = CursorAfter(turn, known);
  }
}

}  // namespace learncity::simulation
