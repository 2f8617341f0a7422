// A ledger of jars as an earlier release kept it, and the release of now that opens it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/ledger/test_ledger.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {

// As an earlier release kept jars: nobody looked for labels, marks or tallies, and nothing was due.
inline Schema OldSchema() {
  Schema schema("pantry");
  schema.Own<Jar, JarEvent>("jar").IndexedNumber(
      "beans", [](const Jar& jar) -> Value { return jar.beans(); });
  schema.Own<Lid, LidEvent>("lid");
  schema.Reference<Plate, PlateEvent>("plate", kKitchen);
  schema.Derived<Tally>("tally");
  return schema;
}

// The schema of now, where it makes something else of the kitchen's events than the old one did.
inline Schema SchemaThatFollowsAnew() {
  Schema schema = JarSchema();
  schema.FollowedVersion(2);
  return schema;
}

// A jar with a label that the rule does not look at.
inline OpenJarRequest OpenUnseen(std::string_view jar, std::string_view label) {
  OpenJarRequest request = Open(jar, 100, label);
  request.set_careless(true);
  return request;
}

constexpr Time kDue = kStart + std::chrono::hours(1);

// The life of an old ledger: jars, one of them with a due time, an answer, a plate that opened
// another jar, a tally, and a parked plate.
class OldPantry {
 public:
  explicit OldPantry(Engine& engine) : jars_(engine, {}, OldSchema()) {
    jars_.knobs.opens_by_mark = true;
    EXPECT_TRUE(jars_.Open().ok());
    for (int i = 0; i < 5; ++i) {
      OpenJarRequest request = OpenUnseen(Concat("jar", i), Concat("label", i));
      if (i == 4) request.mutable_jar()->set_due_us(kDue.time_since_epoch().count());
      EXPECT_TRUE(jars_.Ask(request).ok());
    }
    first_.request_id = jars_.NewRequestId();
    EXPECT_TRUE(jars_.Ask(Fill("jar0", 1), first_).ok());
    kitchen.Add(PlateId(1), Marked("m"));
    kitchen.Add(TallyId("jar1"), KitchenClosed());
    kitchen.AddGarbage(PlateId(2));
    kitchen.Add(TallyId("jar1"), KitchenClosed());
    EXPECT_EQ(jars_.Feed(kitchen.records()).applied, 4);
    EXPECT_EQ(jars_.AllParked().size(), 1U);
    events = jars_.Events();
    turns = jars_.Turns();
    jars_.Close();
  }

  // All that it had committed is still there.
  void ExpectKept(JarLedger& jars) const {
    const auto kept = jars.Turns();
    ASSERT_GE(kept.size(), turns.size());
    for (size_t i = 0; i < turns.size(); ++i) EXPECT_EQ(kept[i].seal, turns[i].seal);
    const auto records = jars.Events();
    ASSERT_GE(records.size(), events.size());
    for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ(records[i].data, events[i].data);
    EXPECT_TRUE(jars.Ask(Fill("jar0", 1), first_).repeated);
    EXPECT_THAT(jars.Divergences(kitchen.records()), testing::IsEmpty());
  }

  Kitchen kitchen;
  std::vector<Record> events;
  std::vector<TurnRow> turns;

 private:
  JarLedger jars_;
  Call first_;
};

// The same ledger under the release of now, a minute later.
class NewPantry : public JarLedger {
 public:
  explicit NewPantry(Engine& engine, Schema schema = JarSchema())
      : JarLedger(engine, {}, std::move(schema)) {
    now += std::chrono::minutes(1);
    knobs.opens_by_mark = true;
  }
};

}  // namespace learncity::ledger
