// Reads never wait and see only what is committed, on every engine.
#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class Reads : public ContractTest {
 protected:
  std::vector<std::string> NamesOf(const std::vector<Row>& rows) {
    std::vector<std::string> names;
    for (const Row& row : rows) {
      Jar jar;
      EXPECT_TRUE(jar.ParseFromString(row.bytes));
      names.push_back(jar.name());
    }
    return names;
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, Reads, testing::ValuesIn(Engines()), EngineName);

TEST_P(Reads, SeeNothingOfATurnBeforeItsCommit) {
  ASSERT_TRUE(jars.Ask(Open("a", 5)).ok());
  int64_t seen_beans = -1, seen_head = -1;
  jars.Submit(Fill("a", 1));
  ASSERT_TRUE(jars.writer()
                  .Submit(CheckInput{.kind = Jar::descriptor(),
                                     .id = JarId("a"),
                                     .act =
                                         [&](bool) {
                                           seen_beans = jars.Beans("a");
                                           seen_head = jars.reader().ReadHead()->position;
                                         }})
                  .ok());
  jars.Work();
  EXPECT_EQ(seen_beans, 0);
  EXPECT_EQ(seen_head, 1);
  EXPECT_EQ(jars.Beans("a"), 1);
}

TEST_P(Reads, PageThroughATableInTheOrderOfIds) {
  for (int i = 0; i < 7; ++i) jars.Submit(Open(Concat("jar", i), 1));
  jars.Work();
  std::vector<Id> ids;
  Reader::Page page{.limit = 3};
  std::vector<size_t> sizes;
  while (true) {
    const auto rows = jars.reader().List(jars.jars(), page).value();
    sizes.push_back(rows.size());
    if (rows.empty()) break;
    for (const Row& row : rows) ids.push_back(row.id);
    page.after = rows.back().id;
    // What comes in between does not shift the pages.
    ASSERT_TRUE(jars.Ask(Fill("jar0", 0)).ok());
  }
  EXPECT_THAT(sizes, ElementsAre(3, 3, 1, 0));
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_THAT(ids, SizeIs(7));
}

TEST_P(Reads, SelectByADeclaredColumn) {
  for (int i = 0; i < 6; ++i) {
    jars.Submit(Open(Concat("jar", i), 9, i == 5 ? "red" : ""));
    jars.Submit(Fill(Concat("jar", i), i % 3));
  }
  jars.Work();
  EXPECT_THAT(jars.reader().List(jars.jars(), {.column = "beans", .value = int64_t{1}}).value(),
              SizeIs(2));
  EXPECT_THAT(NamesOf(jars.reader()
                          .List(jars.jars(), {.column = "label", .value = std::string("red")})
                          .value()),
              ElementsAre("jars/jar5"));
  int scanned = 0;
  ASSERT_TRUE(jars.reader()
                  .Scan(jars.jars(), "beans", 1, 2,
                        [&](const Id&, int64_t, std::string_view) { ++scanned; })
                  .ok());
  EXPECT_EQ(scanned, 4);
}

TEST_P(Reads, SelectByTheBeginningOfAColumnInTheOrderOfIds) {
  const std::string labels[] = {"rồi", "red", "rust", "r", "s", "q~~", ""};
  for (int i = 0; i < 7; ++i) jars.Submit(Open(Concat("jar", i), 9, labels[i]));
  jars.Work();
  const auto begin = [&](const std::string& prefix, Reader::Page page = {}) {
    page.column = "label";
    page.prefix = prefix;
    return jars.reader().List(jars.jars(), page).value();
  };
  const auto rows = begin("r");
  EXPECT_THAT(NamesOf(rows),
              UnorderedElementsAre("jars/jar0", "jars/jar1", "jars/jar2", "jars/jar3"));
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(),
                             [](const Row& a, const Row& b) { return a.id < b.id; }));
  EXPECT_THAT(begin("r", {.after = rows[1].id, .limit = 1}),
              ElementsAre(Field(&Row::id, rows[2].id)));
  EXPECT_THAT(NamesOf(begin("rồ")), ElementsAre("jars/jar0"));
}

TEST_P(Reads, InASnapshotSeeOneStateWhileTurnsGoOn) {
  ASSERT_TRUE(jars.Ask(Open("a", 1000)).ok());
  const absl::Status read = jars.reader().InSnapshot([&]() -> absl::Status {
    const int64_t position = jars.reader().ReadHead()->position;
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(jars.Ask(Fill("a", 1)).ok());
      EXPECT_EQ(jars.reader().ReadHead()->position, position);
      EXPECT_EQ(jars.Beans("a"), 0);
      EXPECT_THAT(jars.Events(), SizeIs(1));
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(read.ok()) << read.ToString();
  EXPECT_EQ(jars.Beans("a"), 5);
}

TEST_P(Reads, GiveEventsAfterAPositionInSlices) {
  for (int i = 0; i < 5; ++i) jars.Submit(Open(Concat("jar", i), 1));
  jars.Work();
  const auto slice = jars.reader().Read(1, 2).value();
  ASSERT_THAT(slice, SizeIs(2));
  EXPECT_EQ(slice[0].position, 2);
  EXPECT_EQ(slice[1].position, 3);
  EXPECT_THAT(jars.reader().Read(5, 10).value(), IsEmpty());
}

// A slice of large events stays near 4 MiB, and is never empty while there are more.
TEST_P(Reads, GiveLargeEventsAFewAtATime) {
  OpenJarRequest request;
  for (int i = 0; i < 10; ++i) {
    request = Open(Concat("jar", i), 1);
    request.mutable_jar()->set_note(std::string(1 << 20, 'n'));
    jars.Submit(request);
  }
  jars.Work();
  EXPECT_THAT(jars.reader().Read(0, 100).value(), SizeIs(4));
  EXPECT_THAT(jars.reader().Read(9, 100).value(), SizeIs(1));
}

TEST_P(Reads, OfAnAbsentDocumentGiveNothing) {
  EXPECT_FALSE(jars.reader().Get(jars.jars(), JarId("a")).value().has_value());
  EXPECT_EQ(jars.reader().ReadCursor("nobody")->position, 0);
  EXPECT_THAT(jars.reader().ReadCursors().value(), IsEmpty());
}

}  // namespace
}  // namespace learncity::ledger
