#include "tests/contract/published.h"

#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "platform/runtime/check.h"

namespace learncity::contract {

namespace fs = std::filesystem;

std::vector<fs::path> PublishedReleases() {
  const fs::path published = fs::path(LEARNCITY_SOURCE_DIR) / "tests/contract/published";
  std::vector<fs::path> releases;
  if (!fs::exists(published)) return releases;
  for (const auto& entry : fs::directory_iterator(published)) releases.push_back(entry.path());
  return releases;
}

std::vector<PublishedLine> ReadPublished(const fs::path& path, bool has_position) {
  std::ifstream file(path);
  LEARNCITY_CHECK(file) << "cannot read " << path.string();
  std::vector<PublishedLine> lines;
  std::string text;
  while (std::getline(file, text)) {
    std::istringstream words(text);
    PublishedLine line;
    std::string document, hex;
    if (has_position) words >> line.position;
    words >> line.type >> document >> line.version >> hex;
    const auto id = Id::Parse(document);
    LEARNCITY_CHECK(!words.fail() && id) << path.string() << ": " << text;
    line.document = *id;
    line.bytes = absl::HexStringToBytes(hex);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace learncity::contract
