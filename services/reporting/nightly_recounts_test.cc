#include "services/reporting/nightly_recounts.h"

#include "gmock/gmock.h"
#include "platform/host/host.h"
#include "platform/ledger/power_loss_vfs.h"
#include "platform/ledger/sqlite.h"
#include "platform/ledger/sqlite_ledger.h"
#include "platform/runtime/check.h"
#include "platform/telemetry/log.h"
#include "platform/testing/text.h"
#include "services/reporting/city_in_memory.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

using std::chrono::hours;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// At ten in the morning, city time.
const Time kMorning = DayOf(DateOf("2026-11-20")) + hours(3);

// Reporting on a real ledger, without threads. It follows what has happened in `city`.
class RecountsOnALedger : public testing::Test {
 protected:
  RecountsOnALedger() {
    city.Opened("Kim Lien", type::v1::CENTER_KIND_PRIMARY_SCHOOL, "2025-07-01");
    for (int n = 0; n < 7; ++n) {
      const std::string learner = std::to_string(n);
      city.Registered(learner, 2012 + n, type::v1::SEX_FEMALE);
      city.Admitted(learner, learner, "2026-09-05", {.grade = 1 + n % 5});
    }
    Open();
    Work();
  }

  void Open() {
    recounts.reset();
    host.reset();
    auto opened = host::Host::Open(
        ReportingSchema(), ReportingRules({.facts = 2, .cells = 5}),
        {.engine = std::make_shared<ledger::SqliteEngine>(
             "reporting.ledger", ledger::SqliteOptions{.vfs = disk.vfs_name(), .mmap_bytes = 0}),
         .limits = {},
         .clock = [this] { return now; }});
    LEARNCITY_CHECK_OK(opened.status());
    host = std::move(*opened);
    for (const std::string feed : {"enrollment", "registry"}) {
      const auto read = [this, feed](int64_t after, int limit) {
        std::vector<ledger::Record> records;
        for (const ledger::Record& record : city.feed(feed)) {
          if (record.position > after && static_cast<int>(records.size()) < limit) {
            records.push_back(record);
          }
        }
        return absl::StatusOr<std::vector<ledger::Record>>(std::move(records));
      };
      LEARNCITY_CHECK_OK(host->Follow(feed, read));
    }
    recounts =
        std::make_unique<NightlyRecounts>(host->writer(), host->readers(), [this] { return now; });
  }
  void LosePower() {
    recounts.reset();
    host.reset();
    disk.LosePower();
    Open();
  }
  // What there is to do at this time.
  void Work() {
    while (host->Step()) {
    }
  }
  // A look, and what comes of it until the recount is done.
  void Night() {
    recounts->Step();
    Work();
    for (int pause = 0; pause < 100 && Last().begun != std::nullopt && IsRunning(); ++pause) {
      now += kRecountPause;
      Work();
    }
  }
  LastRecounts Last() { return ReadLastRecounts(*host->readers().Mine().value()).value(); }
  bool IsRunning() { return Last().begun->state() != v1::Recount::STATE_DONE; }
  // Changes the count of a cell behind the ledger's back.
  void ChangeACell() {
    recounts.reset();
    host.reset();
    auto file =
        sqlite::Database::Open("reporting.ledger", {.vfs = disk.vfs_name(), .busy_timeout_ms = 0});
    LEARNCITY_CHECK_OK(file.status());
    auto select = file->Prepare("SELECT id, bytes FROM doc_cell LIMIT 1");
    LEARNCITY_CHECK(select->Step().value());
    const std::string id(select->ColumnBlob(0));
    v1::Cell cell;
    LEARNCITY_CHECK(cell.ParseFromString(std::string(select->ColumnBlob(1))));
    select->Reset();
    cell.set_count(cell.count() + 3);
    const std::string bytes = cell.SerializeAsString();
    auto update = file->Prepare("UPDATE doc_cell SET bytes=?2 WHERE id=?1");
    update->BindBlob(1, id);
    update->BindBlob(2, bytes);
    LEARNCITY_CHECK_OK(update->Run());
  }

  CityInMemory city;
  PowerLossDisk disk{"recounts", 1};
  Time now = kMorning;
  std::unique_ptr<host::Host> host;
  std::unique_ptr<NightlyRecounts> recounts;
};

