// The units and centers that a city has, by the codes by which rows name them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "learncity/registry/v1/registry.pb.h"
#include "platform/calendar/calendar.h"

namespace learncity::importing {

// What is read from a registry at most, of units as of centers.
constexpr size_t kPlacesMax = 500'000;

// One thread.
class Places {
 public:
  // All units, or all centers, page by page, with this bearer token. RESOURCE_EXHAUSTED past
  // kPlacesMax.
  absl::Status LoadUnits(const std::shared_ptr<grpc::Channel>& channel, const std::string& token);
  absl::Status LoadCenters(const std::shared_ptr<grpc::Channel>& channel, const std::string& token);

  // A unit that there will be: its name is made from code and first day, and dates are full.
  void AddUnit(const registry::v1::Unit& unit);
  void AddCenter(const registry::v1::Center& center);

  bool HasUnit(std::string_view name) const { return units_.contains(name); }
  bool HasCenter(std::string_view name) const { return centers_.contains(name); }
  // The unit that has the code on that day.
  std::optional<std::string> UnitOn(std::string_view code, Day day) const;
  // "from 2025-07-01 on": when a code is a unit's at all; empty when it never is.
  std::string DaysOf(std::string_view code) const;
  std::optional<std::string> CenterOf(std::string_view code) const;

 private:
  struct Validity {
    Day from;
    // First day on which it no longer is.
    std::optional<Day> to;
  };

  std::set<std::string, std::less<>> units_;
  std::map<std::string, std::vector<Validity>, std::less<>> days_;
  std::set<std::string, std::less<>> centers_;
  std::map<std::string, std::string, std::less<>> center_codes_;
};

// "units/00004-20250701".
std::string UnitName(std::string_view code, Day from);

}  // namespace learncity::importing
