// A stream of writes: each row is a write of its own and has one result.
//
// Rows are read while few are unanswered, results are written as they come, and a row that is
// refused does not stop the stream. After the client's last row and its result the stream ends OK.
// A client that breaks off, or a server that stops, ends it sooner: rows that were handed on may
// still happen, and those without a result are to be sent again.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "grpcpp/grpcpp.h"
#include "platform/rpc/call.h"
#include "platform/rpc/gate.h"
#include "platform/runtime/mutex.h"

namespace learncity::rpc {

// Rows of one stream that were read and whose results were not written yet. A client that does not
// read its results is not read from any more.
constexpr int kRowsInFlightMax = 64;

class RowStreams;

// A stream of rows without the types of its messages. gRPC calls On…, on one of its threads at a
// time each; Answer and Stop may come from any thread.
class RowStream : public AnyCall {
 public:
  using Message = google::protobuf::Message;
  // Brings about Answer, exactly once for each row, at once or later.
  using Handle = std::function<void(RowStream& stream, const Message& row)>;

  RowStream(grpc::CallbackServerContext* context, const Method& method, RowStreams& streams,
            Handle handle);

  // The result of a row, and the position it is at, or an empty text. The stream may be gone after
  // the last.
  void Answer(std::unique_ptr<Message> result, int64_t position, const std::string& position_text)
      LEARNCITY_EXCLUDES(mutex_);

 protected:
  virtual ~RowStream();

  // Begins; ends at once when `let_in` is not OK. Inside the handler.
  void Begin(const grpc::Status& let_in) LEARNCITY_EXCLUDES(mutex_);
  // `row` is nullptr when there are no more.
  void OnRow(const Message* row) LEARNCITY_EXCLUDES(mutex_);
  void OnWritten() LEARNCITY_EXCLUDES(mutex_);
  void OnBrokenOff() LEARNCITY_EXCLUDES(mutex_);

 private:
  friend class RowStreams;
  // What gRPC is asked for, by one thread at a time.
  virtual void Read() = 0;
  virtual void Write(const Message& result) = 0;
  virtual void End(const grpc::Status& status) = 0;

  // Takes no more rows, and ends once those in turns are answered.
  void Stop(const grpc::Status& status) LEARNCITY_EXCLUDES(mutex_);
  // Starts all that can be started now. Gives back the mutex; the stream may be gone after it.
  void Move() LEARNCITY_RELEASE(mutex_);
  void Close(grpc::Status status) LEARNCITY_EXCLUDES(mutex_);

  RowStreams& streams_;
  const Handle handle_;

  Mutex mutex_;
  // Read and not written.
  int unanswered_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  // Handed on and without a result.
  int in_turn_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  std::deque<std::unique_ptr<Message>> results_ LEARNCITY_GUARDED_BY(mutex_);
  std::unique_ptr<Message> writing_ LEARNCITY_GUARDED_BY(mutex_);
  bool reading_ LEARNCITY_GUARDED_BY(mutex_) = false;
  // Set when no more rows are taken: how it will end.
  std::optional<grpc::Status> stop_ LEARNCITY_GUARDED_BY(mutex_);
  // Results reach nobody any more.
  bool broken_ LEARNCITY_GUARDED_BY(mutex_) = false;
  // One thread is in Move, and whether it has to look once more.
  bool moving_ LEARNCITY_GUARDED_BY(mutex_) = false;
  bool again_ LEARNCITY_GUARDED_BY(mutex_) = false;
  int64_t position_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  std::string position_text_ LEARNCITY_GUARDED_BY(mutex_);
};

template <class Row, class Result>
class RowReactor final : public RowStream, public grpc::ServerBidiReactor<Row, Result> {
 public:
  RowReactor(grpc::CallbackServerContext* context, const Gate& gate, RowStreams& streams,
             Handle handle)
      : RowStream(context, gate.MethodOf(Row::descriptor()), streams, std::move(handle)) {
    Begin(gate.LetIn(this, method().descriptor->service()->full_name()));
  }

 private:
  ~RowReactor() override = default;
  void Read() override { this->StartRead(&row_); }
  void Write(const Message& result) override {
    this->StartWrite(static_cast<const Result*>(&result));
  }
  void End(const grpc::Status& status) override { this->Finish(status); }

  void OnReadDone(bool ok) override { OnRow(ok ? &row_ : nullptr); }
  void OnWriteDone(bool) override { OnWritten(); }
  void OnCancel() override { OnBrokenOff(); }
  void OnDone() override { delete this; }

  Row row_;
};

// The streams that are open, so that a server that stops can end them. From any thread.
class RowStreams {
 public:
  // Takes no new streams, and ends those that are open once their rows in turns are answered.
  void End() LEARNCITY_EXCLUDES(mutex_);

 private:
  friend class RowStream;
  // False after End.
  bool Add(RowStream* stream) LEARNCITY_EXCLUDES(mutex_);
  void Remove(RowStream* stream) LEARNCITY_EXCLUDES(mutex_);

  Mutex mutex_;
  std::set<RowStream*> open_ LEARNCITY_GUARDED_BY(mutex_);
  bool ended_ LEARNCITY_GUARDED_BY(mutex_) = false;
};

}  // namespace learncity::rpc
