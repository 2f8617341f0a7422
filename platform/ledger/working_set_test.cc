#include "platform/ledger/working_set.h"

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

  SqliteEngine engine;
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

}  // namespace
}  // namespace learncity::ledger
