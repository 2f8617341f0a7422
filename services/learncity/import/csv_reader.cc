#include "services/learncity/import/csv_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/text/unicode.h"

namespace learncity::importing {
namespace {

constexpr size_t kChunkBytes = 64 << 10;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool IsEmpty(const CsvRow& row) {
  return std::all_of(row.cells.begin(), row.cells.end(),
                     [](const std::string& cell) { return cell.empty(); });
}

// Normalises the cells; false with a fault when one is no text.
bool Normalise(CsvRow* row, Finding* fault) {
  for (size_t i = 0; i < row->cells.size(); ++i) {
    std::string& cell = row->cells[i];
    const auto bad = text::FindBadText(cell);
    if (!bad) {
      cell = text::Normalised(cell);
      continue;
    }
    const bool not_utf8 = *bad == text::BadText::kNotUtf8;
    *fault = {.line = row->line,
              .column = static_cast<int>(i) + 1,
              .rule = not_utf8 ? "NOT_UTF8" : "CONTROL_CHARACTER",
              .what = not_utf8 ? "the cell is not UTF-8; save the file as \"CSV UTF-8\"."
                               : "the cell holds a character that cannot be shown; type it anew."};
    return false;
  }
  return true;
}

}  // namespace

bool CsvReader::Fill() {
  if (!in_.good()) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t before = buffer_.size();
  buffer_.resize(before + kChunkBytes);
  in_.read(buffer_.data() + before, static_cast<std::streamsize>(kChunkBytes));
  buffer_.resize(before + static_cast<size_t>(in_.gcount()));
  bytes_read_ += in_.gcount();
  return buffer_.size() > before;
}

bool CsvReader::Take(char c) {
  if (Peek() != (c & 0xff)) return false;
  ++at_;
  return true;
}

bool CsvReader::TakeLineEnd() {
  const bool has_return = Take('\r');
  const bool has_feed = Take('\n');
  if (has_return || has_feed) ++line_;
  return has_return || has_feed;
}

std::optional<Finding> CsvReader::Begin() {
  begun_ = true;
  Peek();
  const std::string_view begin(buffer_);
  if (begin.starts_with("\xFF\xFE") || begin.starts_with("\xFE\xFF")) {
    stopped_ = true;
    return Finding{
        .line = 1, .rule = "NOT_UTF8", .what = "the file is UTF-16; save it as \"CSV UTF-8\"."};
  }
  has_mark_ = begin.starts_with(kMark);
  if (has_mark_) at_ += kMark.size();
  while (TakeLineEnd()) {
  }
  FindSeparator();
  return std::nullopt;
}

void CsvReader::FindSeparator() {
  struct Count {
    char separator;
    int times = 0;
  };
  std::array<Count, 3> counts = {Count{','}, Count{';'}, Count{'\t'}};
  bool quoted = false;
  for (size_t i = at_; i - at_ <= kRowBytesMax; ++i) {
    if (i >= buffer_.size()) {
      const size_t passed = i - at_;
      if (!Fill()) break;
      i = at_ + passed;
    }
    const char c = buffer_[i];
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    for (Count& count : counts) {
      if (!quoted && c == count.separator) ++count.times;
    }
  }
  separator_ = std::max_element(counts.begin(), counts.end(), [](const Count& a, const Count& b) {
                 return a.times < b.times;
               })->separator;
}

CsvReader::Next CsvReader::Read(CsvRow* row, Finding* fault) {
  if (!begun_) {
    if (auto wrong = Begin()) {
      *fault = *std::move(wrong);
      return Next::kFault;
    }
  }
  while (!stopped_ && Peek() >= 0) {
    if (!ReadCells(row, fault) || !Normalise(row, fault)) return Next::kFault;
    if (!IsEmpty(*row)) return Next::kRow;
  }
  return Next::kEnd;
}

bool CsvReader::ReadCells(CsvRow* row, Finding* fault) {
  row->line = line_;
  row->cells.clear();
  row_bytes_ = 0;
  Ending ending = Ending::kCell;
  while (ending == Ending::kCell) ending = ReadCell(&row->cells.emplace_back(), fault);
  if (ending == Ending::kRow) return true;
  fault->line = row->line;
  fault->column = static_cast<int>(row->cells.size());
  return false;
}

CsvReader::Ending CsvReader::ReadCell(std::string* cell, Finding* fault) {
  if (Take('"')) return ReadQuoted(cell, fault);
  while (true) {
    const int c = Peek();
    if (c < 0 || c == '\n' || c == '\r') {
      TakeLineEnd();
      return Ending::kRow;
    }
    if (Take(separator_)) {
      ++row_bytes_;
      return Ending::kCell;
    }
    if (c == '"') {
      return Broken(fault,
                    "a quotation mark stands within a cell; put the whole cell into quotation "
                    "marks and double the mark within.");
    }
    ++at_;
    if (!Add(static_cast<char>(c), cell, fault)) return Ending::kFault;
  }
}

CsvReader::Ending CsvReader::ReadQuoted(std::string* cell, Finding* fault) {
  while (true) {
    const int c = Peek();
    if (c < 0) {
      return Broken(fault, "a quotation is not closed before the file ends; close it.");
    }
    if (c == '\n' || c == '\r') {
      TakeLineEnd();
      if (!Add('\n', cell, fault)) return Ending::kFault;
      continue;
    }
    ++at_;
    if (c == '"' && !Take('"')) break;
    if (!Add(static_cast<char>(c), cell, fault)) return Ending::kFault;
  }
  if (Take(separator_)) return Ending::kCell;
  if (Peek() < 0 || TakeLineEnd()) return Ending::kRow;
  return Broken(fault,
                "something follows a closed quotation; double quotation marks that are meant to "
                "stand within it.");
}

bool CsvReader::Add(char c, std::string* cell, Finding* fault) {
  *cell += c;
  if (++row_bytes_ <= kRowBytesMax) return true;
  stopped_ = true;
  fault->rule = "ROW_TOO_LONG";
  fault->what = Concat("the row has more than ", kRowBytesMax,
                       " bytes, and nothing after it was read; look for a quotation that is not "
                       "closed, or for line ends that are missing.");
  return false;
}

CsvReader::Ending CsvReader::Broken(Finding* fault, std::string what) {
  fault->rule = "BROKEN_QUOTATION";
  fault->what = std::move(what);
  PassOver();
  return Ending::kFault;
}

void CsvReader::PassOver() {
  while (Peek() >= 0 && !TakeLineEnd()) {
    ++at_;
    if (++row_bytes_ > kRowBytesMax) {
      stopped_ = true;
      return;
    }
  }
}

}  // namespace learncity::importing
