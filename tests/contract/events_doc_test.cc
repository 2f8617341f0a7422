#include "tests/contract/events_doc.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "platform/runtime/concat.h"
#include "platform/testing/read_file.h"
#include "services/achievements/tables.h"
#include "services/enrollment/tables.h"
#include "services/registry/tables.h"
#include "services/reporting/tables.h"

namespace learncity::contract {
namespace {

using ::testing::HasSubstr;

std::string Committed(const std::string& path) {
  return ReadFile(Concat(LEARNCITY_SOURCE_DIR "/docs/", path));
}

TEST(EventsDoc, IsWhatTheProtosSay) {
  const EventsDoc doc(LEARNCITY_SOURCE_DIR);
  EXPECT_EQ(Committed("events.md"), doc.Page()) << "run ./run docs and commit what it writes";
  EXPECT_EQ(Committed("asyncapi.json"), doc.AsyncApi()) << "run ./run docs";
}

// What is published is what a ledger's own documents have for events.
TEST(EventsDoc, LeavesNoEventOut) {
  const std::string page = Committed("events.md");
  const auto api = nlohmann::json::parse(Committed("asyncapi.json"));
  std::set<std::string> events;
  for (const ledger::Schema* schema :
       {&registry::RegistrySchema(), &enrollment::EnrollmentSchema(),
        &achievements::AchievementsSchema(), &reporting::ReportingSchema()}) {
    for (const auto& table : schema->tables()) {
      if (table->origin != ledger::Table::Origin::kOwn) continue;
      const std::string event = table->event_prototype->GetTypeName();
      events.insert(event);
      EXPECT_THAT(page, HasSubstr(Concat("\n### ", event, "\n")));
    }
  }
  EXPECT_EQ(api["components"]["messages"].size(), events.size());
}

}  // namespace
}  // namespace learncity::contract
