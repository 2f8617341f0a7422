// How far the services that follow a feed are.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "learncity/feed/v1/feed.grpc.pb.h"
#include "services/learncity/demo/progress.h"
#include "services/learncity/import/status.h"

namespace learncity::importing {

// One thread.
class Followers {
 public:
  // The token is that of a caller who may wait for feeds.
  Followers(const std::shared_ptr<grpc::Channel>& channel, std::string token);

  // The position of a feed that reporting, which follows all of them, has applied: where the feed
  // ends, unless it is being written to.
  absl::StatusOr<int64_t> Applied(const std::string& feed);
  // Waits until every follower has applied a position, each half an hour at the most.
  absl::Status Follow(const std::string& feed, const Written& written, demo::Progress& progress);

 private:
  absl::StatusOr<int64_t> Await(const std::string& follower, const std::string& feed,
                                const Written& written);

  const std::unique_ptr<feed::v1::FeedService::Stub> feeds_;
  const std::string authorization_;
};

}  // namespace learncity::importing
