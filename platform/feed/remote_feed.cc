#include "platform/feed/remote_feed.h"

#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

absl::Status FromGrpc(const grpc::Status& status, const std::string& feed) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      Concat("the owner of ", feed, ": ", status.error_message()));
}

absl::StatusOr<ledger::Record> FromProto(v1::Record& from) {
  const auto subject = Id::FromBytes(from.subject());
  if (!subject) {
    return absl::InternalError(Concat("position ", from.position(), " has no subject of 16 bytes"));
  }
  ledger::Record record;
  record.position = from.position();
  record.time = Time(std::chrono::seconds(from.time().seconds()) +
                     std::chrono::microseconds(from.time().nanos() / 1000));
  record.type = std::move(*from.mutable_type());
  record.subject = *subject;
  record.version = from.version();
  record.data = std::move(*from.mutable_data());
  return record;
}

}  // namespace

RemoteFeed::RemoteFeed(RemoteFeedOptions options, const std::shared_ptr<grpc::Channel>& owner)
    : options_(std::move(options)), stub_(v1::FeedService::NewStub(owner)) {}

void RemoteFeed::Prepare(grpc::ClientContext& context) const {
  context.AddMetadata("authorization", Concat("Bearer ", options_.token));
  context.set_deadline(std::chrono::system_clock::now() + options_.call_time_max);
}

absl::StatusOr<std::vector<ledger::Record>> RemoteFeed::Read(int64_t after, int limit) {
  v1::ReadRequest request;
  request.set_feed(options_.feed);
  request.set_epoch(options_.epoch);
  request.set_after(after);
  request.set_page_size(limit);
  grpc::ClientContext context;
  Prepare(context);
  v1::ReadResponse response;
  const grpc::Status status = stub_->Read(&context, request, &response);
  if (!status.ok()) return FromGrpc(status, options_.feed);
  head_ = response.head();
  std::vector<ledger::Record> records;
  records.reserve(static_cast<size_t>(response.records_size()));
  for (v1::Record& each : *response.mutable_records()) {
    auto record = FromProto(each);
    if (!record.ok()) return record.status();
    records.push_back(*std::move(record));
  }
  return records;
}

absl::StatusOr<v1::SignedHead> RemoteFeed::GetHead() {
  v1::GetHeadRequest request;
  request.set_feed(options_.feed);
  grpc::ClientContext context;
  Prepare(context);
  v1::SignedHead head;
  const grpc::Status status = stub_->GetHead(&context, request, &head);
  if (!status.ok()) return FromGrpc(status, options_.feed);
  head_ = head.position();
  return head;
}

}  // namespace learncity::feed
