#include "platform/rpc/call.h"

#include <algorithm>

#include "platform/runtime/check.h"
#include "platform/telemetry/log.h"

namespace learncity::rpc {
namespace {

bool IsFault(grpc::StatusCode code) {
  return code == grpc::StatusCode::INTERNAL || code == grpc::StatusCode::UNKNOWN ||
         code == grpc::StatusCode::DATA_LOSS;
}

}  // namespace

std::chrono::microseconds AnyCall::TimeLeft() const {
  const auto left = context_->deadline() - std::chrono::system_clock::now();
  return std::min(std::chrono::duration_cast<std::chrono::microseconds>(left),
                  std::chrono::microseconds(kCallTimeMax));
}

void AnyCall::AddTrailer(const std::string& key, const std::string& value) {
  context_->AddTrailingMetadata(key, value);
}

void AnyCall::Count(const grpc::Status& status) {
  LEARNCITY_CHECK(!counted_) << method_.path;
  counted_ = true;
  const auto code = static_cast<size_t>(status.error_code());
  method_.calls[std::min(code, method_.calls.size() - 1)]->Add();
  method_.seconds->Observe(std::chrono::steady_clock::now() - began_);
  if (IsFault(status.error_code())) {
    telemetry::Log(telemetry::Level::kError, "call_failed",
                   {{"method", method_.path}, {"code", static_cast<int>(code)}});
  }
}

void Call::End(const grpc::Status& status) {
  ended_ = true;
  Count(status);
  Finish(status);
}

void Call::OnCancel() {
  if (cancelled_) cancelled_();
}

}  // namespace learncity::rpc
