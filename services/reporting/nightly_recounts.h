// Recounts begin by themselves once a night; what the last ones came to.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/facts.pb.h"
#include "learncity/reporting/v1/reporting.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/writer.h"

namespace learncity::reporting {

struct LastRecounts {
  // The one that began last, and of those that are done the one that began last.
  std::optional<v1::Recount> begun;
  std::optional<v1::Recount> done;
};
absl::StatusOr<LastRecounts> ReadLastRecounts(ledger::Reader& reader);

// The hour of the city's day from which a recount is due.
inline constexpr std::chrono::hours kRecountHour{2};
// By whom they are asked for.
inline constexpr char kNightlyCaller[] = "nightly";

// Nothing is remembered but in the ledger: a recount is asked for when none has begun since the
// hour, in this process or in one before it; a city without any begins in its first night. Step is
// from one thread.
class NightlyRecounts {
 public:
  // All must outlive it.
  NightlyRecounts(ledger::Writer& writer, ledger::Readers& readers, Clock clock);

  // Looks once a minute: asks for the recount of the night, and writes into the log which cells the
  // last one found to differ. Never has more to do at once.
  bool Step();

 private:
  void AskFor(Day night, Time now);
  void Tell(ledger::Reader& reader, const v1::Recount& done);

  ledger::Writer& writer_;
  ledger::Readers& readers_;
  const Clock clock_;
  // The night in which the process started.
  const Day first_night_;
  Time next_look_{};
  // Name of the recount whose differences are in the log.
  std::string told_;
};

}  // namespace learncity::reporting
