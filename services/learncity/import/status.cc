#include "services/learncity/import/status.h"

#include <charconv>
#include <vector>

#include "absl/strings/str_split.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::importing {
namespace {

int64_t Number(const std::string& text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

bool IsRefusal(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::ABORTED:
      return true;
    default:
      return false;
  }
}

absl::Status FromGrpc(const grpc::Status& status, std::string_view what) {
  const rpc::Details details(status);
  std::string text = Concat(what, " ended with ", rpc::CodeName(status.error_code()), ": ",
                            status.error_message());
  if (!details.error.reason().empty()) text += Concat(" [", details.error.reason(), "]");
  return {static_cast<absl::StatusCode>(status.error_code()), text};
}

std::string ReasonOf(const grpc::Status& status) {
  const rpc::Details details(status);
  if (!details.error.reason().empty()) return details.error.reason();
  return std::string(rpc::CodeName(status.error_code()));
}

std::string RefusalText(const grpc::Status& status) {
  std::string text = status.error_message();
  const rpc::Details details(status);
  for (const auto& violation : details.violations.field_violations()) {
    text += Concat(" ", violation.field(), " ", violation.description());
  }
  return text;
}

std::string Trailer(const grpc::ClientContext& context, const std::string& key) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(key);
  if (found == trailers.end()) return "";
  return {found->second.data(), found->second.size()};
}

Written WrittenAt(const grpc::ClientContext& context) {
  // "registry/1/703".
  const std::vector<std::string> parts =
      absl::StrSplit(Trailer(context, "learncity-position"), '/');
  if (parts.size() != 3) return {};
  return {.epoch = Number(parts[1]), .position = Number(parts[2])};
}

}  // namespace learncity::importing
