#include "services/learncity/import/csv_reader.h"

#include <sstream>
#include <streambuf>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace learncity::importing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Result {
  std::vector<CsvRow> rows;
  std::vector<Finding> faults;
  char separator = ',';
};

Result ReadAll(const std::string& bytes) {
  std::istringstream in(bytes);
  CsvReader reader(in);
  Result result;
  CsvRow row;
  Finding fault;
  while (true) {
    const auto next = reader.Read(&row, &fault);
    if (next == CsvReader::Next::kEnd) break;
    if (next == CsvReader::Next::kRow) result.rows.push_back(row);
    if (next == CsvReader::Next::kFault) result.faults.push_back(fault);
  }
  result.separator = reader.separator();
  return result;
}

std::vector<std::vector<std::string>> CellsOf(const std::string& bytes) {
  const Result result = ReadAll(bytes);
  EXPECT_THAT(result.faults, IsEmpty());
  std::vector<std::vector<std::string>> cells;
  for (const CsvRow& row : result.rows) cells.push_back(row.cells);
  return cells;
}

TEST(CsvReader, ReadsRowsOfRfc4180) {
  EXPECT_THAT(CellsOf("a,b\n\"x, \"\"y\"\"\",\n"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("x, \"y\"", "")));
}

TEST(CsvReader, TakesAnyLineEndAndAByteOrderMark) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string file = "\xEF\xBB\xBF" + std::string("a,b") + end + "1,2" + end + "3,4";
    EXPECT_THAT(CellsOf(file),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2"), ElementsAre("3", "4")));
  }
}

