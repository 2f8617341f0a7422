#include "platform/ledger/decision.h"

#include "absl/strings/str_split.h"
#include "learncity/options/v1/options.pb.h"
#include "platform/runtime/concat.h"

namespace learncity {

Refusal MakeRefusal(const google::protobuf::EnumValueDescriptor* reason, std::string_view resource,
                    std::string message) {
  Refusal refusal;
  const auto code = reason->options().GetExtension(options::v1::code);
  if (code != google::rpc::OK) refusal.code = static_cast<absl::StatusCode>(code);
  // learncity.enrollment.v1 → enrollment.learncity
  const std::vector<std::string> package = absl::StrSplit(reason->file()->package(), '.');
  refusal.domain = package.size() >= 2 ? Concat(package[1], ".", package[0]) : package[0];
  refusal.reason = reason->name();
  refusal.message = std::move(message);
  refusal.resource = std::string(resource);
  return refusal;
}

}  // namespace learncity
