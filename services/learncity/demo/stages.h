// One stage of a load: its calls, what became of them, and how far the feeds have been written.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "learncity/feed/v1/feed.grpc.pb.h"
#include "services/learncity/demo/calls.h"
#include "services/learncity/demo/loader.h"
#include "services/learncity/demo/progress.h"

namespace learncity::demo {

// Names of resources, by the index of the request that asks for them; empty where there is none.
using Names = std::vector<std::string>;

// What a stage sends.
struct Stage {
  // "centers".
  std::string title;
  // "OpenCenter".
  std::string method;
  // The requests to send, as indexes; the others are skipped.
  std::vector<size_t> wanted;
  // Starts the call of a request.
  Calls::Send send;
  // The name of what a request was answered with; called once, when it was.
  std::function<std::string(size_t request)> name_of;
};

// One thread.
class Stages {
 public:
  Stages(const std::shared_ptr<grpc::Channel>& channel, const LoadOptions& options,
         Progress& progress);

  // Sends all of a stage. `names` has as many elements as there are requests.
  absl::Status Run(const Stage& stage, Names& names);
  // Waits until `follower` has applied what was written to `feed`.
  absl::Status Follow(const std::string& follower, const std::string& feed);

  // Of the stages so far.
  const std::vector<StageSummary>& summaries() const { return summaries_; }

 private:
  struct Position {
    int64_t epoch = 1;
    int64_t position = 0;
  };

  // Takes a call's status into the summary. A failure that ends the load is returned.
  absl::Status Take(const Stage& stage, size_t request, const grpc::Status& status, Names& names);
  void NotePosition(const grpc::ClientContext& context);
  // One call; its status.
  grpc::Status Await(const feed::v1::AwaitRequest& request);

  const std::unique_ptr<feed::v1::FeedService::Stub> feed_;
  const std::chrono::milliseconds follow_time_max_;
  Calls calls_;
  Progress& progress_;
  // The last that was written, by feed.
  std::map<std::string, Position, std::less<>> written_;
  std::vector<StageSummary> summaries_;
};

}  // namespace learncity::demo
