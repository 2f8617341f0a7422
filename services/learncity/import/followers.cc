#include "services/learncity/import/followers.h"

#include <chrono>
#include <string_view>

#include "platform/runtime/concat.h"

namespace learncity::importing {
namespace {

constexpr std::chrono::seconds kTryTimeMax{25};
constexpr std::chrono::minutes kFollowTimeMax{30};

struct Following {
  std::string_view feed;
  std::string_view follower;
};

constexpr std::string_view kFollowsAll = "reporting";
constexpr Following kFollowings[] = {
    {"registry", "enrollment"},     {"registry", "achievements"}, {"registry", kFollowsAll},
    {"enrollment", "achievements"}, {"enrollment", kFollowsAll},  {"achievements", kFollowsAll},
};

}  // namespace

Followers::Followers(const std::shared_ptr<grpc::Channel>& channel, std::string token)
    : feeds_(feed::v1::FeedService::NewStub(channel)), authorization_(Concat("Bearer ", token)) {}

absl::StatusOr<int64_t> Followers::Await(const std::string& follower, const std::string& feed,
                                         const Written& written) {
  feed::v1::AwaitRequest request;
  request.set_follower(follower);
  request.set_feed(feed);
  request.set_epoch(written.epoch);
  request.set_position(written.position);
  const auto deadline = std::chrono::steady_clock::now() + kFollowTimeMax;
  grpc::Status status;
  feed::v1::AwaitResponse response;
  do {
    grpc::ClientContext context;
    context.AddMetadata("authorization", authorization_);
    context.set_deadline(std::chrono::system_clock::now() + kTryTimeMax);
    status = feeds_->Await(&context, request, &response);
  } while (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
           std::chrono::steady_clock::now() < deadline);
  if (!status.ok()) return FromGrpc(status, Concat("waiting for ", follower));
  return response.position();
}

absl::StatusOr<int64_t> Followers::Applied(const std::string& feed) {
  return Await(std::string(kFollowsAll), feed, {});
}

absl::Status Followers::Follow(const std::string& feed, const Written& written,
                               demo::Progress& progress) {
  if (written.position == 0) return absl::OkStatus();
  for (const Following& following : kFollowings) {
    if (following.feed != feed) continue;
    const std::string follower(following.follower);
    progress.Begin(Concat(follower, " follows ", feed), 1);
    const auto reached = Await(follower, feed, written);
    if (reached.ok()) progress.Update(1);
    progress.End();
    if (!reached.ok()) return reached.status();
  }
  return absl::OkStatus();
}

}  // namespace learncity::importing
