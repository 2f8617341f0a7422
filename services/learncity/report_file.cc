#include "services/learncity/report_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "platform/runtime/concat.h"

namespace learncity {
namespace {

std::string MarkerOf(const std::string& folder) { return Concat(folder, "/SYNTHETIC"); }

}  // namespace

absl::Status WriteReportPage(const std::string& path, const reporting::v1::Report& report,
                             const reporting::v1::ReportContent& content, const Opened& opened,
                             bool is_synthetic) {
  std::ofstream file(path, std::ios::binary);
  file << ReportHtml({.report = report,
                      .content = content,
                      .catalogue = opened.foundations.catalogue,
                      .unit_names = UnitNamesOf(opened),
                      .is_synthetic = is_synthetic});
  file.close();
  if (!file) return absl::PermissionDeniedError(Concat("cannot write ", path));
  return absl::OkStatus();
}

UnitNames UnitNamesOf(const Opened& opened) {
  UnitNames names;
  for (const auto& [name, unit] : opened.city->board().units()->all()) {
    names[name] = unit.display_name();
  }
  return names;
}

bool IsDemo(const std::string& folder) { return std::filesystem::exists(MarkerOf(folder)); }

absl::Status MakeDemoFolder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto is_lock = [](const fs::directory_entry& e) { return e.path().filename() == "lock"; };
  const bool is_empty = !fs::exists(folder) || std::all_of(fs::directory_iterator(folder),
                                                           fs::directory_iterator(), is_lock);
  if (!is_empty && !IsDemo(folder)) {
    return absl::FailedPreconditionError(
        Concat(folder, " holds something else than a demonstration; name another --folder"));
  }
  if (IsDemo(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (!is_lock(entry)) fs::remove_all(entry.path(), error);
    }
  }
  fs::create_directories(folder, error);
  std::ofstream marker(MarkerOf(folder));
  marker << "Every person in this folder is invented.\n";
  marker.close();
  if (error || !marker) return absl::PermissionDeniedError(Concat("cannot write to ", folder));
  return absl::OkStatus();
}

}  // namespace learncity
