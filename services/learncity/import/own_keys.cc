#include "services/learncity/import/own_keys.h"

#include <algorithm>
#include <fstream>

#include "platform/runtime/concat.h"
#include "platform/text/unicode.h"
#include "services/learncity/import/csv_reader.h"
#include "services/learncity/import/kinds.h"

namespace learncity::importing {
namespace {

// Which cell of the header is called so; the header's size when none is.
size_t CellOf(const CsvRow& header, std::string_view name) {
  return static_cast<size_t>(
      std::find_if(header.cells.begin(), header.cells.end(),
                   [&](const std::string& cell) { return text::Folded(cell) == name; }) -
      header.cells.begin());
}

}  // namespace

absl::Status OwnKeys::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(Concat("cannot read ", path, "; see --names"));
  CsvReader reader(file);
  CsvRow row;
  Finding fault;
  const auto wrong = [&](const std::string& what) {
    return absl::InvalidArgumentError(Concat(path, ":", row.line, ": ", what));
  };
  CsvReader::Next next = reader.Read(&row, &fault);
  const size_t key = CellOf(row, kKeyEnglish), name = CellOf(row, kNameColumn);
  if (next == CsvReader::Next::kRow && std::max(key, name) >= row.cells.size()) {
    return wrong("a names file has the columns key and name");
  }
  while ((next = reader.Read(&row, &fault)) == CsvReader::Next::kRow) {
    if (std::max(key, name) >= row.cells.size()) return wrong("the row has too few cells");
    const std::string& resource = row.cells[name];
    const size_t slash = resource.find('/');
    if (row.cells[key].empty() || slash == std::string::npos) return wrong("not a key and a name");
    // Only what has an id of its own is named by key; the others have natural ones.
    const auto id = Id::Parse(std::string_view(resource).substr(slash + 1));
    if (!id) continue;
    const auto [at, is_new] =
        ids_.emplace(Concat(resource.substr(0, slash), "/", row.cells[key]), *id);
    if (at->second != *id) return wrong("the key has another name already");
    if (ids_.size() > kOwnKeysMax) {
      return absl::ResourceExhaustedError(
          Concat(path, ": more than ", kOwnKeysMax, " keys in all names files"));
    }
  }
  if (next == CsvReader::Next::kFault) {
    return absl::InvalidArgumentError(FindingText(path, fault));
  }
  if (reader.failed()) return absl::DataLossError(Concat("cannot read ", path));
  return absl::OkStatus();
}

std::optional<std::string> OwnKeys::Find(std::string_view collection, std::string_view key) const {
  const auto found = ids_.find(Concat(collection, "/", key));
  if (found == ids_.end()) return std::nullopt;
  return Concat(collection, "/", found->second.ToString());
}

}  // namespace learncity::importing
