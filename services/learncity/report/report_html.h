// A report as one HTML page, Vietnamese and English side by side. The page needs nothing
// from elsewhere, neither script nor font nor picture, and prints on A4. Pure: the same report is
// the same page.
#pragma once

#include <map>
#include <string>

#include "learncity/reporting/v1/catalogue.pb.h"
#include "learncity/reporting/v1/reporting.pb.h"

namespace learncity {

// What units are called, by their names: "Phường Ba Đình" of "units/00004-20250701".
using UnitNames = std::map<std::string, std::string>;

struct ReportPage {
  // Name, title, digest, heads and time of freezing.
  const reporting::v1::Report& report;
  // What the report's content parses to.
  const reporting::v1::ReportContent& content;
  // The one that the report was frozen with; an indicator that it lacks is shown under its name.
  const reporting::v1::Catalogue& catalogue;
  // A unit that they lack is shown under its name.
  UnitNames unit_names;
  // Says on top that the persons are invented.
  bool is_synthetic = false;
};

// Every text with the figures that back it; every figure with numerator, denominator, status,
// coverage and comment; every definition with its source; entered values with their evidence;
// positions, digests and signed heads.
std::string ReportHtml(const ReportPage& page);

}  // namespace learncity
