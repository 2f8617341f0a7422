// What releases have published, as publish.cc wrote it down: their events, and the documents that
// these made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "platform/ledger/id.h"

namespace learncity::contract {

// A line of either kind of file; `position` is 0 of a document.
struct PublishedLine {
  int64_t position = 0;
  std::string type;
  Id document;
  int64_t version = 0;
  std::string bytes;
};

// The folder of each release.
std::vector<std::filesystem::path> PublishedReleases();
// Aborts on a line that is none.
std::vector<PublishedLine> ReadPublished(const std::filesystem::path& path, bool has_position);

}  // namespace learncity::contract
