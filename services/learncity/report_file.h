// A report's page as a file, and how a folder with synthetic data is known.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "learncity/reporting/v1/reporting.pb.h"
#include "services/reporting/figures.h"

namespace learncity {

absl::Status WriteReportPage(const std::string& path, const reporting::v1::Report& report,
                             const reporting::v1::ReportContent& content,
                             const reporting::Foundations& foundations, bool is_synthetic);

// True for a folder that `learncity demo` has made: its persons are invented.
bool IsDemo(const std::string& folder);

// Makes an empty folder for a demonstration; one that an earlier demonstration left is emptied.
// FAILED_PRECONDITION when something else stands there.
absl::Status MakeDemoFolder(const std::string& folder);

}  // namespace learncity
