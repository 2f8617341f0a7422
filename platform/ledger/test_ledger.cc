#include "platform/ledger/test_ledger.h"

#include <atomic>

#include "platform/ledger/seal.h"
#include "platform/ledger/sole_relay_lock.h"
#include "platform/ledger/sqlite_reader.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

// More steps than any test needs: a writer that always has more to do is a fault.
constexpr int kStepsMax = 100'000;

std::string NewDiskName() {
  static std::atomic<int> disks{0};
  return Concat("ledger-disk-", ++disks);
}

// The request without its id, as the surface hashes it.
std::string HashOf(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  copy->GetReflection()->ClearField(copy.get(),
                                    copy->GetDescriptor()->FindFieldByName("request_id"));
  return Digest(copy->SerializeAsString());
}

}  // namespace

DiskEngine::DiskEngine(uint64_t seed) : disk_(NewDiskName(), seed) {
  options_.vfs = disk_.vfs_name();
  options_.mmap_bytes = 0;
}

absl::StatusOr<std::unique_ptr<Ledger>> DiskEngine::Open(const Schema& schema) {
  return SqliteLedger::Open(kFile, schema, options_);
}

absl::StatusOr<std::unique_ptr<Reader>> DiskEngine::OpenReader(const Schema& schema) {
  return OpenSqliteReader(kFile, schema, options_);
}

std::unique_ptr<RelayLock> DiskEngine::OpenRelayLock() { return std::make_unique<SoleRelayLock>(); }

sqlite::Database DiskEngine::OpenDatabase() {
  return sqlite::Database::Open(kFile, {.vfs = disk_.vfs_name(), .busy_timeout_ms = 0}).value();
}

void PrintTo(const EngineKind& kind, std::ostream* out) { *out << kind.name; }

std::string EngineName(const testing::TestParamInfo<EngineKind>& info) { return info.param.name; }

std::string Reply::Word() const {
  if (calls != 1) return Concat("called ", calls, " times");
  if (refusal) return refusal->reason;
  return fault.ok() ? "ok" : absl::StatusCodeToString(fault.code());
}

JarLedger::JarLedger(Engine& engine, WriterLimits writer_limits, Schema schema)
    : limits(writer_limits),
      now(kStart),
      engine_(engine),
      schema_(std::move(schema)),
      rules_(JarRules(knobs)) {}

JarLedger::~JarLedger() { Close(); }

absl::Status JarLedger::Open() {
  auto opened = engine_.Open(schema_);
  if (!opened.ok()) return opened.status();
  auto reader = engine_.OpenReader(schema_);
  if (!reader.ok()) return reader.status();
  ledger_ = std::move(*opened);
  reader_ = std::move(*reader);
  writer_ = std::make_unique<Writer>(
      *ledger_, rules_,
      [this] {
        if (at_clock) at_clock();
        return now;
      },
      limits);
  writer_->OnCommit([this](const Head& head, const TurnWrites&) { commits.push_back(head); });
  return absl::OkStatus();
}

void JarLedger::Close() {
  if (writer_) writer_->Abandon();
  writer_.reset();
  reader_.reset();
  ledger_.reset();
}

void JarLedger::Reopen() {
  Close();
  const absl::Status opened = Open();
  LEARNCITY_CHECK_OK(opened);
}

Id JarLedger::NewRequestId() { return TimeOrderedId(now, "request", ++requests_); }

ReplyPtr JarLedger::Submit(const google::protobuf::Message& request) {
  return Submit(request, {.request_id = NewRequestId()});
}

ReplyPtr JarLedger::Submit(const google::protobuf::Message& request, const Call& call) {
  auto reply = std::make_shared<Reply>();
  RequestInput input;
  input.method = call.method.empty() ? Concat("/jars/", request.GetTypeName()) : call.method;
  input.caller = call.caller;
  input.request_id = call.request_id;
  input.request_hash = HashOf(request);
  input.request.reset(request.New());
  input.request->CopyFrom(request);
  input.refusal = call.refusal;
  input.moment = {.now = now, .seed = call.request_id.ToString()};
  input.deadline = call.deadline;
  input.done = [reply](const Answer& answer) {
    ++reply->calls;
    reply->refusal = answer.refusal;
    reply->fault = answer.fault;
    if (const auto* jar = dynamic_cast<const Jar*>(answer.document)) reply->jar = *jar;
    reply->version = answer.document_version;
    reply->position = answer.position;
    reply->repeated = answer.repeated;
  };
  if (const absl::Status submitted = writer_->Submit(std::move(input)); !submitted.ok()) {
    reply->fault = submitted;
  }
  return reply;
}

DonePtr JarLedger::Submit(EventInput input) {
  auto done = std::make_shared<Done>();
  input.done = [done](absl::Status status, int64_t applied) {
    ++done->calls;
    done->status = std::move(status);
    done->applied = applied;
  };
  LEARNCITY_CHECK_OK(writer_->Submit(std::move(input)));
  return done;
}

