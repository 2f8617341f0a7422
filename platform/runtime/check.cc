#include "platform/runtime/check.h"

#include <unistd.h>

#include <cstdlib>

namespace learncity::runtime::internal {

CheckFailure::CheckFailure(const char* file, int line, std::string_view what) {
  text_ << file << ":" << line << ": check failed: " << what << ". ";
}

CheckFailure::~CheckFailure() {
  text_ << "\n";
  const std::string line = text_.str();
  // Nothing can be done about a stderr that does not take it.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  std::abort();
}

}  // namespace learncity::runtime::internal
