// What the contract tests stand on: every engine there is, and a ledger of jars with its writer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/ledger/power_loss_vfs.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/sqlite.h"
#include "platform/ledger/sqlite_ledger.h"
#include "platform/ledger/test_jars.h"
#include "platform/ledger/verify.h"
#include "platform/ledger/writer.h"

namespace learncity::ledger {

// SQLite on a disk in memory.
class DiskEngine : public Engine {
 public:
  static constexpr char kFile[] = "ledger.db";

  explicit DiskEngine(uint64_t seed = 1);
  absl::StatusOr<std::unique_ptr<Ledger>> Open(const Schema& schema) override;
  absl::StatusOr<std::unique_ptr<Reader>> OpenReader(const Schema& schema) override;
  std::unique_ptr<RelayLock> OpenRelayLock() override;
  bool is_shared() const override { return false; }
  std::string place() const override { return kFile; }
  // A connection behind the ledger's back.
  sqlite::Database OpenDatabase();

  PowerLossDisk& disk() { return disk_; }
  SqliteOptions& options() { return options_; }

 private:
  PowerLossDisk disk_;
  SqliteOptions options_;
};

struct EngineKind {
  std::string name;
  std::function<std::unique_ptr<Engine>()> make;
};
void PrintTo(const EngineKind& kind, std::ostream* out);
// The engines that the contract suite runs on: each test program has a file that says so.
std::vector<EngineKind> Engines();
std::string EngineName(const testing::TestParamInfo<EngineKind>& info);

// An answer that outlives its call.
struct Reply {
  int calls = 0;
  std::optional<Refusal> refusal;
  absl::Status fault;
  std::optional<Jar> jar;
  int64_t version = 0;
  int64_t position = 0;
  bool repeated = false;

  bool ok() const { return calls == 1 && !refusal && fault.ok(); }
  // "ok", the refusal's reason, the fault's code, or how often it was called if not once.
  std::string Word() const;
};
using ReplyPtr = std::shared_ptr<Reply>;

// How an input that is no request was answered.
struct Done {
  int calls = 0;
  absl::Status status;
  int64_t applied = 0;
};
using DonePtr = std::shared_ptr<Done>;

// What a call says beside its request.
struct Call {
  Id request_id;
  std::string caller = "lan";
  // Empty: by the request's type.
  std::string method;
  std::optional<Time> deadline;
  std::optional<Refusal> refusal = std::nullopt;
};

// A ledger of jars with its writer, driven by hand. Its time stands until a test moves it.
class JarLedger {
 public:
  explicit JarLedger(Engine& engine, WriterLimits limits = {}, Schema schema = JarSchema());
  ~JarLedger();

  absl::Status Open();
  // Abandons what is queued.
  void Close();
  void Reopen();

  // A request_id that was not used before.
  Id NewRequestId();
  ReplyPtr Submit(const google::protobuf::Message& request);
  ReplyPtr Submit(const google::protobuf::Message& request, const Call& call);
  DonePtr Submit(EventInput input);
  DonePtr SubmitKitchen(std::vector<Record> records, int64_t epoch = 1);
  DonePtr SubmitReplay(const Id& subject);
  // Steps until there is nothing more to do at once.
  void Work();
  // Submit and Work.
  Reply Ask(const google::protobuf::Message& request);
  Reply Ask(const google::protobuf::Message& request, const Call& call);
  Done Feed(std::vector<Record> records, int64_t epoch = 1);

  // Committed state.
  std::optional<Jar> FindJar(std::string_view jar);
  std::optional<Plate> FindPlate(const Id& id);
  std::optional<Tally> FindTally(std::string_view jar);
  int64_t Beans(std::string_view jar);
  int64_t Applied();
  std::vector<Record> Events();
  std::vector<TurnRow> Turns();
  std::vector<Parked> AllParked();
  Verification Proof();
  // Kinds of what Proof finds wrong, and "reference" for what differs from these events of the
  // kitchen.
  std::vector<std::string> Divergences(const std::vector<Record>& kitchen = {});

  Writer& writer() { return *writer_; }
  Ledger& ledger() { return *ledger_; }
  Reader& reader() { return *reader_; }
  const Schema& schema() const { return schema_; }
  const Table& jars() const { return *schema_.ByDocument(Jar::descriptor()); }

  WriterLimits limits;
  JarKnobs knobs;
  Time now;
  // Called whenever the writer asks for the time: once before a step and once in each of its turns.
  std::function<void()> at_clock;
  // Heads that OnCommit was called with.
  std::vector<Head> commits;

 private:
  template <class Document>
  std::optional<Document> Stored(const Id& id);

  Engine& engine_;
  const Schema schema_;
  const Rules rules_;
  int64_t requests_ = 0;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
};

// The kitchen's feed as a test writes it: positions 1, 2, 3.
class Kitchen {
 public:
  Record Add(const Id& plate, const google::protobuf::Message& event);
  // An event whose bytes no release can read, and one that only a later release knows.
  Record AddGarbage(const Id& plate);
  Record AddUnknown(const Id& plate);
  const std::vector<Record>& records() const { return records_; }
  // Those after a position.
  std::vector<Record> After(int64_t position, int limit = 1000) const;

 private:
  Record Append(const Id& plate, std::string type, std::string data);
  std::vector<Record> records_;
};

Id PlateId(int n);
constexpr Time kStart = Time(std::chrono::microseconds(1'767'225'600'000'000));  // 2026-01-01.

// A ledger of jars on each engine.
class ContractTest : public testing::TestWithParam<EngineKind> {
 protected:
  ContractTest() : engine(GetParam().make()), jars(*engine) {
    const absl::Status opened = jars.Open();
    EXPECT_TRUE(opened.ok()) << opened.ToString();
  }
  std::unique_ptr<Engine> engine;
  JarLedger jars;
};

}  // namespace learncity::ledger
