#include "services/learncity/import/file_check.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/container/flat_hash_set.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/import/csv_reader.h"
#include "services/learncity/import/row_requests.h"

namespace learncity::importing {
namespace {

constexpr int64_t kRowsBetweenProgress = 256;

bool Names(const Header& header, Parse parse) {
  return std::any_of(header.columns().begin(), header.columns().end(),
                     [&](const BoundColumn& bound) { return bound.column->parse == parse; });
}

class Check {
 public:
  Check(const ToCheck& what, std::istream& file, Checked* checked)
      : what_(what), reader_(file), checked_(*checked) {}

  // False when there is nothing to go on with.
  bool ReadHeader() {
    CsvRow first;
    Finding fault;
    switch (reader_.Read(&first, &fault)) {
      case CsvReader::Next::kFault:
        checked_.findings.Add(std::move(fault));
        return false;
      case CsvReader::Next::kEnd:
        checked_.findings.Add(
            {.rule = "EMPTY_FILE", .what = "the file has no row; its first names the columns."});
        return false;
      case CsvReader::Next::kRow:
        break;
    }
    checked_.form = {.separator = reader_.separator(),
                     .has_byte_order_mark = reader_.has_byte_order_mark()};
    checked_.header = Header::Bind(*what_.kind, first, &checked_.findings, what_.given);
    return checked_.header.has_value();
  }

  absl::Status LoadWhatIsNamed(const std::shared_ptr<grpc::Channel>& channel) {
    const Header& header = *checked_.header;
    absl::Status loaded;
    if (Names(header, Parse::kUnit)) loaded = checked_.places.LoadUnits(channel, what_.token);
    if (loaded.ok() && Names(header, Parse::kCenter)) {
      loaded = checked_.places.LoadCenters(channel, what_.token);
    }
    for (const std::string& path : what_.names_files) {
      if (loaded.ok()) loaded = checked_.keys.Load(path);
    }
    return loaded;
  }

  void ReadRows(demo::Progress& progress) {
    const RowRequests requests(*checked_.header, checked_.places, checked_.keys, what_.today);
    CsvRow row;
    Finding fault;
    auto next = CsvReader::Next::kEnd;
    while (!checked_.findings.full() &&
           (next = reader_.Read(&row, &fault)) != CsvReader::Next::kEnd) {
      if (next == CsvReader::Next::kFault) {
        TellFault(std::move(fault));
        fault = {};
        continue;
      }
      if (++checked_.rows > kRowsMax) {
        checked_.findings.Add(
            {.line = row.line,
             .rule = "TOO_MANY_ROWS",
             .what = Concat("the file has more than ", kRowsMax, " rows; split it.")});
        return;
      }
      if (const auto request = requests.Make(row, &checked_.findings)) NoteUnit(*request);
      CheckKey(row);
      if (checked_.rows % kRowsBetweenProgress == 0) progress.Update(reader_.bytes_read());
    }
  }

  bool failed() const { return reader_.failed(); }

 private:
  void TellFault(Finding fault) {
    const auto& names = checked_.header->names();
    const auto cell = static_cast<size_t>(fault.column);
    if (cell > 0 && cell <= names.size()) fault.name = names[cell - 1];
    checked_.findings.Add(std::move(fault));
  }

  // Later rows may be a part of it.
  void NoteUnit(const google::protobuf::Message& request) {
    if (request.GetDescriptor() == registry::v1::OpenUnitRequest::descriptor()) {
      checked_.places.AddUnit(static_cast<const registry::v1::OpenUnitRequest&>(request).unit());
    }
  }

  void CheckKey(const CsvRow& row) {
    const auto cell = checked_.header->key();
    if (!cell || *cell >= row.cells.size() || row.cells[*cell].empty()) return;
    if (keys_.insert(IdOf(row.cells[*cell])).second) return;
    checked_.findings.Add(checked_.header->At(
        row.line, *cell, "KEY_TWICE", "another row has this key; give each row a key of its own."));
  }

  const ToCheck& what_;
  CsvReader reader_;
  Checked& checked_;
  // Hashes of the own keys so far.
  absl::flat_hash_set<Id> keys_;
};

}  // namespace

absl::StatusOr<Checked> CheckFile(const ToCheck& what,
                                  const std::shared_ptr<grpc::Channel>& channel,
                                  demo::Progress& progress) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(what.path, error)) {
    return absl::NotFoundError(
        Concat(what.path, " is no file; name a CSV file, which is read twice"));
  }
  const auto bytes = static_cast<int64_t>(std::filesystem::file_size(what.path, error));
  std::ifstream file(what.path, std::ios::binary);
  if (!file) return absl::NotFoundError(Concat("cannot read ", what.path));
  Checked checked;
  Check check(what, file, &checked);
  if (check.ReadHeader()) {
    if (auto loaded = check.LoadWhatIsNamed(channel); !loaded.ok()) return loaded;
    progress.Begin("checking, bytes", bytes);
    check.ReadRows(progress);
    progress.Update(bytes);
    progress.End();
  }
  if (check.failed()) return absl::DataLossError(Concat("cannot read ", what.path));
  return checked;
}

}  // namespace learncity::importing
