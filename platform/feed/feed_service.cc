#include "platform/feed/feed_service.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "grpcpp/alarm.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

constexpr int kPageSizeDefault = 500;
constexpr int kPageSizeMax = 2000;
// Clients take 4 MiB unless told otherwise; one record is at most about one.
constexpr size_t kPageBytesMax = size_t{3} << 20;

Refusal Refused(absl::StatusCode code, std::string reason, std::string message) {
  return {.code = code,
          .domain = "feed.learncity",
          .reason = std::move(reason),
          .message = std::move(message),
          .resource = ""};
}

template <class Value>
Refusal Unknown(std::string_view what, const std::string& name,
                const std::map<std::string, Value>& known) {
  std::vector<std::string> names;
  for (const auto& [each, value] : known) names.push_back(each);
  return Refused(
      absl::StatusCode::kNotFound, "FEED_NOT_FOUND",
      Concat("This server has no ", what, " ", name, "; it has: ", Join(names, ", "), "."));
}

void AddRecord(const ledger::Record& from, v1::Record* to) {
  using std::chrono::duration_cast;
  const auto since = from.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  to->set_position(from.position);
  to->mutable_time()->set_seconds(seconds.count());
  to->mutable_time()->set_nanos(
      static_cast<int>(duration_cast<std::chrono::nanoseconds>(since - seconds).count()));
  to->set_type(from.type);
  to->set_subject(std::string(from.subject.view()));
  to->set_version(from.version);
  to->set_data(from.data);
}

// A call that waits. Ended by whichever comes first, each on its own thread: the position, the
// deadline, or the client's leave; the others then touch the call no more. Kept by the call until
// gRPC is done with it, and by Positions until it is reached.
class Wait : public std::enable_shared_from_this<Wait> {
 public:
  Wait(rpc::Call* call, Positions& positions, v1::AwaitResponse* response)
      : call_(call), positions_(positions), response_(response) {}

  // Inside the handler.
  void Begin(const v1::AwaitRequest& request) {
    call_->OnCancelled(
        [self = shared_from_this()] { self->GiveUp(absl::CancelledError("the caller left")); });
    // Weak, since the alarm is a part of what it would keep alive.
    alarm_.Set(std::chrono::system_clock::now() + call_->TimeLeft(),
               [weak = weak_from_this()](bool rang) {
                 const auto self = rang ? weak.lock() : nullptr;
                 if (self)
                   self->GiveUp(absl::DeadlineExceededError("the follower is not there yet"));
               });
    ticket_ =
        positions_.Await(request.feed(), request.epoch(), request.position(),
                         [self = shared_from_this()](const absl::Status& status, int64_t applied) {
                           self->Reached(status, applied);
                         });
    // The alarm may have rung before there was a ticket to give back.
    if (ended_) positions_.Cancel(ticket_);
  }

 private:
  void Reached(const absl::Status& status, int64_t applied) {
    if (ended_.exchange(true)) return;
    response_->set_position(applied);
    call_->End(rpc::ToStatus(status));
  }
  void GiveUp(const absl::Status& why) {
    if (ended_.exchange(true)) return;
    positions_.Cancel(ticket_);
    call_->End(rpc::ToStatus(why));
  }

  rpc::Call* const call_;
  Positions& positions_;
  v1::AwaitResponse* const response_;
  grpc::Alarm alarm_;
  std::atomic<Positions::Ticket> ticket_{0};
  std::atomic<bool> ended_{false};
};

}  // namespace

FeedService::FeedService(ServedFeeds served, const rpc::Tokens& tokens,
                         telemetry::Registry& metrics)
    : served_(std::move(served)), gate_(v1::FeedService::service_full_name(), tokens, metrics) {}

grpc::ServerUnaryReactor* FeedService::Read(grpc::CallbackServerContext* context,
                                            const v1::ReadRequest* request,
                                            v1::ReadResponse* response) {
  return gate_.Answer(context, request, response,
                      [this](const rpc::Call&, const v1::ReadRequest& asked,
                             v1::ReadResponse* answer) { return ReadInto(asked, answer); });
}

grpc::Status FeedService::ReadInto(const v1::ReadRequest& request,
                                   v1::ReadResponse* response) const {
  const auto feed = served_.feeds.find(request.feed());
  if (feed == served_.feeds.end()) {
    return rpc::ToStatus(Unknown("feed", request.feed(), served_.feeds));
  }
  const auto reader = feed->second->Mine();
  if (!reader.ok()) return rpc::ToStatus(reader.status());
  const int limit =
      request.page_size() == 0 ? kPageSizeDefault : std::min(request.page_size(), kPageSizeMax);
  ledger::Head head;
  std::vector<ledger::Record> records;
  const absl::Status read = (*reader)->InSnapshot([&] {
    auto at = (*reader)->ReadHead();
    if (!at.ok()) return at.status();
    head = *at;
    if (head.epoch != request.epoch()) return absl::OkStatus();
    auto found = (*reader)->Read(request.after(), limit);
    if (found.ok()) records = *std::move(found);
    return found.status();
  });
  if (!read.ok()) return rpc::ToStatus(read);
  if (head.epoch != request.epoch()) {
    return rpc::ToStatus(Refused(
        absl::StatusCode::kAborted, "EPOCH_MISMATCH",
        Concat("Feed ", request.feed(), " is in epoch ", head.epoch, ", not in ", request.epoch(),
               ": its ledger was restored with a loss, and positions of the old epoch mean "
               "nothing any more.")));
  }
  size_t bytes = 0;
  for (const ledger::Record& record : records) {
    bytes += record.data.size() + record.type.size() + 64;
    if (bytes > kPageBytesMax && response->records_size() > 0) break;
    AddRecord(record, response->add_records());
  }
  response->set_head(head.position);
  response->set_epoch(head.epoch);
  return grpc::Status::OK;
}

grpc::ServerUnaryReactor* FeedService::GetHead(grpc::CallbackServerContext* context,
                                               const v1::GetHeadRequest* request,
                                               v1::SignedHead* response) {
  return gate_.Answer(context, request, response,
                      [this](const rpc::Call&, const v1::GetHeadRequest& asked,
                             v1::SignedHead* answer) -> grpc::Status {
                        if (!served_.feeds.contains(asked.feed())) {
                          return rpc::ToStatus(Unknown("feed", asked.feed(), served_.feeds));
                        }
                        *answer = served_.head(asked.feed());
                        return grpc::Status::OK;
                      });
}

grpc::ServerUnaryReactor* FeedService::Await(grpc::CallbackServerContext* context,
                                             const v1::AwaitRequest* request,
                                             v1::AwaitResponse* response) {
  rpc::Call* call = gate_.Enter(context, *request);
  if (call->ended()) return call;
  const auto follower = served_.followers.find(request->follower());
  if (follower == served_.followers.end()) {
    call->End(rpc::ToStatus(Unknown("follower", request->follower(), served_.followers)));
    return call;
  }
  std::make_shared<Wait>(call, *follower->second, response)->Begin(*request);
  return call;
}

}  // namespace learncity::feed
