// The bytes of a file, for tests.
#pragma once

#include <filesystem>
#include <string>

namespace learncity {

// Empty where there is none.
std::string ReadFile(const std::filesystem::path& path);

}  // namespace learncity
