// The seal: a hash chain over turns. Whoever holds a later seal can tell that no earlier event, and
// no cursor a turn moved, was changed, added or taken away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/ledger/record.h"

namespace learncity::ledger {

// BLAKE2b-256 over the seal before, the turn's number and time, each event's stored columns, and
// the cursors it moved, every part with its length.
SealBytes Seal(const SealBytes& before, int64_t turn, Time time, const std::vector<Record>& records,
               std::string_view cursors);

// BLAKE2b-256 of bytes: 32 bytes.
std::string Digest(std::string_view bytes);

// Cursors as a turn's row stores them: "registry/1/42;enrollment/1/7".
std::string CursorText(const std::vector<Cursor>& cursors);

}  // namespace learncity::ledger
