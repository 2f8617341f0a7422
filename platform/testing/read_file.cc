#include "platform/testing/read_file.h"

#include <fstream>
#include <sstream>

namespace learncity {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace learncity
