// The first pass over a file: everything that can be known of it before anything is sent.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "services/learncity/demo/progress.h"
#include "services/learncity/import/csv_writer.h"
#include "services/learncity/import/findings.h"
#include "services/learncity/import/header.h"
#include "services/learncity/import/kinds.h"
#include "services/learncity/import/own_keys.h"
#include "services/learncity/import/places.h"

namespace learncity::importing {

// Rows of one file; more are split over several.
constexpr int64_t kRowsMax = 3'000'000;

struct ToCheck {
  const Kind* kind = nullptr;
  std::string path;
  // Of own keys.
  std::vector<std::string> names_files;
  // Of a caller who may read the registry.
  std::string token;
  // The day on which a unit's code is meant where the row has no date for it.
  Day today;
  Given given;
};

struct Checked {
  Findings findings;
  // Absent when the first row is not one.
  std::optional<Header> header;
  // What rows name, with the units that the file itself opens.
  Places places;
  OwnKeys keys;
  CsvForm form;
  int64_t rows = 0;
};

// Reads all of the file, or up to kFindingsMax findings, and asks the server for the units and
// centers that a column may name. A fault is a file or a server that cannot be read.
absl::StatusOr<Checked> CheckFile(const ToCheck& what,
                                  const std::shared_ptr<grpc::Channel>& channel,
                                  demo::Progress& progress);

}  // namespace learncity::importing
