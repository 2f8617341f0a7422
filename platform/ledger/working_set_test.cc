#include "platform/ledger/working_set.h"

#include <algorithm>

#include "platform/ledger/test_ledger.h"

namespace learncity::ledger {
namespace {

// Found by its unique column, loaded first where that is needed.
const Tally* FindTally(WorkingSet& set, std::string_view jar) {
  const Tally* found = set.FindBy<Tally>("jar", jar);
  if (found != nullptr || !set.LoadAsked().value()) return found;
  return set.FindBy<Tally>("jar", jar);
}

class DerivedDocument : public testing::Test {
 protected:
  DerivedDocument() {
    EXPECT_TRUE(jars.Open().ok());
    EXPECT_TRUE(jars.ledger().Begin().ok());
    set.emplace(jars.ledger());
    set->BeginTurn(kStart);
    EXPECT_EQ(FindTally(*set, "jars/a"), nullptr);
    // As reactions do: put first, changed then.
    set->Put<Tally>(TallyId("a")).set_jar("jars/a");
  }
  void Commit() {
    set->Collect();
    ASSERT_TRUE(jars.ledger().Commit(set->writes()).ok());
    set->Committed();
    ASSERT_TRUE(jars.ledger().Begin().ok());
    set->BeginTurn(kStart);
  }

  DiskEngine engine;
  JarLedger jars{engine};
  std::optional<WorkingSet> set;
};

TEST_F(DerivedDocument, IsFoundByItsUniqueValueInTheTurnThatMadeIt) {
  EXPECT_NE(FindTally(*set, "jars/a"), nullptr);
  set->Put<Tally>(TallyId("a")).set_jar("jars/b");
  EXPECT_EQ(FindTally(*set, "jars/a"), nullptr);
  EXPECT_NE(FindTally(*set, "jars/b"), nullptr);
}

TEST_F(DerivedDocument, IsFoundByItsUniqueValueInTheNextTurn) {
  Commit();
  EXPECT_NE(FindTally(*set, "jars/a"), nullptr);
}

TEST_F(DerivedDocument, IsNotFoundOnceItsTurnIsUndone) {
  EXPECT_NE(FindTally(*set, "jars/a"), nullptr);
  jars.ledger().Rollback();
  set->Undone();
  ASSERT_TRUE(jars.ledger().Begin().ok());
  set->BeginTurn(kStart);
  EXPECT_EQ(FindTally(*set, "jars/a"), nullptr);
  EXPECT_EQ(set->Put<Tally>(TallyId("a")).jar(), "");
}

std::vector<Id> Next(WorkingSet& set, const Id& after, int limit) {
  std::vector<Id> ids;
  for (const auto& [id, tally] : set.Next<Tally>(after, limit)) ids.push_back(id);
  return ids;
}

TEST_F(DerivedDocument, ComesInItsPlaceAmongThoseThatAreStored) {
  std::vector<Id> ids = {TallyId("a"), TallyId("b"), TallyId("c"), TallyId("d")};
  std::sort(ids.begin(), ids.end());
  set->Put<Tally>(ids[2]).set_beans(2);
  set->Put<Tally>(ids[0]).set_beans(1);
  Commit();
  set->Put<Tally>(ids[3]);
  set->Put<Tally>(ids[1]);
  set->Put<Tally>(ids[2]).set_beans(3);
  EXPECT_THAT(Next(*set, Id(), 10), testing::ContainerEq(ids));
  EXPECT_THAT(Next(*set, ids[0], 2), testing::ElementsAre(ids[1], ids[2]));
  EXPECT_THAT(Next(*set, ids[3], 2), testing::IsEmpty());
  EXPECT_EQ(set->Next<Tally>(ids[1], 1).front().document->beans(), 3) << "as the turn has it";
  jars.ledger().Rollback();
  set->Undone();
  ASSERT_TRUE(jars.ledger().Begin().ok());
  set->BeginTurn(kStart);
  EXPECT_EQ(set->Next<Tally>(ids[1], 1).front().document->beans(), 2) << "as it is stored";
}

}  // namespace
}  // namespace learncity::ledger
