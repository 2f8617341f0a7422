#include "services/learncity/import/places.h"

#include <algorithm>
#include <chrono>

#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/import/status.h"

namespace learncity::importing {
namespace {

namespace reg = registry::v1;

constexpr int kPageSize = 1000;
constexpr std::chrono::seconds kPageTimeMax{30};

// Calls `list(context, token of the page, response)` until there is no further page, and `take`
// with each response.
template <class Response, class List, class Take>
absl::Status EachPage(const std::string& token, const List& list, const Take& take) {
  std::string page_token;
  size_t taken = 0;
  do {
    grpc::ClientContext context;
    context.AddMetadata("authorization", Concat("Bearer ", token));
    context.set_deadline(std::chrono::system_clock::now() + kPageTimeMax);
    Response response;
    const grpc::Status listed = list(&context, page_token, &response);
    if (!listed.ok()) return FromGrpc(listed, "reading the registry");
    taken += take(response);
    if (taken > kPlacesMax) {
      return absl::ResourceExhaustedError(
          Concat("the registry has more than ", kPlacesMax, " places"));
    }
    page_token = response.next_page_token();
  } while (!page_token.empty());
  return absl::OkStatus();
}

}  // namespace

std::string UnitName(std::string_view code, Day from) {
  std::string first_day = FormatDay(from);
  std::erase(first_day, '-');
  return Concat("units/", code, "-", first_day);
}

absl::Status Places::LoadUnits(const std::shared_ptr<grpc::Channel>& channel,
                               const std::string& token) {
  const auto stub = reg::RegistryService::NewStub(channel);
  return EachPage<reg::ListUnitsResponse>(
      token,
      [&](grpc::ClientContext* context, const std::string& page, reg::ListUnitsResponse* response) {
        reg::ListUnitsRequest request;
        request.set_page_size(kPageSize);
        request.set_page_token(page);
        return stub->ListUnits(context, request, response);
      },
      [&](const reg::ListUnitsResponse& response) {
        for (const reg::Unit& unit : response.units()) AddUnit(unit);
        return static_cast<size_t>(response.units_size());
      });
}

absl::Status Places::LoadCenters(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::string& token) {
  const auto stub = reg::RegistryService::NewStub(channel);
  return EachPage<reg::ListCentersResponse>(
      token,
      [&](grpc::ClientContext* context, const std::string& page,
          reg::ListCentersResponse* response) {
        reg::ListCentersRequest request;
        request.set_page_size(kPageSize);
        request.set_page_token(page);
        return stub->ListCenters(context, request, response);
      },
      [&](const reg::ListCentersResponse& response) {
        for (const reg::Center& center : response.centers()) AddCenter(center);
        return static_cast<size_t>(response.centers_size());
      });
}

void Places::AddUnit(const reg::Unit& unit) {
  const Day from = DayOf(unit.valid_from());
  if (!units_.insert(UnitName(unit.code(), from)).second) return;
  Validity validity{.from = from, .to = std::nullopt};
  if (unit.has_valid_to()) validity.to = DayOf(unit.valid_to());
  days_[unit.code()].push_back(validity);
}

void Places::AddCenter(const reg::Center& center) {
  centers_.insert(center.name());
  if (!center.code().empty()) center_codes_.emplace(center.code(), center.name());
}

std::optional<std::string> Places::UnitOn(std::string_view code, Day day) const {
  const auto known = days_.find(code);
  if (known == days_.end()) return std::nullopt;
  // Of two that overlap, as when a later one is in the same file as the end of the first, the later
  // one is meant.
  std::optional<Day> latest;
  for (const Validity& validity : known->second) {
    const bool holds = validity.from <= day && (!validity.to || day < *validity.to);
    if (holds && (!latest || *latest < validity.from)) latest = validity.from;
  }
  if (!latest) return std::nullopt;
  return UnitName(code, *latest);
}

std::string Places::DaysOf(std::string_view code) const {
  const auto known = days_.find(code);
  if (known == days_.end()) return "";
  std::string text;
  for (const Validity& validity : known->second) {
    if (!text.empty()) text += ", ";
    text += Concat("from ", FormatDay(validity.from));
    text += validity.to ? Concat(" to ", FormatDay(*validity.to - std::chrono::days(1))) : " on";
  }
  return text;
}

std::optional<std::string> Places::CenterOf(std::string_view code) const {
  const auto found = center_codes_.find(code);
  if (found == center_codes_.end()) return std::nullopt;
  return found->second;
}

}  // namespace learncity::importing
