// A feed whose ledger another process has, asked over gRPC.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "learncity/feed/v1/feed.grpc.pb.h"
#include "platform/feed/source.h"

namespace learncity::feed {

struct RemoteFeedOptions {
  std::string feed;
  // Of the ledger that follows.
  int64_t epoch = 1;
  // Of a caller who may read feeds.
  std::string token;
  // Of one call.
  std::chrono::milliseconds call_time_max{5000};
};

// From any thread. Errors are the owner's: UNAVAILABLE it does not answer · ABORTED it is in
// another epoch.
class RemoteFeed {
 public:
  RemoteFeed(RemoteFeedOptions options, const std::shared_ptr<grpc::Channel>& owner);

  // As a Source; waits for the answer.
  absl::StatusOr<std::vector<ledger::Record>> Read(int64_t after, int limit);
  absl::StatusOr<v1::SignedHead> GetHead();
  // Position of the ledger's last event as the last answer told it.
  int64_t head() const { return head_; }

 private:
  // A context with token and deadline.
  void Prepare(grpc::ClientContext& context) const;

  const RemoteFeedOptions options_;
  const std::unique_ptr<v1::FeedService::Stub> stub_;
  std::atomic<int64_t> head_{0};
};

}  // namespace learncity::feed
