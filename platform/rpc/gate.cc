#include "platform/rpc/gate.h"

#include <variant>
#include <vector>

#include "platform/rpc/access.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"

namespace learncity::rpc {
namespace {

// What a request is about, for the words of a refusal: its name, else the service.
std::string ResourceOf(const google::protobuf::Message& request, const Method& method) {
  const auto* field = request.GetDescriptor()->FindFieldByName("name");
  if (field != nullptr && field->type() == google::protobuf::FieldDescriptor::TYPE_STRING) {
    std::string name = request.GetReflection()->GetString(request, field);
    if (!name.empty() && name.size() <= 100) return name;
  }
  return method.descriptor->service()->full_name();
}

}  // namespace

Gate::Gate(const std::string& service, const Tokens& tokens, telemetry::Registry& metrics,
           Within within)
    : tokens_(tokens), within_(std::move(within)) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  LEARNCITY_CHECK(descriptor != nullptr) << "no linked proto declares " << service;
  std::vector<std::string> names;
  for (int i = 0; i < descriptor->method_count(); ++i) {
    names.push_back(descriptor->method(i)->name());
  }
  std::vector<std::string> codes;
  for (int code = 0; code <= 16; ++code) {
    codes.emplace_back(CodeName(static_cast<grpc::StatusCode>(code)));
  }
  auto& calls = metrics.AddCounters({.name = "learncity_rpc_calls_total",
                                     .help = "Calls answered, by gRPC code.",
                                     .fixed = {{"service", service}},
                                     .labels = {{"method", names}, {"code", codes}}});
  auto& seconds = metrics.AddHistograms({.name = "learncity_rpc_call_seconds",
                                         .help = "Time from a call's handler to its answer.",
                                         .fixed = {{"service", service}},
                                         .labels = {{"method", names}}},
                                        telemetry::kSecondsBounds);
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const auto* of = descriptor->method(i);
    Method method{.descriptor = of,
                  .path = PathOf(*of),
                  .permission = PermissionOf(*of),
                  .reach = ReachOf(*of),
                  .request_plan = &FieldPlan::Of(of->input_type()),
                  .calls = {},
                  .seconds = &seconds.With({of->name()})};
    for (size_t code = 0; code < codes.size(); ++code) {
      method.calls[code] = &calls.With({of->name(), codes[code]});
    }
    const bool added = methods_.emplace(of->input_type(), std::move(method)).second;
    LEARNCITY_CHECK(added) << of->full_name() << " shares its request type with another method";
  }
}

const Method& Gate::MethodOf(const google::protobuf::Descriptor* request) const {
  const auto method = methods_.find(request);
  LEARNCITY_CHECK(method != methods_.end()) << request->full_name();
  return method->second;
}

grpc::Status Gate::Identify(AnyCall* call) const {
  auto caller = Authenticate(call->context_->client_metadata(), tokens_);
  if (const auto* refusal = std::get_if<Refusal>(&caller)) return ToStatus(*refusal);
  call->caller_ = std::get<const Caller*>(caller);
  return grpc::Status::OK;
}

grpc::Status Gate::LetIn(AnyCall* call, std::string_view resource) const {
  if (auto status = Identify(call); !status.ok()) return status;
  const auto refusal = Authorise(*call->caller_, call->method().permission, resource);
  return refusal ? ToStatus(*refusal) : grpc::Status::OK;
}

grpc::Status Gate::Check(const AnyCall& call, const Method& method,
                         const google::protobuf::Message& request) const {
  if (auto refused = Refuse(*call.caller_, method, request); !refused.ok()) return refused;
  google::rpc::BadRequest violations;
  method.request_plan->Check(request, &violations);
  return ToStatus(violations);
}

Call* Gate::Enter(grpc::CallbackServerContext* context,
                  const google::protobuf::Message& request) const {
  const Method& method = MethodOf(request.GetDescriptor());
  auto* call = new Call(context, method);
  auto status = Identify(call);
  if (status.ok()) status = Check(*call, method, request);
  if (!status.ok()) call->End(status);
  return call;
}

grpc::Status Gate::Refuse(const Caller& caller, const Method& method,
                          const google::protobuf::Message& request) const {
  if (method.permission && caller.May(*method.permission)) {
    if (caller.scope.is_city()) return grpc::Status::OK;
    const auto reached = IsReached(method.reach, caller.scope, request, within_);
    if (!reached.ok()) return ToStatus(reached.status());
    if (*reached) return grpc::Status::OK;
  }
  return ToStatus(Denied(method.permission, ResourceOf(request, method)));
}

absl::StatusOr<bool> Gate::Shows(const Call& call, const std::string& resource) const {
  const Scope& scope = call.caller().scope;
  if (scope.is_city() || call.method().reach.is_public) return true;
  return within_ ? within_(scope, resource) : false;
}

}  // namespace learncity::rpc