DonePtr JarLedger::SubmitKitchen(std::vector<Record> records, int64_t epoch) {
  return Submit(
      EventInput{.feed = kKitchen, .epoch = epoch, .records = std::move(records), .done = {}});
}

DonePtr JarLedger::SubmitReplay(const Id& subject) {
  auto done = std::make_shared<Done>();
  LEARNCITY_CHECK_OK(writer_->Submit(ReplayInput{
      .feed = kKitchen, .subject = subject, .done = [done](absl::Status status, int applied) {
        ++done->calls;
        done->status = std::move(status);
        done->applied = applied;
      }}));
  return done;
}

void JarLedger::Work() {
  int steps = 0;
  while (writer_->Step()) LEARNCITY_CHECK_LT(++steps, kStepsMax);
}

Reply JarLedger::Ask(const google::protobuf::Message& request) {
  return Ask(request, {.request_id = NewRequestId()});
}

Reply JarLedger::Ask(const google::protobuf::Message& request, const Call& call) {
  const ReplyPtr reply = Submit(request, call);
  Work();
  return *reply;
}

Done JarLedger::Feed(std::vector<Record> records, int64_t epoch) {
  const DonePtr done = SubmitKitchen(std::move(records), epoch);
  Work();
  return *done;
}

template <class Document>
std::optional<Document> JarLedger::Stored(const Id& id) {
  const auto row = reader_->Get(*schema_.ByDocument(Document::descriptor()), id);
  LEARNCITY_CHECK_OK(row.status());
  if (!*row) return std::nullopt;
  Document document;
  LEARNCITY_CHECK(document.ParseFromString((*row)->bytes));
  return document;
}

std::optional<Jar> JarLedger::FindJar(std::string_view jar) { return Stored<Jar>(JarId(jar)); }
std::optional<Plate> JarLedger::FindPlate(const Id& id) { return Stored<Plate>(id); }
std::optional<Tally> JarLedger::FindTally(std::string_view jar) {
  return Stored<Tally>(TallyId(jar));
}

int64_t JarLedger::Beans(std::string_view jar) {
  const auto found = FindJar(jar);
  return found ? found->beans() : -1;
}

int64_t JarLedger::Applied() { return reader_->ReadCursor(kKitchen).value().position; }
std::vector<Record> JarLedger::Events() { return reader_->Read(0, 1'000'000).value(); }
std::vector<TurnRow> JarLedger::Turns() { return reader_->ReadTurns(0, 1'000'000).value(); }
std::vector<Parked> JarLedger::AllParked() { return reader_->ReadParked().value(); }
Verification JarLedger::Proof() { return Verify(*reader_, schema_).value(); }

std::vector<std::string> JarLedger::Divergences(const std::vector<Record>& kitchen) {
  std::vector<std::string> kinds;
  for (const Divergence& divergence : Proof().divergences) kinds.push_back(divergence.kind);
  const auto references = VerifyReferences(
      *reader_, schema_, kKitchen, [&](int64_t after) -> absl::StatusOr<std::vector<Record>> {
        std::vector<Record> records;
        for (const Record& record : kitchen) {
          if (record.position > after) records.push_back(record);
        }
        return records;
      });
  LEARNCITY_CHECK_OK(references.status());
  for (size_t i = 0; i < references->size(); ++i) kinds.emplace_back("reference");
  return kinds;
}

Record Kitchen::Append(const Id& plate, std::string type, std::string data) {
  const auto position = static_cast<int64_t>(records_.size()) + 1;
  records_.push_back({.position = position,
                      .time = kStart - std::chrono::hours(1) + std::chrono::seconds(position),
                      .type = std::move(type),
                      .subject = plate,
                      .version = 1,
                      .data = std::move(data)});
  return records_.back();
}

Record Kitchen::Add(const Id& plate, const google::protobuf::Message& event) {
  return Append(plate, event.GetTypeName(), event.SerializeAsString());
}

Record Kitchen::AddGarbage(const Id& plate) {
  return Append(plate, PlateEvent::descriptor()->full_name(), "\xff\xff not a message");
}

Record Kitchen::AddUnknown(const Id& plate) {
  // Field 15, of length 0.
  return Append(plate, PlateEvent::descriptor()->full_name(), std::string("\x7a\x00", 2));
}

std::vector<Record> Kitchen::After(int64_t position, int limit) const {
  std::vector<Record> found;
  for (const Record& record : records_) {
    if (record.position > position && static_cast<int>(found.size()) < limit) {
      found.push_back(record);
    }
  }
  return found;
}

Id PlateId(int n) { return TimeOrderedId(kStart, "plate", n); }

}  // namespace learncity::ledger
