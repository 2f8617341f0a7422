#include "services/learncity/import/row_sender.h"

#include <set>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "platform/rpc/access.h"
#include "platform/rpc/resource_fields.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::importing {
namespace {

constexpr char kWarningsTrailer[] = "learncity-warnings-bin";

size_t BytesOf(const CsvRow& row) {
  size_t bytes = 0;
  for (const std::string& cell : row.cells) bytes += cell.size() + 1;
  return bytes;
}

const google::protobuf::Message& Prototype(const google::protobuf::Descriptor* type) {
  return *google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
}

absl::Status FileChanged() {
  return absl::AbortedError(
      "the file has changed since it was checked; leave it alone and import it again");
}

}  // namespace

RowSender::RowSender(std::istream& in, const Checked& checked, const SendOptions& options,
                     Day today, const std::shared_ptr<grpc::Channel>& channel, CsvWriter& rejects,
                     CsvWriter& names)
    : checked_(checked),
      options_(options),
      requests_(*checked.header, checked.places, checked.keys, today),
      method_(rpc::PathOf(MethodOf(checked.header->kind()))),
      response_(&Prototype(MethodOf(checked.header->kind()).output_type())),
      reader_(in),
      ids_(checked.header->kind(), options.token),
      calls_({.in_flight_max = options.in_flight_max}, options.token),
      stub_(channel),
      rejects_(rejects),
      names_(names) {}

absl::Status RowSender::Run(demo::Progress& progress) {
  CsvRow header;
  Finding fault;
  if (reader_.Read(&header, &fault) != CsvReader::Next::kRow ||
      header.cells != checked_.header->names()) {
    return FileChanged();
  }
  progress.Begin(std::string(checked_.header->kind().name), checked_.rows);
  absl::Status status = FillWindow();
  while (status.ok() && !window_.empty()) {
    status = SendWindow(progress);
    if (status.ok()) status = WriteWindow();
    if (status.ok()) status = FillWindow();
  }
  counts_.seconds = progress.End();
  counts_.retries = calls_.retries();
  if (status.ok() && rows_read_ != checked_.rows) return FileChanged();
  return status;
}

absl::Status RowSender::FillWindow() {
  window_.clear();
  const bool keeps_order = options_.in_flight_max == 1 || checked_.header->kind().one_at_a_time;
  const size_t rows_max = keeps_order ? 1 : kWindowRowsMax;
  std::set<std::string> documents;
  size_t bytes = 0;
  while (window_.size() < rows_max && bytes < kWindowBytesMax) {
    if (!held_) {
      auto read = ReadRow();
      if (!read.ok()) return read.status();
      held_ = *std::move(read);
    }
    if (!held_) break;
    // Rows about the same document wait for each other.
    if (!held_->document.empty() && !documents.insert(held_->document).second) break;
    bytes += BytesOf(held_->row);
    window_.push_back(*std::exchange(held_, std::nullopt));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RowSender::Sent>> RowSender::ReadRow() {
  Sent sent;
  Finding fault;
  const auto next = reader_.Read(&sent.row, &fault);
  if (next == CsvReader::Next::kEnd) return std::nullopt;
  Findings findings;
  if (next == CsvReader::Next::kRow) sent.request = requests_.Make(sent.row, &findings);
  if (sent.request == nullptr) return FileChanged();
  ++rows_read_;
  const Id id = ids_.Next(KeyOf(sent.row), *sent.request);
  rpc::SetText(sent.request.get(), "request_id", id.ToString());
  sent.response.reset(response_->New());
  sent.document = requests_.DocumentOf(*sent.request);
  return sent;
}

absl::Status RowSender::SendWindow(demo::Progress& progress) {
  calls_.Run(
      window_.size(),
      [&](size_t i, grpc::ClientContext* context, demo::Calls::Done done) {
        stub_.UnaryCall(context, method_, grpc::StubOptions(), window_[i].request.get(),
                        window_[i].response.get(), std::move(done));
      },
      [&](size_t i, const grpc::ClientContext& context, const grpc::Status& status) {
        const bool goes_on = Take(window_[i], context, status);
        progress.Update(counts_.done + counts_.rejected);
        return goes_on;
      });
  return failure_;
}

bool RowSender::Take(Sent& sent, const grpc::ClientContext& context, const grpc::Status& status) {
  sent.status = status;
  if (status.ok()) {
    ++counts_.done;
    const Written at = WrittenAt(context);
    if (at.position <= options_.written_before) ++counts_.repeated;
    if (at.position > written_.position) written_ = at;
    NoteWarnings(context);
    return true;
  }
  if (IsRefusal(status.error_code())) {
    ++counts_.rejected;
    ++counts_.reasons[ReasonOf(status)];
    return true;
  }
  failure_ = FromGrpc(status, Concat("the row on line ", sent.row.line));
  return false;
}

void RowSender::NoteWarnings(const grpc::ClientContext& context) {
  google::rpc::BadRequest warnings;
  if (!warnings.ParseFromString(Trailer(context, kWarningsTrailer))) return;
  for (const auto& warning : warnings.field_violations()) {
    ++counts_.warnings[Concat(warning.field(), " ", warning.description())];
  }
}

absl::Status RowSender::WriteWindow() {
  for (const Sent& sent : window_) {
    absl::Status written;
    if (sent.status.ok()) {
      const std::string key = KeyOf(sent.row);
      if (!key.empty()) written = names_.Add({key, rpc::TextOf(*sent.response, "name")});
    } else {
      std::vector<std::string> cells;
      for (size_t i = 0; i < sent.row.cells.size() && i < checked_.header->names().size(); ++i) {
        if (!checked_.header->IsPassedOver(i)) cells.push_back(sent.row.cells[i]);
      }
      cells.push_back(RefusalText(sent.status));
      cells.push_back(ReasonOf(sent.status));
      written = rejects_.Add(cells);
    }
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

std::string RowSender::KeyOf(const CsvRow& row) const {
  const auto cell = checked_.header->key();
  return cell && *cell < row.cells.size() ? row.cells[*cell] : "";
}

}  // namespace learncity::importing
