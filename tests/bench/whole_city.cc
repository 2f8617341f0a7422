#include "tests/bench/whole_city.h"

#include <algorithm>
#include <atomic>
#include <iomanip>
#include <ostream>

#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/ledger/sqlite_schema.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/mutex.h"
#include "services/learncity/opened.h"
#include "services/learncity/server.h"
#include "tests/bench/enrollment_alone.h"
#include "tests/bench/facts_sql.h"
#include "tests/bench/pace.h"

namespace learncity::bench {
namespace {

using std::chrono::steady_clock;

constexpr int kReports = 300;
constexpr int kSearches = 2000;
constexpr int kSqlRuns = 3;
// Ten times Hanoi's busiest hour, and as many as are taken.
constexpr double kArrivalsPerSecond[] = {1000, 1e9};
constexpr int kRawRows = 200'000;
constexpr int kRawRowsPerCommit = 256;
constexpr const char* kQueries[] = {"tieu hoc phuc xa", "Trường THPT", "hoc tap cong dong",
                                    "ba dinh", "mam non so 12"};

double SecondsSince(steady_clock::time_point began) {
  return std::chrono::duration<double>(steady_clock::now() - began).count();
}

void Wait(std::chrono::milliseconds time) {
  Mutex mutex;
  CondVar never;
  MutexLock lock(&mutex);
  never.WaitFor(&mutex, time, [] { return false; });
}

// With a rest after each, which does not count into its time.
Pace Repeat(int times, const std::function<void(int)>& work, std::chrono::milliseconds rest = {}) {
  std::vector<uint32_t> latencies;
  const auto began = steady_clock::now();
  for (int i = 0; i < times; ++i) {
    const auto one = steady_clock::now();
    work(i);
    latencies.push_back(static_cast<uint32_t>(SecondsSince(one) * 1e6));
    if (rest.count() > 0) Wait(rest);
  }
  return PaceOf(latencies, steady_clock::now() - began);
}

Opened Open(const std::filesystem::path& folder, const std::filesystem::path& data) {
  auto opened = OpenPlace({.folder = folder.string(), .data = data.string()});
  LEARNCITY_CHECK_OK(opened.status());
  return std::move(*opened);
}

// Learners who register without papers, so many a second and 64 waiting at the most, until it goes.
class Arrivals {
 public:
  Arrivals(City& city, double per_second)
      : city_(city),
        per_second_(per_second),
        began_(steady_clock::now()),
        loop_(
            "arrivals", [this] { return Step(); }, std::chrono::milliseconds(1)) {}
  ~Arrivals() { loop_.Stop(); }
  int64_t arrived() const { return arrived_; }

 private:
  bool Step() {
    ledger::Writer& writer = city_.enrollment().writer();
    const bool is_early = static_cast<double>(sent_) >= per_second_ * SecondsSince(began_);
    if (is_early || writer.queued() >= 64) return false;
    ++sent_;
    const Time now = SystemNow();
    auto request = std::make_unique<enrollment::v1::RegisterLearnerRequest>();
    request->mutable_learner()->set_name(Concat("learners/", RandomId(now).ToString()));
    request->mutable_learner()->set_birth_year(2015);
    const Id id = RandomId(now);
    ledger::RequestInput input{.method = "RegisterLearner",
                               .caller = "bench",
                               .request_id = id,
                               .request_hash = std::string(32, 'h'),
                               .request = std::move(request),
                               .moment = {.now = now, .seed = std::string(id.view())},
                               .deadline = std::nullopt,
                               .done = [this](const ledger::Answer& a) { arrived_ += a.ok(); }};
    return writer.Submit(std::move(input)).ok();
  }

