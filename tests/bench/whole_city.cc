#include "tests/bench/whole_city.h"

#include <algorithm>
#include <atomic>
#include <iomanip>
#include <ostream>

#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/ledger/sqlite.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/mutex.h"
#include "services/learncity/opened.h"
#include "services/learncity/server.h"
#include "tests/bench/enrollment_alone.h"
#include "tests/bench/facts_sql.h"
#include "tests/bench/import_rows.h"
#include "tests/bench/newcomers.h"
#include "tests/bench/pace.h"

namespace learncity::bench {
namespace {

using std::chrono::steady_clock;

constexpr int kReports = 300;
constexpr int kSearches = 2000;
constexpr int kSqlRuns = 3;
// Ten times Hanoi's busiest hour, and as many as are taken.
constexpr double kArrivalsPerSecond[] = {1000, 1e9};
// Enough for what is taken in the seconds of both.
constexpr int kArriving = 300'000;
constexpr int kImported = 100'000;
constexpr const char* kCenterQueries[] = {"tieu hoc phuc xa", "Trường THPT", "hoc tap cong dong",
                                          "ba dinh", "mam non so 12"};
constexpr const char* kUnitQueries[] = {"phuc xa", "Phường Ba Đình", "dong", "xa minh chau",
                                        "thi tran"};

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
}

// Answers with the newcomer that comes next. The city has started.
int MeasureReportBesideArrivals(Opened& opened, const Newcomers& newcomers, std::ostream& out) {
  const Day day = Today(SystemNow());
  int next = 0;
  for (const double per_second : kArrivalsPerSecond) {
    while (!opened.city->CaughtUp()) Wait(std::chrono::milliseconds(10));
    const auto began = steady_clock::now();
    Arrivals arrivals(
        *opened.city, [&](int n) { return newcomers.Enroll(n); }, next, per_second);
    while (arrivals.arrived() < 1000) Wait(std::chrono::milliseconds(1));
    const Pace busy = Repeat(
        kReports, [&](int) { WholeReport(opened, day); }, std::chrono::milliseconds(10));
    out << "whole report, learners enrolling at "
        << static_cast<double>(arrivals.arrived()) / SecondsSince(began) << " a second: p50 "
        << busy.p50_ms << " ms, p99 " << busy.p99_ms << " ms\n";
    next = arrivals.next();
  }
  return next;
}

void MeasureSearch(Opened& opened, std::ostream& out) {
  auto server = CityServer::Start(*opened.city, BenchTokens(), opened.foundations, {});
  LEARNCITY_CHECK_OK(server.status());
  const auto stub = registry::v1::RegistryService::NewStub((*server)->InProcessChannel());
  const auto measure = [&](const char* what, auto search) {
    search(0);
    const Pace pace = Repeat(kSearches, search);
    out << "search of " << what << " by name over gRPC, one at a time: p50 " << pace.p50_ms
        << " ms, p99 " << pace.p99_ms << " ms, " << pace.PerSecond() << " a second\n";
  };
  const auto call = [](auto method) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", kAuthorization);
    const grpc::Status status = method(&context);
    LEARNCITY_CHECK(status.ok()) << status.error_message();
  };
  measure("centers", [&](int i) {
    registry::v1::SearchCentersRequest request;
    request.set_query(kCenterQueries[static_cast<size_t>(i) % std::size(kCenterQueries)]);
    registry::v1::SearchCentersResponse response;
    call([&](auto* context) { return stub->SearchCenters(context, request, &response); });
  });
  measure("units", [&](int i) {
    registry::v1::SearchUnitsRequest request;
    request.set_query(kUnitQueries[static_cast<size_t>(i) % std::size(kUnitQueries)]);
    registry::v1::SearchUnitsResponse response;
    call([&](auto* context) { return stub->SearchUnits(context, request, &response); });
  });
  (*server)->Stop(std::chrono::milliseconds(0));
}

// Reads the whole report every so often until it goes, as dashboards do.
class Dashboard {
 public:
  explicit Dashboard(const Opened& opened)
      : opened_(opened),
        day_(Today(SystemNow())),
        loop_(
            "dashboard", [this] { return Step(); }, std::chrono::milliseconds(10)) {}
  ~Dashboard() { loop_.Stop(); }
  int64_t reports() const { return reports_; }

 private:
  bool Step() {
    WholeReport(opened_, day_);
    ++reports_;
    return false;
  }

  const Opened& opened_;
  const Day day_;
  std::atomic<int64_t> reports_{0};
  runtime::Loop loop_;
};

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
  const Dashboard dashboard(opened);
  const auto began = steady_clock::now();
  while (!opened.city->CaughtUp()) opened.city->reporting().Step();
  const double seconds = SecondsSince(began);
  out << "reporting rebuilt from " << events << " events in " << seconds
      << " s: " << static_cast<double>(events) / seconds << " a second, the whole report read "
      << dashboard.reports() << " times meanwhile\n";
}

}  // namespace

void MeasureWholeCity(const std::filesystem::path& folder, const std::filesystem::path& data,
                      const std::filesystem::path& scratch, std::ostream& out) {
  out << std::fixed << std::setprecision(1);
  {
    Opened opened = Open(folder, data);
    MeasureReport(opened, scratch, out);
    const Newcomers newcomers(*opened.city, kArriving + kImported);
    opened.city->Start();
    const int next = MeasureReportBesideArrivals(opened, newcomers, out);
    while (!opened.city->CaughtUp()) Wait(std::chrono::milliseconds(10));
    MeasureImport(opened, newcomers, std::max(next, kArriving), scratch, out);
    opened.city->Stop();
  }
  {
    Opened opened = Open(folder, data);
    MeasureSearch(opened, out);
  }
  MeasureRebuild(folder, data, out);
}

}  // namespace learncity::bench