TEST(CsvReader, FindsTheSeparatorInTheHeader) {
  EXPECT_THAT(CellsOf("a;b\n1,5;2\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1,5", "2")));
  EXPECT_THAT(CellsOf("a\tb\n1\t2;3\n"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2;3")));
  // What stands in a quotation separates nothing.
  EXPECT_EQ(ReadAll("\"a,b,c,d\";e\n").separator, ';');
  EXPECT_EQ(ReadAll("one column\nx;y\n").separator, ',');
}

TEST(CsvReader, PassesOverEmptyRowsAndStillCountsLines) {
  const Result result = ReadAll("\r\n\na,b\n\n ,  \n,\n1,\"two\nlines\"\n3,4\n");
  ASSERT_THAT(result.rows, SizeIs(3));
  EXPECT_EQ(result.rows[0].line, 3);
  EXPECT_EQ(result.rows[1].line, 7);
  EXPECT_THAT(result.rows[1].cells, ElementsAre("1", "two\nlines"));
  EXPECT_EQ(result.rows[2].line, 9);
}

TEST(CsvReader, BringsTextToOneForm) {
  // The same name as letters with marks of their own, within Windows' line ends and spaces.
  EXPECT_THAT(CellsOf("name\r\n\xC2\xA0 Nguye\xCC\x82\xCC\x83n \r\n\"a\r\nb\"\r\n"),
              ElementsAre(ElementsAre("name"), ElementsAre("Nguyễn"), ElementsAre("a\nb")));
}

TEST(CsvReader, TellsABrokenQuotationAndReadsOn) {
  const Result within = ReadAll("a,b\n1,5\" screen\n\"x\"y,2\n3,4\n");
  ASSERT_THAT(within.faults, SizeIs(2));
  EXPECT_EQ(within.faults[0].rule, "BROKEN_QUOTATION");
  EXPECT_EQ(within.faults[0].line, 2);
  EXPECT_EQ(within.faults[0].column, 2);
  EXPECT_EQ(within.faults[1].line, 3);
  EXPECT_EQ(within.faults[1].column, 1);
  ASSERT_THAT(within.rows, SizeIs(2));
  EXPECT_THAT(within.rows[1].cells, ElementsAre("3", "4"));

  const Result open = ReadAll("a,b\n1,\"never closed\n3,4\n");
  ASSERT_THAT(open.faults, SizeIs(1));
  EXPECT_EQ(open.faults[0].rule, "BROKEN_QUOTATION");
  EXPECT_EQ(open.faults[0].line, 2);
  EXPECT_THAT(open.faults[0].what, HasSubstr("not closed"));
}

TEST(CsvReader, TellsWhatIsNotUtf8) {
  // Latin-1, a surrogate, an overlong slash.
  for (const std::string bad : {"H\xE0 N\xF4i", "\xED\xA0\x80", "\xC0\xAF"}) {
    const Result result = ReadAll("a,b\n1," + bad + "\n3,4\n");
    ASSERT_THAT(result.faults, SizeIs(1));
    EXPECT_EQ(result.faults[0].rule, "NOT_UTF8");
    EXPECT_EQ(result.faults[0].line, 2);
    EXPECT_EQ(result.faults[0].column, 2);
    EXPECT_THAT(result.rows, SizeIs(2));
  }
  const Result utf16 = ReadAll(std::string("\xFF\xFE\x61\0\x2C\0\x62\0", 8));
  ASSERT_THAT(utf16.faults, SizeIs(1));
  EXPECT_EQ(utf16.faults[0].rule, "NOT_UTF8");
  EXPECT_THAT(utf16.rows, IsEmpty());
}

TEST(CsvReader, TellsControlCharacters) {
  const Result result = ReadAll(std::string("a,b\n1,x\0y\n3,\033y\n5,6\tz\n", 20));
  ASSERT_THAT(result.faults, SizeIs(2));
  EXPECT_EQ(result.faults[0].rule, "CONTROL_CHARACTER");
  EXPECT_THAT(result.rows, SizeIs(2));
}

TEST(CsvReader, TakesARowOfTheLimitAndNoLongerOne) {
  const std::string longest(kRowBytesMax, 'x');
  EXPECT_THAT(CellsOf("a\n" + longest + "\nb\n"), SizeIs(3));
  const Result result = ReadAll("a\n" + longest + "x\nb\n");
  ASSERT_THAT(result.faults, SizeIs(1));
  EXPECT_EQ(result.faults[0].rule, "ROW_TOO_LONG");
  EXPECT_EQ(result.faults[0].line, 2);
  EXPECT_THAT(result.rows, SizeIs(1)) << "read on after it";
}

// A gigabyte of one letter behind some first bytes, made as it is read.
class EndlessLine : public std::streambuf {
 public:
  static constexpr int64_t kBytes = int64_t{1} << 30;

  explicit EndlessLine(const std::string& first) : block_(first + std::string(4096, 'x')) {}
  int64_t given() const { return given_; }

 protected:
  int_type underflow() override {
    if (given_ >= kBytes) return traits_type::eof();
    if (given_ > 0) block_.assign(4096, 'x');
    given_ += static_cast<int64_t>(block_.size());
    setg(block_.data(), block_.data(), block_.data() + block_.size());
    return traits_type::to_int_type(block_.front());
  }

 private:
  std::string block_;
  int64_t given_ = 0;
};

TEST(CsvReader, StopsAtTheLimitOfAFileWithoutLineEnds) {
  // As a row, as a quotation that never closes, as what follows one that is broken.
  for (const std::string first : {"", "\"", "\"x\"y"}) {
    EndlessLine line(first);
    std::istream file(&line);
    CsvReader reader(file);
    CsvRow row;
    Finding fault;
    EXPECT_EQ(reader.Read(&row, &fault), CsvReader::Next::kFault);
    EXPECT_EQ(fault.line, 1);
    EXPECT_EQ(reader.Read(&row, &fault), CsvReader::Next::kEnd);
    EXPECT_LT(line.given(), int64_t{4} * static_cast<int64_t>(kRowBytesMax));
  }
}

TEST(CsvReader, EndsAtOnceWithAnEmptyFile) {
  EXPECT_THAT(ReadAll("").rows, IsEmpty());
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF\r\n\r\n").rows, IsEmpty());
}

}  // namespace
}  // namespace learncity::importing
