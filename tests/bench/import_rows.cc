#include "tests/bench/import_rows.h"

#include <iomanip>
#include <ostream>
#include <unordered_set>

#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "platform/ledger/sqlite_schema.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "services/learncity/server.h"
#include "tests/bench/enrollment_alone.h"
#include "tests/bench/pace.h"

namespace learncity::bench {
namespace {

namespace enr = enrollment::v1;
using std::chrono::steady_clock;

constexpr size_t kRowsPerCommit = 256;

struct Imported {
  double seconds = 0;
  std::unordered_set<std::string> ids;
};

double SecondsSince(steady_clock::time_point began) {
  return std::chrono::duration<double>(steady_clock::now() - began).count();
}

// One thread writes rows, this one reads what became of them.
Imported Import(const std::shared_ptr<grpc::Channel>& channel, const Newcomers& newcomers,
                int first) {
  const auto stub = enr::EnrollmentService::NewStub(channel);
  grpc::ClientContext context;
  context.AddMetadata("authorization", kAuthorization);
  Imported imported;
  const auto began = steady_clock::now();
  const auto stream = stub->ImportEnrollments(&context);
  int next = first;
  runtime::Loop writing(
      "import",
      [&] {
        if (next == newcomers.count()) return false;
        enr::ImportEnrollmentsRequest row;
        *row.mutable_enrollment() = newcomers.Enroll(next++);
        LEARNCITY_CHECK(stream->Write(row));
        if (next == newcomers.count()) stream->WritesDone();
        return true;
      },
      std::chrono::milliseconds(10));
  enr::ImportEnrollmentsResponse result;
  while (stream->Read(&result)) {
    LEARNCITY_CHECK(result.has_enrollment()) << result.error().message();
    imported.ids.emplace(IdOf(result.enrollment().name()).view());
  }
  writing.Stop();
  const grpc::Status status = stream->Finish();
  LEARNCITY_CHECK(status.ok()) << status.error_message();
  imported.seconds = SecondsSince(began);
  return imported;
}

struct BareRow {
  std::string id, bytes;
  std::vector<ledger::Value> columns;
};

std::vector<BareRow> RowsOf(host::Host& host, const ledger::Table& table,
                            const std::unordered_set<std::string>& ids) {
  std::vector<BareRow> rows;
  auto reader = host.readers().Mine();
  LEARNCITY_CHECK_OK(reader.status());
  LEARNCITY_CHECK_OK((*reader)->ScanStored(table, [&](const ledger::Reader::Stored& row) {
    std::string id(row.id.view());
    if (ids.contains(id)) rows.push_back({std::move(id), std::string(row.bytes), row.columns});
  }));
  return rows;
}

double InsertBare(const ledger::Table& table, const std::vector<BareRow>& rows,
                  const std::string& path) {
  auto file = sqlite::Database::Open(path, {.create = true});
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
    if (i % kRowsPerCommit == 0) LEARNCITY_CHECK_OK(file->Execute("BEGIN"));
    insert->BindBlob(1, rows[i].id);
    insert->BindBlob(2, rows[i].bytes);
    int index = 3;
    for (const auto& value : rows[i].columns) ledger::BindValue(*insert, index++, value);
    LEARNCITY_CHECK_OK(insert->Run());
    if (i % kRowsPerCommit == kRowsPerCommit - 1 || i + 1 == rows.size()) {
      LEARNCITY_CHECK_OK(file->Execute("COMMIT"));
    }
  }
  return SecondsSince(began);
}

}  // namespace

void MeasureImport(Opened& opened, const Newcomers& newcomers, int first,
                   const std::filesystem::path& scratch, std::ostream& out) {
  auto server = CityServer::Start(*opened.city, BenchTokens(), opened.foundations, {});
  LEARNCITY_CHECK_OK(server.status());
  const Imported imported = Import((*server)->InProcessChannel(), newcomers, first);
  (*server)->Stop(std::chrono::milliseconds(0));

  host::Host& enrollment = opened.city->enrollment();
  const auto& table = *enrollment.schema().ByDocument(enr::Enrollment::descriptor());
  const auto rows = RowsOf(enrollment, table, imported.ids);
  LEARNCITY_CHECK_EQ(static_cast<int>(rows.size()), newcomers.count() - first);
  const double bare = InsertBare(table, rows, (scratch / "bare.db").string());
  const auto count = static_cast<double>(rows.size());
  out << rows.size()
      << " enrollments by ImportEnrollments, every follower running: " << count / imported.seconds
      << " a second; the same rows by bare SQLite inserts, " << kRowsPerCommit
      << " a commit: " << count / bare << " a second; " << std::setprecision(3)
      << bare / imported.seconds << " of them\n"
      << std::setprecision(1);
}

}  // namespace learncity::bench