TEST_F(RecountsOnALedger, BeginByThemselvesOnceANight) {
  Night();
  EXPECT_EQ(Last().begun, std::nullopt) << "before the first night";
  now += hours(15);
  Night();
  EXPECT_EQ(Last().begun, std::nullopt) << "at one in the night";
  now += hours(1);
  Night();
  ASSERT_NE(Last().done, std::nullopt);
  const v1::Recount first = *Last().done;
  EXPECT_EQ(first.facts(), 8);
  EXPECT_GT(first.cells(), 20);
  EXPECT_EQ(first.differences(), 0);
  now += hours(20);
  Open();
  Night();
  EXPECT_EQ(Last().done->name(), first.name()) << "the same day, in another process";
  now += hours(24 * 30);
  Open();
  Night();
  EXPECT_NE(Last().done->name(), first.name()) << "the nights in between are not made up for";
  EXPECT_EQ(Last().done->differences(), 0);
}

TEST_F(RecountsOnALedger, GoOnWhenPowerIsLostAfterEachSlice) {
  now += hours(24);
  recounts->Step();
  Work();
  ASSERT_TRUE(IsRunning());
  int slices = 1;
  int64_t facts = Last().begun->facts();
  for (; IsRunning() && slices < 100; ++slices) {
    LosePower();
    EXPECT_EQ(Last().begun->facts(), facts);
    // What changes meanwhile is before its mark or behind it.
    const std::string learner = std::to_string(slices % 7);
    if (slices < 8) city.Withdrawn(learner, "2026-11-1" + learner);
    now += kRecountPause;
    Work();
    facts = Last().begun->facts();
  }
  EXPECT_GT(slices, 8);
  EXPECT_EQ(Last().done->facts(), 8);
  EXPECT_EQ(Last().done->differences(), 0);
}

TEST_F(RecountsOnALedger, TellInTheLogWhichCellDiffers) {
  ChangeACell();
  Open();
  now += hours(24);
  Night();
  EXPECT_EQ(Last().done->differences(), 1);
  telemetry::CapturedLog log;
  now += hours(1);
  recounts->Step();
  now += hours(1);
  recounts->Step();
  EXPECT_THAT(log.lines(), SizeIs(2));
  EXPECT_THAT(log.lines(), Contains(HasSubstr("\"differences\":1")));
  EXPECT_THAT(log.lines(), Contains(HasSubstr("recounted_cell_differs")));
}

TEST_F(RecountsOnALedger, SayNothingWhenAllAgree) {
  now += hours(24);
  Night();
  telemetry::CapturedLog log;
  now += hours(1);
  recounts->Step();
  EXPECT_THAT(log.lines(), IsEmpty());
}

// References, facts and cells go, with what was recounted, when the feeds are followed anew.
TEST_F(RecountsOnALedger, BeginAnewWhenTheirMarkIsGone) {
  now += hours(24);
  recounts->Step();
  for (int pause = 0; pause < 3; ++pause) {
    Work();
    now += kRecountPause;
  }
  ASSERT_TRUE(IsRunning());
  ASSERT_GT(Last().begun->facts(), 2);
  recounts.reset();
  host.reset();
  auto file =
      sqlite::Database::Open("reporting.ledger", {.vfs = disk.vfs_name(), .busy_timeout_ms = 0});
  for (const std::string table :
       {"learner_fact", "center_fact", "cell", "recounted_cell", "recount_mark"}) {
    LEARNCITY_CHECK_OK(file->Execute("DELETE FROM doc_" + table));
  }
  LEARNCITY_CHECK_OK(file->Execute("UPDATE cursors SET position=0"));
  file = absl::CancelledError("closed");
  Open();
  for (int pause = 0; pause < 100 && IsRunning(); ++pause) {
    now += kRecountPause;
    Work();
  }
  EXPECT_LE(Last().done->facts(), 8) << "what was counted before does not count";
  EXPECT_EQ(Last().done->differences(), 0);
  now += hours(24);
  Night();
  EXPECT_EQ(Last().done->facts(), 8);
  EXPECT_EQ(Last().done->differences(), 0) << "what was recounted is left over";
}

}  // namespace
}  // namespace learncity::reporting
