#include "tests/simulation/shadow.h"

#include "platform/ledger/sqlite_ledger.h"
#include "platform/runtime/concat.h"
#include "services/reporting/tables.h"

namespace learncity::simulation {
namespace {

constexpr char kFollowed[] = "enrollment";
// Small, so that many cursors are saved and a crash often falls between two commits.
constexpr int kBatchMax = 4;

}  // namespace

absl::StatusOr<std::unique_ptr<Shadow>> Shadow::Open(City& city, Follows follows,
                                                     const std::string& vfs, int boot,
                                                     Clock clock) {
  std::unique_ptr<Shadow> shadow(new Shadow(city));
  shadow->follows_ = follows;
  shadow->boot_ = boot;
  auto host = host::Host::Open(reporting::ReportingSchema(), reporting::ReportingRules(),
                               {.engine = std::make_shared<ledger::SqliteEngine>(
                                    "shadow/reporting.ledger", ledger::SqliteOptions{.vfs = vfs}),
                                .limits = {},
                                .clock = std::move(clock)});
  if (!host.ok()) return host.status();
  shadow->host_ = std::move(*host);
  absl::Status status = shadow->host_->Follow("registry", city.registry().AsSource());
  shadow->source_ = city.enrollment().AsSource();
  if (follows == Follows::kInTheTurn) {
    status.Update(shadow->host_->Follow(kFollowed, shadow->source_));
  } else {
    status.Update(shadow->OpenCursor(vfs));
  }
  if (!status.ok()) return status;
  return shadow;
}

absl::Status Shadow::OpenCursor(const std::string& vfs) {
  auto file =
      sqlite::Database::Open("shadow/cursor", {.create = true, .vfs = vfs, .busy_timeout_ms = 0});
  if (!file.ok()) return file.status();
  file_ = std::move(*file);
  auto status = file_.Execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE IF NOT EXISTS cursor(row INTEGER PRIMARY KEY, position INTEGER)");
  if (!status.ok()) return status;
  const auto position = file_.QueryInt("SELECT coalesce(max(position), 0) FROM cursor");
  if (!position.ok()) return position.status();
  cursor_ = *position;
  return absl::OkStatus();
}

// The ledger's own fence is kept out by giving every batch the name of a feed that it has not seen.
bool Shadow::StepBesideTheTurn() {
  if (on_its_way_) return false;
  auto records = source_(cursor_, kBatchMax);
  if (!records.ok() || records->empty()) return false;
  const int64_t last = records->back().position;
  for (ledger::Record& record : *records) record.position -= cursor_;
  on_its_way_ = true;
  auto status = host_->writer().Submit(ledger::EventInput{
      .feed = Concat(kFollowed, "-", boot_, "-", ++batches_),
      .epoch = 1,
      .records = std::move(*records),
      .done = [this, last](const absl::Status& applied, int64_t) {
        on_its_way_ = false;
        if (!applied.ok()) return;
        cursor_ = last;
        (void)file_.Execute(
            Concat("INSERT OR REPLACE INTO cursor(row, position) VALUES(1, ", last, ")"));
      }});
  return status.ok();
}

bool Shadow::Step() {
  bool moved = follows_ == Follows::kBesideTheTurn && StepBesideTheTurn();
  moved |= host_->Step();
  return moved;
}

bool Shadow::CaughtUp() {
  if (follows_ == Follows::kBesideTheTurn) {
    return cursor_ >= city_.enrollment().head().position;
  }
  const auto cursor = host_->positions().Get(kFollowed);
  return cursor && cursor->position >= city_.enrollment().head().position;
}

}  // namespace learncity::simulation
