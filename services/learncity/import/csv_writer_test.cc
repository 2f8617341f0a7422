#include "services/learncity/import/csv_writer.h"

#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "gtest/gtest.h"
#include "platform/testing/read_file.h"
#include "platform/testing/temp_folder.h"
#include "services/learncity/import/csv_reader.h"

namespace learncity::importing {
namespace {

namespace fs = std::filesystem;

class CsvWriterTest : public testing::Test {
 protected:
  void Write(const std::vector<std::string>& cells) {
    CsvWriter writer(path_, {}, {"a", "b"});
    EXPECT_TRUE(writer.Add(cells).ok());
    EXPECT_TRUE(writer.Commit().ok());
  }

  const TempFolder folder_{"csv_writer_test"};
  const std::string path_ = folder_ / "file.csv";
};

TEST_F(CsvWriterTest, WritesWhatTheReaderReads) {
  const std::vector<std::string> cells = {"x;y", "a \"b\"\nc, d"};
  CsvWriter writer(path_, {.separator = ';', .has_byte_order_mark = true}, {"a", "b"});
  ASSERT_TRUE(writer.Add(cells).ok());
  ASSERT_TRUE(writer.Commit().ok());
  std::istringstream in(ReadFile(path_));
  CsvReader reader(in);
  CsvRow row;
  Finding fault;
  ASSERT_EQ(reader.Read(&row, &fault), CsvReader::Next::kRow);
  EXPECT_TRUE(reader.has_byte_order_mark());
  EXPECT_EQ(reader.separator(), ';');
  ASSERT_EQ(reader.Read(&row, &fault), CsvReader::Next::kRow);
  EXPECT_EQ(row.cells, cells);
}

TEST_F(CsvWriterTest, MakesNoFileWithoutARow) {
  CsvWriter writer(path_, {}, {"a", "b"});
  EXPECT_TRUE(writer.Commit().ok());
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(CsvWriterTest, LeavesNothingThatIsNotWhole) {
  {
    CsvWriter writer(path_, {}, {"a", "b"});
    EXPECT_TRUE(writer.Add({"1", "2"}).ok());
    EXPECT_FALSE(fs::exists(path_));
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(CsvWriterTest, KeepsAnotherFileThatStandsThere) {
  Write({"1", "2"});
  Write({"1", "2"});
  EXPECT_FALSE(fs::exists(path_ + ".before"));
  Write({"3", "4"});
  EXPECT_EQ(ReadFile(path_), "a,b\n3,4\n");
  EXPECT_EQ(ReadFile(path_ + ".before"), "a,b\n1,2\n");
}

TEST_F(CsvWriterTest, LetsOnlyItsOwnerRead) {
  Write({"1", "2"});
  struct stat found {};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(CsvWriterTest, TellsWhatItCannotWrite) {
  CsvWriter writer(folder_ / "none/file.csv", {}, {"a"});
  EXPECT_FALSE(writer.Add({"1"}).ok());
}

}  // namespace
}  // namespace learncity::importing
