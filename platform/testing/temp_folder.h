// A folder of a test's own. Tests run side by side, so no name below the temporary folder is fixed.
#pragma once

#include <filesystem>
#include <string>

namespace learncity {

// A new empty folder; `name` is what a person who finds it reads. Who asks removes it.
std::filesystem::path NewFolder(const std::string& name);

// One that is removed with all it holds at the end.
class TempFolder {
 public:
  explicit TempFolder(const std::string& name) : path_(NewFolder(name)) {}
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& file) const { return path_ / file; }

 private:
  const std::filesystem::path path_;
};

}  // namespace learncity
