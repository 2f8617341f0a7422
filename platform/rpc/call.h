// One call on its way through a server: what unary calls and streams have in common, and the unary
// call itself.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "google/protobuf/descriptor.h"
#include "grpcpp/grpcpp.h"
#include "platform/rpc/access.h"
#include "platform/rpc/caller.h"
#include "platform/rpc/field_rules.h"
#include "platform/telemetry/metrics.h"

namespace learncity::rpc {

// What is known of a method before any call. Constant; lives as long as its Gate.
struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  // "/learncity.enrollment.v1.EnrollmentService/EnrollLearner".
  std::string path;
  std::optional<std::string> permission;
  Reach reach;
  const FieldPlan* request_plan = nullptr;
  // By gRPC's code, 0 to 16.
  std::array<telemetry::Counter*, 17> calls{};
  telemetry::Histogram* seconds = nullptr;
};

// Longest time a write waits for its turn, or Await for a position, whatever the client's deadline
// says.
constexpr std::chrono::seconds kCallTimeMax{30};

// What is known of a call while it is under way. Until its end it may be used from any thread, by
// one at a time.
class AnyCall {
 public:
  AnyCall(grpc::CallbackServerContext* context, const Method& method)
      : context_(context), method_(method), began_(std::chrono::steady_clock::now()) {}

  // The other calls see only a call that was let in.
  const Caller& caller() const { return *caller_; }
  bool May(std::string_view permission) const { return caller_->May(permission); }
  const Method& method() const { return method_; }

  // What is left until the client's deadline, at most kCallTimeMax; negative when it has passed.
  std::chrono::microseconds TimeLeft() const;
  // Trailing metadata; keys of binary values end in "-bin".
  void AddTrailer(const std::string& key, const std::string& value);

 protected:
  ~AnyCall() = default;
  // Counts the call, and says in the log that it failed if it did. Once, before its status is sent.
  void Count(const grpc::Status& status);
  bool IsCancelled() const { return context_->IsCancelled(); }
  // Ends the call from here as if the client had left.
  void TryCancel() { context_->TryCancel(); }

 private:
  friend class Gate;
  grpc::CallbackServerContext* const context_;
  const Method& method_;
  const std::chrono::steady_clock::time_point began_;
  const Caller* caller_ = nullptr;
  bool counted_ = false;
};

// The reactor of a unary call: made by a Gate, which has let its caller in, and gone by itself once
// gRPC is done with it. End is called exactly once, and the call must not be touched after that,
// but for returning it from the handler.
class Call final : public AnyCall, public grpc::ServerUnaryReactor {
 public:
  using AnyCall::AnyCall;

  // Called once, from any thread, when the client or its deadline gives the call up; the call must
  // still be ended. Set inside the handler.
  void OnCancelled(std::function<void()> cancelled) { cancelled_ = std::move(cancelled); }

  // Counts the call and sends its answer.
  void End(const grpc::Status& status);
  // Whether End has been called; only for the handler, before it has handed the call on.
  bool ended() const { return ended_; }

 private:
  friend class Gate;
  ~Call() override = default;
  void OnDone() override { delete this; }
  void OnCancel() override;
  // Lets gRPC run OnDone on the thread at hand instead of waking one of its own for each call, as
  // it does for its default reactor. Not where somebody else's code runs on cancelling.
  bool InternalInlineable() override { return !cancelled_; }

  std::function<void()> cancelled_;
  bool ended_ = false;
};

}  // namespace learncity::rpc
