// Rows of a ledger as they are stored and carried.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "platform/ledger/id.h"

namespace learncity::ledger {

// A committed event. Positions are 1, 2, 3 without holes, in commit order.
struct Record {
  int64_t position = 0;
  Time time;
  // Full name of the event's message type.
  std::string type;
  // The document it folds into, and the document's version after it.
  Id subject;
  int64_t version = 0;
  // The serialized event.
  std::string data;
};

using SealBytes = std::array<uint8_t, 32>;

// Where a ledger stands.
struct Head {
  int64_t epoch = 1;
  int64_t position = 0;
  int64_t turn = 0;
  SealBytes seal{};
};

// How far a service has applied a feed.
struct Cursor {
  std::string feed;
  int64_t epoch = 1;
  int64_t position = 0;
};

// A feed's event that could not be applied, or came after one of its aggregate that could not.
struct Parked {
  std::string feed;
  int64_t epoch = 1;
  Record record;
  std::string reason;
};

// A turn as it is stored: the seal covers the rest and the turn's events.
struct TurnRow {
  int64_t turn = 0;
  int64_t first_position = 0;
  int64_t last_position = 0;
  Time time;
  // As CursorText writes them.
  std::string cursors;
  std::string seal;
};

// A stored document.
struct Row {
  Id id;
  int64_t version = 0;
  std::string bytes;
};

}  // namespace learncity::ledger
