// A file into a city: checked, then sent row by row through the methods that anybody calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "services/learncity/demo/progress.h"
#include "services/learncity/import/file_check.h"
#include "services/learncity/import/findings.h"
#include "services/learncity/import/kinds.h"
#include "services/learncity/import/row_sender.h"

namespace learncity::importing {

struct FileToImport {
  const Kind* kind = nullptr;
  std::string path;
  std::vector<std::string> names_files;
  // Of a caller of the kind's role.
  std::string token;
  // Checks and counts, and sends nothing.
  bool dry_run = false;
  int in_flight_max = 64;
  Day today;
  Given given;
};

struct Imported {
  // Any of these, and nothing was sent.
  Findings findings;
  // Rows in the file, up to the last that was checked.
  int64_t rows = 0;
  SendCounts counts;
  // Files that were written; empty when there was nothing to write.
  std::string reject_file;
  std::string names_file;
};

// Asks the server how far it is, checks the file, sends it, and waits until every follower has
// applied what was written, so that what is imported next finds it. A fault ends it: importing the
// same file again, with the same token and within seven days, goes on from there.
absl::StatusOr<Imported> ImportFile(const FileToImport& what,
                                    const std::shared_ptr<grpc::Channel>& channel,
                                    demo::Progress& progress);

}  // namespace learncity::importing
