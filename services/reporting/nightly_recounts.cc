#include "services/reporting/nightly_recounts.h"

#include "learncity/reporting/v1/reporting_service.pb.h"
#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"
#include "services/reporting/domain/recounting.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {
namespace {

constexpr char kMethod[] = "/learncity.reporting.v1.ReportingService/StartRecount";
constexpr std::chrono::minutes kLookInterval{1};

// The day whose early hours the night is in that began last.
Day NightOf(Time time) { return Today(time - kRecountHour); }

}  // namespace

absl::StatusOr<LastRecounts> ReadLastRecounts(ledger::Reader& reader) {
  LastRecounts last;
  Id begun, done;
  v1::Recount recount;
  const auto& table = *ReportingSchema().ByDocument(v1::Recount::descriptor());
  const auto status = reader.ScanAll(table, [&](const Id& id, int64_t, std::string_view bytes) {
    if (!recount.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
    // Ids sort by the time at which they were given.
    if (id > begun) last.begun = recount, begun = id;
    if (recount.state() != v1::Recount::STATE_DONE || id < done) return;
    last.done = recount;
    done = id;
  });
  if (!status.ok()) return status;
  return last;
}

NightlyRecounts::NightlyRecounts(ledger::Writer& writer, ledger::Readers& readers, Clock clock)
    : writer_(writer),
      readers_(readers),
      clock_(std::move(clock)),
      first_night_(NightOf(clock_())) {}

bool NightlyRecounts::Step() {
  const Time now = clock_();
  if (now < next_look_ && next_look_ - now <= kLookInterval) return false;
  next_look_ = now + kLookInterval;
  auto reader = readers_.Mine();
  if (!reader.ok()) return false;
  const auto last = ReadLastRecounts(**reader);
  if (!last.ok()) return false;
  if (last->done) Tell(**reader, *last->done);
  if (last->begun && last->begun->state() != v1::Recount::STATE_DONE) return false;
  const Day last_night = last->begun ? NightOf(ToTime(last->begun->create_time())) : first_night_;
  if (NightOf(now) > last_night) AskFor(NightOf(now), now);
  return false;
}

// A night has one request, however often it is asked for.
void NightlyRecounts::AskFor(Day night, Time now) {
  const Id id = TimeOrderedId(night, kNightlyCaller, 0);
  auto request = std::make_unique<v1::StartRecountRequest>();
  request->set_request_id(id.ToString());
  const absl::Status taken =
      writer_.Submit(ledger::RequestInput{.method = kMethod,
                                          .caller = kNightlyCaller,
                                          .request_id = id,
                                          .request_hash = ledger::Digest(""),
                                          .request = std::move(request),
                                          .refusal = std::nullopt,
                                          .moment = {.now = now, .seed = id.ToString()},
                                          .deadline = std::nullopt,
                                          .done = [](const ledger::Answer&) {}});
  // What is not taken, or fails, is asked for at the next look.
  if (!taken.ok()) telemetry::Log(telemetry::Level::kWarning, "recount_not_asked_for");
}

void NightlyRecounts::Tell(ledger::Reader& reader, const v1::Recount& done) {
  if (done.differences() == 0 || done.name() == told_) return;
  const auto& table = *ReportingSchema().ByDocument(v1::RecountMark::descriptor());
  const auto row = reader.Get(table, RecountMarkId());
  v1::RecountMark mark;
  if (!row.ok() || !*row || !mark.ParseFromString((*row)->bytes)) return;
  telemetry::Log(telemetry::Level::kError, "recount_differs",
                 {{"recount", done.name()}, {"differences", done.differences()}});
  told_ = done.name();
  // Another recount has begun since then.
  if (mark.recount() != done.name()) return;
  for (const v1::CellDifference& one : mark.differing()) {
    telemetry::Log(telemetry::Level::kError, "recounted_cell_differs",
                   {{"cell", one.key().ShortDebugString()},
                    {"stored", one.stored()},
                    {"recounted", one.recounted()}});
  }
}

}  // namespace learncity::reporting