  City& city_;
  const double per_second_;
  const steady_clock::time_point began_;
  int64_t sent_ = 0;
  std::atomic<int64_t> arrived_{0};
  runtime::Loop loop_;
};

reporting::v1::ReportContent WholeReport(const Opened& opened, Day day) {
  reporting::v1::Report report;
  *report.mutable_as_of() = ToDate(day);
  report.set_state(reporting::v1::Report::STATE_DRAFT);
  reporting::CompleteDraft(opened.city->board(), opened.foundations, &report);
  reporting::v1::ReportContent content;
  LEARNCITY_CHECK(content.ParseFromString(report.content()));
  return content;
}

int64_t PupilsOf(const reporting::v1::ReportContent& content) {
  return content.evaluations(0).figures(0).numerator();
}

void MeasureReport(Opened& opened, const std::filesystem::path& scratch, std::ostream& out) {
  const Day day = Today(SystemNow());
  const auto report = [&](int) { WholeReport(opened, day); };
  const Pace idle = Repeat(kReports, report);
  out << "whole report, nothing arriving: p50 " << idle.p50_ms << " ms, p99 " << idle.p99_ms
      << " ms\n";
  const auto facts = scratch / "facts.db";
  auto reader = opened.city->reporting().readers().Mine();
  LEARNCITY_CHECK_OK(reader.status());
  WriteFacts(**reader, facts);
  std::vector<double> seconds;
  for (int i = 0; i < kSqlRuns; ++i) {
    const SqlFigures sql = FiguresBySql(facts, day);
    LEARNCITY_CHECK(sql.pupils == PupilsOf(WholeReport(opened, day)))
        << "SQL counts " << sql.pupils << " pupils, the cells "
        << PupilsOf(WholeReport(opened, day));
    seconds.push_back(sql.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  out << "six of its figures by SQL over the facts: " << seconds[kSqlRuns / 2] * 1000 << " ms, "
      << seconds[kSqlRuns / 2] * 1000 / idle.p50_ms << " times the whole report\n";
  opened.city->Start();
  for (const double per_second : kArrivalsPerSecond) {
    const auto began = steady_clock::now();
    Arrivals arrivals(*opened.city, per_second);
    while (arrivals.arrived() < 1000) Wait(std::chrono::milliseconds(1));
    const Pace busy = Repeat(kReports, report, std::chrono::milliseconds(10));
    out << "whole report, learners arriving at "
        << static_cast<double>(arrivals.arrived()) / SecondsSince(began) << " a second: p50 "
        << busy.p50_ms << " ms, p99 " << busy.p99_ms << " ms\n";
  }
  opened.city->Stop();
}

void MeasureSearch(Opened& opened, std::ostream& out) {
  auto server = CityServer::Start(*opened.city, BenchTokens(), opened.foundations, {});
  LEARNCITY_CHECK_OK(server.status());
  const auto stub = registry::v1::RegistryService::NewStub((*server)->InProcessChannel());
  const auto search = [&](int i) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", kAuthorization);
    registry::v1::SearchCentersRequest request;
    request.set_query(kQueries[static_cast<size_t>(i) % std::size(kQueries)]);
    registry::v1::SearchCentersResponse response;
    const auto status = stub->SearchCenters(&context, request, &response);
    LEARNCITY_CHECK(status.ok()) << status.error_message();
  };
  search(0);
  const Pace pace = Repeat(kSearches, search);
  out << "search of centers by name over gRPC, one at a time: p50 " << pace.p50_ms << " ms, p99 "
      << pace.p99_ms << " ms, " << pace.PerSecond() << " a second\n";
  (*server)->Stop(std::chrono::milliseconds(0));
}

// The rows of one table as they stand, inserted by bare SQLite with the same columns, indexes and
// durability, so many a commit as a full turn has.
void MeasureRawInserts(Opened& opened, const std::filesystem::path& scratch, std::ostream& out) {
  const auto& table =
      *opened.city->enrollment().schema().ByDocument(enrollment::v1::Enrollment::descriptor());
  struct Copied {
    std::string id, bytes;
    std::vector<ledger::Value> columns;
  };
  std::vector<Copied> rows;
  auto reader = opened.city->enrollment().readers().Mine();
  LEARNCITY_CHECK_OK(reader.status());
  LEARNCITY_CHECK_OK((*reader)->ScanStored(table, [&](const ledger::Reader::Stored& row) {
    if (rows.size() == kRawRows) return;
    rows.push_back({std::string(row.id.view()), std::string(row.bytes), row.columns});
  }));
  auto file = sqlite::Database::Open((scratch / "raw.db").string(), {.create = true});
  LEARNCITY_CHECK_OK(file.status());
  LEARNCITY_CHECK_OK(file->Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
  LEARNCITY_CHECK_OK(file->Execute(ledger::TableSql(table)));
  std::string names = "id, version, bytes", values = "?1, 1, ?2";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    names += Concat(", ", table.columns[i].name);
    values += Concat(", ?", i + 3);
  }
  for (const auto& column : ledger::IndexedColumns(table)) {
    LEARNCITY_CHECK_OK(file->Execute(ledger::IndexSql(table, column)));
  }
  auto insert = file->Prepare(
      Concat("INSERT INTO ", ledger::TableName(table), "(", names, ") VALUES(", values, ")"));
  LEARNCITY_CHECK_OK(insert.status());
  const auto began = steady_clock::now();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i % kRawRowsPerCommit == 0) LEARNCITY_CHECK_OK(file->Execute("BEGIN"));
    insert->BindBlob(1, rows[i].id);
    insert->BindBlob(2, rows[i].bytes);
    int index = 3;
    for (const auto& value : rows[i].columns) ledger::BindValue(*insert, index++, value);
    LEARNCITY_CHECK_OK(insert->Run());
    if (i % kRawRowsPerCommit == kRawRowsPerCommit - 1 || i + 1 == rows.size()) {
      LEARNCITY_CHECK_OK(file->Execute("COMMIT"));
    }
  }
  out << "raw SQLite inserts of " << rows.size() << " enrollment rows, " << kRawRowsPerCommit
      << " a commit: " << static_cast<double>(rows.size()) / SecondsSince(began) << " a second\n";
}

void MeasureRebuild(const std::filesystem::path& folder, const std::filesystem::path& data,
                    std::ostream& out) {
  {
    auto file = sqlite::Database::Open((folder / "reporting.ledger").string(), {});
    LEARNCITY_CHECK_OK(file.status());
    LEARNCITY_CHECK_OK(file->Execute("UPDATE ledger SET value=0 WHERE key='followed'"));
  }
  Opened opened = Open(folder, data);
  int64_t events = 0;
  for (host::Host* host : opened.city->hosts()) {
    if (host != &opened.city->reporting()) events += host->head().position;
  }
  const auto began = steady_clock::now();
  while (!opened.city->CaughtUp()) opened.city->reporting().Step();
  const double seconds = SecondsSince(began);
  out << "reporting rebuilt from " << events << " events in " << seconds
      << " s: " << static_cast<double>(events) / seconds << " a second\n";
}

}  // namespace

void MeasureWholeCity(const std::filesystem::path& folder, const std::filesystem::path& data,
                      const std::filesystem::path& scratch, std::ostream& out) {
  out << std::fixed << std::setprecision(1);
  {
    Opened opened = Open(folder, data);
    MeasureRawInserts(opened, scratch, out);
    MeasureReport(opened, scratch, out);
  }
  {
    Opened opened = Open(folder, data);
    MeasureSearch(opened, out);
  }
  MeasureRebuild(folder, data, out);
}

}  // namespace learncity::bench
