// What every command starts from: the city of a folder, open and not started, and its foundations.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "services/learncity/city.h"
#include "services/learncity/commands.h"
#include "services/reporting/figures.h"

namespace learncity {

struct Opened {
  std::unique_ptr<City> city;
  reporting::Foundations foundations;
};

// Makes the folder and what is in it when there is none, and brings the files of an earlier release
// up to date, if `make` says so; else NOT_FOUND or FAILED_PRECONDITION tells what to run first.
absl::StatusOr<Opened> OpenPlace(const Place& place, bool make = true);

// The catalogue, denominators and units of the place's data.
absl::StatusOr<reporting::Foundations> FoundationsOf(const Place& place);

// Says on stderr what is wrong and gives the exit code for it.
runtime::ExitCode Fail(const absl::Status& status);
runtime::ExitCode Fail(const absl::Status& status, runtime::ExitCode code);

}  // namespace learncity
