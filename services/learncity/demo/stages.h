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

// What a stage sends. Its calls are of one sort or of several, numbered from 0; what it shows of
// its progress are those of the first.
struct Stage {
  struct Sort {
    // "centers".
    std::string title;
    // "OpenCenter".
    std::string method;
  };
  std::vector<Sort> sorts;
  // Calls of the first sort.
  int64_t count = 0;
  Calls::Next next;
  Calls::Send send;
  std::function<size_t(size_t call)> sort_of;
  // Which one it is, for whoever reads of its failure: "number 2 of the 5 centers".
  std::function<std::string(size_t call)> text_of;
  // A call has ended; whether it was answered with what it asked for, or refused as a plan may be.
  std::function<void(size_t call, bool done)> ended;
};

// One thread.
class Stages {
 public:
  Stages(rpc::Peers city, const LoadOptions& options, Progress& progress);

  // Sends all of a stage.
  absl::Status Run(const Stage& stage);
  // So many of a sort of the last stage were not sent.
  void NoteSkipped(const std::string& title, int64_t count);
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
  static absl::Status Take(const Stage& stage, size_t call, const grpc::Status& status,
                           StageSummary& summary);
  void NotePosition(const grpc::ClientContext& context);
  // One call; its status.
  grpc::Status Await(const feed::v1::AwaitRequest& request);

  const rpc::Peers city_;
  const std::chrono::milliseconds follow_time_max_;
  Calls calls_;
  Progress& progress_;
  // The last that was written, by feed.
  std::map<std::string, Position, std::less<>> written_;
  std::vector<StageSummary> summaries_;
};

}  // namespace learncity::demo
