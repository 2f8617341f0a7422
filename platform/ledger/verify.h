// Proofs over a ledger at rest or at work: that nothing stored was changed behind the platform's
// back.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/reader.h"

namespace learncity::ledger {

// One thing that does not agree.
struct Divergence {
  // "seal", "position" (of an event, a turn or a cursor), "document" or "file".
  std::string kind;
  // Which, and what was found and expected.
  std::string what;
};

struct Verification {
  Head head;
  int64_t turns = 0;
  int64_t events = 0;
  int64_t documents = 0;
  // Events of followed feeds that are neither applied nor lost.
  int64_t parked = 0;
  std::vector<Divergence> divergences;
};

// Divergences that are reported at most; the count of events and documents goes on.
constexpr size_t kDivergencesMax = 100;

// Called with how many events are checked so far.
using Progress = std::function<void(int64_t events)>;

// Reads the whole ledger in slices: positions have no holes, every seal follows from the one before
// and the stored events, cursors stand where sealed turns left them, and every own document and its
// columns equal the fold of its events. Holds all documents in memory and one snapshot until it is
// done. Reference and derived documents are checked by whoever has the feeds.
absl::StatusOr<Verification> Verify(Reader& reader, const Schema& schema,
                                    const Progress& progress = {});

// Compares the reference documents of a feed with a fold of that feed's events up to this ledger's
// cursor. `read` gives the feed's events after a position.
absl::StatusOr<std::vector<Divergence>> VerifyReferences(
    Reader& reader, const Schema& schema, const std::string& feed,
    const std::function<absl::StatusOr<std::vector<Record>>(int64_t after)>& read);

}  // namespace learncity::ledger
