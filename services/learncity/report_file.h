// A report's page as a file, and how a folder with synthetic data is known.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "learncity/reporting/v1/reporting.pb.h"
#include "services/learncity/opened.h"
#include "services/learncity/report/report_html.h"

namespace learncity {

absl::Status WriteReportPage(const std::string& path, const reporting::v1::Report& report,
                             const reporting::v1::ReportContent& content, const Opened& opened,
                             bool is_synthetic);

// What the units are called that reporting has heard of.
UnitNames UnitNamesOf(const Opened& opened);

// True for a folder that `learncity demo` has made: its persons are invented.
bool IsDemo(const std::string& folder);

// Makes an empty folder for a demonstration; one that an earlier demonstration left is emptied.
// FAILED_PRECONDITION when something else stands there.
absl::Status MakeDemoFolder(const std::string& folder);

}  // namespace learncity
