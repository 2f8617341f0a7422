// The second pass over a file: each row as a call, a window of rows at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "services/learncity/demo/calls.h"
#include "services/learncity/demo/progress.h"
#include "services/learncity/import/csv_reader.h"
#include "services/learncity/import/csv_writer.h"
#include "services/learncity/import/file_check.h"
#include "services/learncity/import/request_ids.h"
#include "services/learncity/import/row_requests.h"
#include "services/learncity/import/status.h"

namespace learncity::importing {

// Rows in memory at once, and their bytes in the file.
constexpr size_t kWindowRowsMax = 2048;
constexpr size_t kWindowBytesMax = 8 << 20;

struct SendOptions {
  // Of a caller who may send the kind's rows.
  std::string token;
  // Calls at once, 1 to 256. One keeps the file's order; with more it is kept only among rows about
  // the same document, and for units.
  int in_flight_max = 64;
  // Where the kind's feed ended before: what is answered with no later position was done before.
  int64_t written_before = 0;
};

struct SendCounts {
  // Answered with what the row made, now or before.
  int64_t done = 0;
  // Of these, what was done before this import.
  int64_t repeated = 0;
  // Refused, by reason.
  int64_t rejected = 0;
  std::map<std::string, int64_t> reasons;
  // Done in spite of something that may be wrong, by field and what it is.
  std::map<std::string, int64_t> warnings;
  // Tries that were answered with "busy" and repeated.
  int64_t retries = 0;
  double seconds = 0;
};

// One thread.
class RowSender {
 public:
  // All outlive it. Rows are read from `in`, whose file was checked without findings; refused rows
  // are added to `rejects`, names by own key to `names`, both in the file's order.
  RowSender(std::istream& in, const Checked& checked, const SendOptions& options, Day today,
            const std::shared_ptr<grpc::Channel>& channel, CsvWriter& rejects, CsvWriter& names);

  // Sends all rows. A fault ends it: what was sent stays, and sending the file again goes on from
  // there. ABORTED when the file is no longer what was checked.
  absl::Status Run(demo::Progress& progress);

  const SendCounts& counts() const { return counts_; }
  // The last place that was written.
  const Written& written() const { return written_; }

 private:
  using Message = google::protobuf::Message;
  struct Sent {
    CsvRow row;
    std::unique_ptr<Message> request;
    std::unique_ptr<Message> response;
    // Which document it is about, when rows may be about the same.
    std::string document;
    grpc::Status status;
  };

  // Reads the next rows; none at the file's end.
  absl::Status FillWindow();
  absl::StatusOr<std::optional<Sent>> ReadRow();
  absl::Status SendWindow(demo::Progress& progress);
  // False with `failure_` when it ends the import.
  bool Take(Sent& sent, const grpc::ClientContext& context, const grpc::Status& status);
  void NoteWarnings(const grpc::ClientContext& context);
  // Puts the window's refusals and names into their files.
  absl::Status WriteWindow();
  std::string KeyOf(const CsvRow& row) const;

  const Checked& checked_;
  const SendOptions options_;
  const RowRequests requests_;
  const std::string method_;
  const Message* response_ = nullptr;
  CsvReader reader_;
  RequestIds ids_;
  demo::Calls calls_;
  grpc::TemplatedGenericStub<Message, Message> stub_;
  CsvWriter& rejects_;
  CsvWriter& names_;

  std::vector<Sent> window_;
  // Read, and to be sent after the window.
  std::optional<Sent> held_;
  int64_t rows_read_ = 0;
  absl::Status failure_;
  SendCounts counts_;
  Written written_;
};

}  // namespace learncity::importing
