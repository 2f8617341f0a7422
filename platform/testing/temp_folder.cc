#include "platform/testing/temp_folder.h"

#include <cstdlib>
#include <system_error>

#include "platform/runtime/check.h"

namespace learncity {

std::filesystem::path NewFolder(const std::string& name) {
  std::string path = std::filesystem::temp_directory_path() / (name + "-XXXXXX");
  LEARNCITY_CHECK(::mkdtemp(path.data()) != nullptr) << path;
  return path;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace learncity
