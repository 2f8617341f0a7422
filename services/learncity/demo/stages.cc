#include "services/learncity/demo/stages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

constexpr std::array<std::string_view, 6> kExpected = {"OFFERING_FULL",     "UNIT_EXISTS",
                                                       "UNIT_OVERLAPS",     "NATIONAL_ID_TAKEN",
                                                       "ALREADY_IN_SCHOOL", "ALREADY_RECOGNISED"};
constexpr char kPositionTrailer[] = "learncity-position";

absl::Status Failure(const std::string& what, const grpc::Status& status) {
  const rpc::Details details(status);
  std::string text = Concat(what, " failed with ", rpc::CodeName(status.error_code()), ": ",
                            status.error_message());
  if (!details.error.reason().empty()) {
    text += Concat(" [", details.error.reason(), " of ", details.error.domain(), "]");
  }
  for (const auto& violation : details.violations.field_violations()) {
    text += Concat("\n  ", violation.field(), " ", violation.description());
  }
  return {static_cast<absl::StatusCode>(status.error_code()), text};
}

std::optional<int64_t> Number(std::string_view text) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

Stages::Stages(rpc::Peers city, const LoadOptions& options, Progress& progress)
    : city_(std::move(city)),
      follow_time_max_(options.follow_time_max),
      calls_(options.calls, options.token),
      progress_(progress) {}

absl::Status Stages::Run(const Stage& stage) {
  const int64_t retries_before = calls_.retries();
  const size_t first = summaries_.size();
  for (const Stage::Sort& sort : stage.sorts) summaries_.push_back({.stage = sort.title});
  progress_.Begin(stage.sorts.front().title, stage.count);
  int64_t ended = 0;
  absl::Status failure;
  calls_.Run(stage.next, stage.send,
             [&](size_t call, const grpc::ClientContext& context, const grpc::Status& status) {
               const size_t sort = stage.sort_of(call);
               failure = Take(stage, call, status, summaries_[first + sort]);
               if (!failure.ok()) return false;
               if (status.ok()) NotePosition(context);
               stage.ended(call, status.ok());
               if (sort == 0) progress_.Update(++ended);
               return true;
             });
  summaries_[first].seconds = progress_.End();
  summaries_[first].retries = calls_.retries() - retries_before;
  return failure;
}

void Stages::NoteSkipped(const std::string& title, int64_t count) {
  const auto summary = std::find_if(summaries_.rbegin(), summaries_.rend(),
                                    [&](const StageSummary& one) { return one.stage == title; });
  LEARNCITY_CHECK(summary != summaries_.rend()) << title;
  summary->skipped += count;
}

absl::Status Stages::Take(const Stage& stage, size_t call, const grpc::Status& status,
                          StageSummary& summary) {
  if (status.ok()) {
    ++summary.done;
    return absl::OkStatus();
  }
  const rpc::Details details(status);
  const std::string& reason = details.error.reason();
  if (std::find(kExpected.begin(), kExpected.end(), reason) == kExpected.end()) {
    return Failure(Concat(stage.sorts[stage.sort_of(call)].method, " of ", stage.text_of(call)),
                   status);
  }
  ++summary.refused[reason];
  return absl::OkStatus();
}

void Stages::NotePosition(const grpc::ClientContext& context) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(kPositionTrailer);
  if (found == trailers.end()) return;
  // "registry/1/703".
  const std::string_view text(found->second.data(), found->second.size());
  const size_t first = text.find('/');
  const size_t second = text.rfind('/');
  if (first == std::string_view::npos || second == first) return;
  const auto epoch = Number(text.substr(first + 1, second - first - 1));
  const auto position = Number(text.substr(second + 1));
  if (!epoch || !position) return;
  Position& last = written_[std::string(text.substr(0, first))];
  if (std::pair(*epoch, *position) > std::pair(last.epoch, last.position)) {
    last = {*epoch, *position};
  }
}

absl::Status Stages::Follow(const std::string& follower, const std::string& feed) {
  const auto written = written_.find(feed);
  if (written == written_.end()) return absl::OkStatus();
  feed::v1::AwaitRequest request;
  request.set_follower(follower);
  request.set_feed(feed);
  request.set_epoch(written->second.epoch);
  request.set_position(written->second.position);
  const std::string title = Concat(follower, " follows ", feed);
  progress_.Begin(title, 1);
  summaries_.push_back({.stage = title});
  const auto deadline = std::chrono::steady_clock::now() + follow_time_max_;
  grpc::Status status;
  do {
    status = Await(request);
  } while (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
           std::chrono::steady_clock::now() < deadline);
  if (status.ok()) {
    progress_.Update(1);
    summaries_.back().done = 1;
  }
  summaries_.back().seconds = progress_.End();
  if (status.ok()) return absl::OkStatus();
  return Failure(
      Concat("Await of ", follower, " on ", feed, "/", request.epoch(), "/", request.position()),
      status);
}

grpc::Status Stages::Await(const feed::v1::AwaitRequest& request) {
  const auto stub = feed::v1::FeedService::NewStub(city_.Of(request.follower()));
  feed::v1::AwaitResponse response;
  grpc::Status ended;
  calls_.Run(
      1,
      [&](size_t, grpc::ClientContext* context, Calls::Done done) {
        stub->async()->Await(context, &request, &response, std::move(done));
      },
      [&](size_t, const grpc::ClientContext&, const grpc::Status& status) {
        ended = status;
        return true;
      });
  return ended;
}

}  // namespace learncity::demo
