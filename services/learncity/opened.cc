#include "services/learncity/opened.h"

#include <filesystem>
#include <iostream>

#include "platform/runtime/concat.h"
#include "services/learncity/folder.h"

namespace learncity {

absl::StatusOr<Opened> OpenPlace(const Place& place, bool make) {
  if (!make && !std::filesystem::exists(Concat(place.folder, "/reporting.ledger"))) {
    return absl::NotFoundError(Concat("there is no city in ", place.folder,
                                      "; `learncity demo` makes one to try, `learncity serve` an "
                                      "empty one"));
  }
  auto foundations = reporting::LoadFoundations(place.data, "hanoi", "VN-HN");
  if (!foundations.ok()) return foundations.status();
  if (auto status = CheckNothingIsMissing(place.folder); !status.ok()) return status;
  const auto key = LoadMasterKey(place.folder, place.master_key);
  if (!key.ok()) return key.status();
  // Who does not make a city may look at one that an earlier release serves.
  auto city = City::Open(
      *key, {.folder = place.folder, .ledger = {.upgrades = make}, .limits = place.limits});
  if (!city.ok()) return city.status();
  return Opened{.city = std::move(*city), .foundations = std::move(*foundations)};
}

runtime::ExitCode Fail(const absl::Status& status) {
  return Fail(status, runtime::FromStatus(status));
}

runtime::ExitCode Fail(const absl::Status& status, runtime::ExitCode code) {
  std::cerr << "learncity: " << std::string(status.message()) << std::endl;
  return code;
}

}  // namespace learncity
