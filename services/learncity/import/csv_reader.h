// A CSV file as spreadsheets and registers write it, row by row and in bounded memory: RFC 4180,
// with a comma, a semicolon or a tab between cells, any line ends, and a byte order mark or none.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/learncity/import/findings.h"

namespace learncity::importing {

// Bytes of one row, the line ends within its quotations included.
constexpr size_t kRowBytesMax = 64 << 10;

struct CsvRow {
  // Line of the file on which the row begins, from 1.
  int64_t line = 0;
  // UTF-8 in NFC, without white space at both ends. Line ends within are '\n'.
  std::vector<std::string> cells;
};

// One thread. Holds a row and a chunk of as many bytes at the most, whatever the stream holds.
class CsvReader {
 public:
  // `in` outlives it. The separator is what stands most often in the first row, outside quotations.
  explicit CsvReader(std::istream& in) : in_(in) {}

  enum class Next { kRow, kFault, kEnd };
  // The next row that is not empty, or what is wrong with it: the row after a fault is read as
  // ever, but past a row that is too long nothing is. Faults have no column's name.
  Next Read(CsvRow* row, Finding* fault);

  // Of the rows; known once the first was read.
  char separator() const { return separator_; }
  bool has_byte_order_mark() const { return has_mark_; }
  // Taken from the stream so far.
  int64_t bytes_read() const { return bytes_read_; }
  // Whether the stream failed, which ends it as if it ended there.
  bool failed() const { return in_.bad(); }

 private:
  enum class Ending { kCell, kRow, kFault };

  // Whether there was anything.
  bool Fill();
  int Peek() { return at_ < buffer_.size() || Fill() ? buffer_[at_] & 0xff : -1; }
  bool Take(char c);
  // Takes a line end of either kind.
  bool TakeLineEnd();
  std::optional<Finding> Begin();
  void FindSeparator();
  // One row up to its end; false with a fault.
  bool ReadCells(CsvRow* row, Finding* fault);
  Ending ReadCell(std::string* cell, Finding* fault);
  Ending ReadQuoted(std::string* cell, Finding* fault);
  // Adds a byte to the cell; false when the row is too long.
  bool Add(char c, std::string* cell, Finding* fault);
  Ending Broken(Finding* fault, std::string what);
  // Up to the line's end, unless the row is too long.
  void PassOver();

  std::istream& in_;
  std::string buffer_;
  size_t at_ = 0;
  bool begun_ = false;
  bool stopped_ = false;
  bool has_mark_ = false;
  char separator_ = ',';
  int64_t line_ = 1;
  int64_t bytes_read_ = 0;
  // Of the row so far.
  size_t row_bytes_ = 0;
};

}  // namespace learncity::importing
