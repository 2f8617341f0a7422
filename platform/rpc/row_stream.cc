#include "platform/rpc/row_stream.h"

#include <utility>

#include "platform/rpc/status.h"

namespace learncity::rpc {
namespace {

grpc::Status Stopping() {
  return ToStatus(absl::UnavailableError(
      "The server stops. Send the rows that have no result again, to another one or later."));
}

}  // namespace

RowStream::RowStream(grpc::CallbackServerContext* context, const Method& method,
                     RowStreams& streams, Handle handle)
    : AnyCall(context, method), streams_(streams), handle_(std::move(handle)) {}

RowStream::~RowStream() { streams_.Remove(this); }

void RowStream::Begin(const grpc::Status& let_in) {
  const bool open = let_in.ok() && streams_.Add(this);
  mutex_.Lock();
  if (!open) stop_ = let_in.ok() ? Stopping() : let_in;
  Move();
}

void RowStream::OnRow(const Message* row) {
  mutex_.Lock();
  if (row == nullptr && !stop_) stop_ = grpc::Status::OK;
  if (row != nullptr && !stop_) {
    ++unanswered_;
    ++in_turn_;
    mutex_.Unlock();
    // `row` is overwritten by the next Read, and there is none while reading_ is set. The stream
    // stays: gRPC is done with none before its reactions have returned.
    handle_(*this, *row);
    mutex_.Lock();
  }
  reading_ = false;
  Move();
}

void RowStream::OnWritten() {
  mutex_.Lock();
  writing_ = nullptr;
  --unanswered_;
  Move();
}

void RowStream::OnBrokenOff() {
  mutex_.Lock();
  broken_ = true;
  results_.clear();
  stop_ = grpc::Status(grpc::StatusCode::CANCELLED, "the caller left");
  Move();
}

void RowStream::Answer(std::unique_ptr<Message> result, int64_t position,
                       const std::string& position_text) {
  mutex_.Lock();
  --in_turn_;
  if (!broken_) results_.push_back(std::move(result));
  if (position > position_) {
    position_ = position;
    position_text_ = position_text;
  }
  Move();
}

void RowStream::Stop(const grpc::Status& status) {
  mutex_.Lock();
  if (!stop_) stop_ = status;
  Move();
}

void RowStream::Move() {
  again_ = true;
  if (moving_) return mutex_.Unlock();
  moving_ = true;
  while (again_) {
    again_ = false;
    const bool read = !stop_ && !reading_ && unanswered_ < kRowsInFlightMax;
    if (read) reading_ = true;
    const Message* write = nullptr;
    if (!broken_ && !writing_ && !results_.empty()) {
      writing_ = std::move(results_.front());
      results_.pop_front();
      write = writing_.get();
    }
    const bool end = stop_ && !writing_ && in_turn_ == 0 && results_.empty();
    const grpc::Status status = end ? *stop_ : grpc::Status::OK;
    if (end && !position_text_.empty()) AddTrailer("learncity-position", position_text_);
    mutex_.Unlock();
    if (read) Read();
    if (write != nullptr) Write(*write);
    // From here on nobody else starts anything, since this thread stays the one in Move.
    if (end) return Close(status);
    mutex_.Lock();
  }
  moving_ = false;
  mutex_.Unlock();
}

void RowStream::Close(grpc::Status status) {
  if (status.ok() && IsCancelled()) status = {grpc::StatusCode::CANCELLED, "the caller left"};
  Count(status);
  End(status);
}

void RowStreams::End() {
  MutexLock lock(&mutex_);
  ended_ = true;
  for (RowStream* stream : open_) stream->Stop(Stopping());
}

bool RowStreams::Add(RowStream* stream) {
  MutexLock lock(&mutex_);
  if (!ended_) open_.insert(stream);
  return !ended_;
}

void RowStreams::Remove(RowStream* stream) {
  MutexLock lock(&mutex_);
  open_.erase(stream);
}

}  // namespace learncity::rpc
