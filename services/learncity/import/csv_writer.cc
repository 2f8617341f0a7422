#include "services/learncity/import/csv_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "platform/runtime/concat.h"

namespace learncity::importing {
namespace {

constexpr size_t kPendingBytesMax = 64 << 10;

absl::Status Failed(const std::string& what, const std::string& path) {
  // A disk that is full or broken is looked into by who keeps the machine.
  return absl::DataLossError(Concat("cannot ", what, " ", path, ": ", std::strerror(errno)));
}

bool HaveSameBytes(const std::string& a, const std::string& b) {
  std::ifstream first(a, std::ios::binary), second(b, std::ios::binary);
  using Bytes = std::istreambuf_iterator<char>;
  return first && second && std::equal(Bytes(first), Bytes(), Bytes(second), Bytes());
}

}  // namespace

CsvWriter::CsvWriter(std::string path, const CsvForm& form, std::vector<std::string> header)
    : path_(std::move(path)), form_(form), header_(std::move(header)) {}

CsvWriter::~CsvWriter() {
  if (file_.valid()) ::unlink(PartPath().c_str());
}

absl::Status CsvWriter::Add(const std::vector<std::string>& cells) {
  if (!file_.valid()) {
    file_ = runtime::UniqueFd(
        ::open(PartPath().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file_.valid()) return Failed("write", PartPath());
    if (form_.has_byte_order_mark) pending_ += "\xEF\xBB\xBF";
    Append(header_);
  }
  Append(cells);
  ++rows_;
  return pending_.size() < kPendingBytesMax ? absl::OkStatus() : Flush();
}

void CsvWriter::Append(const std::vector<std::string>& cells) {
  bool first = true;
  for (const std::string& cell : cells) {
    if (!std::exchange(first, false)) pending_ += form_.separator;
    if (cell.find_first_of("\"\r\n") == std::string::npos &&
        cell.find(form_.separator) == std::string::npos) {
      pending_ += cell;
      continue;
    }
    pending_ += '"';
    for (const char c : cell) pending_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    pending_ += '"';
  }
  pending_ += '\n';
}

absl::Status CsvWriter::Flush() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", PartPath());
    rest.remove_prefix(static_cast<size_t>(written));
  }
  pending_.clear();
  return absl::OkStatus();
}

absl::Status CsvWriter::Commit() {
  if (!file_.valid()) return absl::OkStatus();
  if (auto flushed = Flush(); !flushed.ok()) return flushed;
  if (::fsync(file_.get()) != 0) return Failed("write", PartPath());
  const std::string before = Concat(path_, ".before");
  if (std::filesystem::exists(path_) && !HaveSameBytes(path_, PartPath()) &&
      std::rename(path_.c_str(), before.c_str()) != 0) {
    return Failed("keep", path_);
  }
  if (std::rename(PartPath().c_str(), path_.c_str()) != 0) return Failed("write", path_);
  file_ = runtime::UniqueFd();
  return absl::OkStatus();
}

}  // namespace learncity::importing
