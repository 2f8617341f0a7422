#include "services/reporting/domain/recounting.h"

#include "gmock/gmock.h"
#include "platform/testing/scenario.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

class StartRecount : public testing::Test {
 protected:
  StartRecount() { s.At("2026-11-22T03:00:00Z"); }
  v1::RecountEvent Begun(const std::string& name) {
    return FromText<v1::RecountEvent>("begun { recount { name: '" + name +
                                      "' state: STATE_COUNTING due_time { seconds: 1795316400 }"
                                      "  create_time { seconds: 1795316400 } } }");
  }
  Scenario s{ReportingSchema()};
};

TEST_F(StartRecount, BeginsOneThatIsDueAtOnce) {
  s.When<StartRecountCase>(v1::StartRecountRequest())
      .Then({{s.New("recounts"), Begun(s.New("recounts"))}});
  s.ExpectReplays();
}

TEST_F(StartRecount, IsRefusedWhileOneRuns) {
  s.Given("recounts/1", Begun("recounts/1"));
  s.When<StartRecountCase>(v1::StartRecountRequest()).ThenRefused(v1::RECOUNT_RUNNING);
  s.Given("recounts/1", FromText<v1::RecountEvent>(
                            "advanced { recount { name: 'recounts/1' state: STATE_DONE } }"));
  EXPECT_FALSE(s.When<StartRecountCase>(v1::StartRecountRequest()).refused());
}

v1::RecountMark Mark(v1::Recount::State state, int kind, const Id& after) {
  v1::RecountMark mark;
  mark.set_state(state);
  mark.set_kind(kind);
  mark.set_after(std::string(after.view()));
  return mark;
}

Id Nth(uint8_t n) { return {.bytes = {n}}; }

TEST(RecountMark, StandsBehindTheFactsThatAreCounted) {
  const auto mark = Mark(v1::Recount::STATE_COUNTING, 1, Nth(5));
  EXPECT_TRUE(HasCounted(&mark, 0, Nth(200)));
  EXPECT_TRUE(HasCounted(&mark, 1, Nth(4)));
  EXPECT_TRUE(HasCounted(&mark, 1, Nth(5)));
  EXPECT_FALSE(HasCounted(&mark, 1, Nth(6)));
  EXPECT_FALSE(HasCounted(&mark, 2, Nth(1)));
  EXPECT_TRUE(HasToCompare(mark, Nth(1)));
}

TEST(RecountMark, StandsBehindTheCellsThatAreCompared) {
  const auto mark = Mark(v1::Recount::STATE_COMPARING, kFactKinds, Nth(5));
  EXPECT_TRUE(HasCounted(&mark, 3, Nth(200)));
  EXPECT_FALSE(HasToCompare(mark, Nth(5)));
  EXPECT_TRUE(HasToCompare(mark, Nth(6)));
}

TEST(RecountMark, MovesNothingWhenNoRecountRuns) {
  const auto mark = Mark(v1::Recount::STATE_DONE, kFactKinds, Nth(5));
  EXPECT_FALSE(HasCounted(&mark, 0, Nth(1)));
  EXPECT_FALSE(HasToCompare(mark, Nth(6)));
  EXPECT_FALSE(HasCounted(nullptr, 0, Nth(1)));
}

TEST(FactKinds, KeepTheirPlaces) {
  EXPECT_EQ(PlaceOf<v1::LearnerFact>(), 0);
  EXPECT_EQ(PlaceOf<v1::CenterFact>(), 1);
  EXPECT_EQ(PlaceOf<v1::RecognitionFact>(), 2);
  EXPECT_EQ(PlaceOf<v1::AwardFact>(), 3);
}

}  // namespace
}  // namespace learncity::reporting
