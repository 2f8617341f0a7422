// What every method of a service begins with: who calls, may they, is what they ask for within
// their scope, is the request well formed; and what it is counted by.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "grpcpp/grpcpp.h"
#include "platform/rpc/call.h"
#include "platform/rpc/caller.h"
#include "platform/telemetry/metrics.h"

namespace learncity::rpc {

// Constant after construction; used from any thread. Outlives the server that its calls come from.
class Gate {
 public:
  // `service` is the full name, as EnrollmentService::service_full_name() gives it. Each method's
  // request is of a type of its own, by which the method is known. Adds learncity_rpc_calls_total
  // and learncity_rpc_call_seconds to `metrics`. `within` is asked for callers whose scope is
  // narrower than the city; without it they may call what is public.
  Gate(const std::string& service, const Tokens& tokens, telemetry::Registry& metrics,
       Within within = {});

  // The call; ended already when caller or request are refused. Return it from the handler.
  Call* Enter(grpc::CallbackServerContext* context, const google::protobuf::Message& request) const;

  // The same in two steps, for streams. Says who calls, and why they may not, if so: the call is
  // then to be ended with this status.
  grpc::Status LetIn(AnyCall* call, std::string_view resource) const;
  // What is wrong with a request, or with a row's, of a caller who is known; `method` is the one
  // that takes it. First whether permission and scope let them make it.
  grpc::Status Check(const AnyCall& call, const Method& method,
                     const google::protobuf::Message& request) const;
  // The method that takes a request of this type.
  const Method& MethodOf(const google::protobuf::Descriptor* request) const;
  // Whether a caller who was let in may see a resource that a list came upon.
  absl::StatusOr<bool> Shows(const Call& call, const std::string& resource) const;

  // A method that is answered at once, without a turn: `handle(call, request, response)` gives the
  // status. It may read for milliseconds, not longer.
  template <class Request, class Response, class Handle>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, const Request* request,
                                   Response* response, const Handle& handle) const {
    Call* call = Enter(context, *request);
    if (!call->ended()) call->End(handle(static_cast<const Call&>(*call), *request, response));
    return call;
  }

 private:
  // Says who calls.
  grpc::Status Identify(AnyCall* call) const;
  // OK when the caller's permission and scope let them make this request, else PERMISSION_DENIED,
  // which does not tell which of the two lacked; or the fault that kept the scope from being looked
  // up.
  grpc::Status Refuse(const Caller& caller, const Method& method,
                      const google::protobuf::Message& request) const;
  const Tokens& tokens_;
  const Within within_;
  std::unordered_map<const google::protobuf::Descriptor*, Method> methods_;
};

}  // namespace learncity::rpc
