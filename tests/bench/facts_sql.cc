#include "tests/bench/facts_sql.h"

#include <chrono>
#include <string>

#include "learncity/reporting/v1/facts.pb.h"
#include "platform/ledger/sqlite.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/reporting/domain/days.h"
#include "services/reporting/tables.h"

namespace learncity::bench {
namespace {

namespace v1 = reporting::v1;

constexpr char kTables[] =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
    "CREATE TABLE learner(id INTEGER PRIMARY KEY, birth_year, sex, disability, disadvantage);"
    "CREATE TABLE seat(learner, level, grade, from_day, to_day, kind, mode);"
    "CREATE TABLE center(id INTEGER PRIMARY KEY, kind);"
    "CREATE TABLE run(center, from_month, to_month);";
constexpr char kIndexes[] =
    "CREATE INDEX seat_days ON seat(from_day, to_day); CREATE INDEX run_center ON run(center);"
    "COMMIT; ANALYZE;";

// ?1 the day, ?2 the first day of the school year, ?3 the year it begins, ?4 the last closed month.
constexpr const char* kQueries[] = {
    "SELECT sum(n) FROM (SELECT level, sex, count(DISTINCT learner) n FROM seat JOIN learner ON "
    "learner.id=learner WHERE kind IN (1,2) AND from_day<=?1 AND to_day>?1 GROUP BY level, sex)",
    "SELECT count(DISTINCT learner) FROM seat JOIN learner ON learner.id=learner WHERE kind IN "
    "(1,2) AND grade BETWEEN 1 AND 5 AND birth_year>0 AND ?3-birth_year-grade-5>=2 AND "
    "from_day<=?1 AND to_day>?1 GROUP BY sex",
    "SELECT count(DISTINCT learner) FROM seat JOIN learner ON learner.id=learner WHERE "
    "from_day<=?1 "
    "AND to_day>?1-365 AND ?3-birth_year BETWEEN 15 AND 64 GROUP BY disability",
    "SELECT count(DISTINCT learner) FROM seat JOIN learner ON learner.id=learner WHERE kind=4 AND "
    "from_day<=?1 AND to_day>?1-365 AND ?3-birth_year>=15",
    "SELECT mode, sex, count(*) FROM seat JOIN learner ON learner.id=learner WHERE from_day>=?2 "
    "AND "
    "from_day<=?1 GROUP BY mode, sex",
    "SELECT kind, count(DISTINCT center) FROM run JOIN center ON center.id=center WHERE "
    "from_month<=?4 AND to_month>?4-12 GROUP BY kind",
};

template <class Fact, class Write>
void EachFact(ledger::Reader& reader, const Write& write) {
  const auto& table = *reporting::ReportingSchema().ByDocument(Fact::descriptor());
  Fact fact;
  int64_t number = 0;
  LEARNCITY_CHECK_OK(reader.ScanAll(table, [&](const Id&, int64_t, std::string_view bytes) {
    LEARNCITY_CHECK(fact.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    write(++number, fact);
  }));
}

sqlite::Statement Prepared(sqlite::Database& file, const std::string& sql) {
  auto statement = file.Prepare(sql);
  LEARNCITY_CHECK_OK(statement.status());
  return std::move(*statement);
}

void Insert(sqlite::Statement& statement, std::initializer_list<int64_t> values) {
  int index = 0;
  for (const int64_t value : values) statement.BindInt(++index, value);
  LEARNCITY_CHECK_OK(statement.Run());
}

}  // namespace

void WriteFacts(ledger::Reader& reporting, const std::filesystem::path& path) {
  auto file = sqlite::Database::Open(path.string(), {.create = true});
  LEARNCITY_CHECK_OK(file.status());
  LEARNCITY_CHECK_OK(file->Execute(kTables));
  auto learner = Prepared(*file, "INSERT INTO learner VALUES(?1,?2,?3,?4,?5)");
  auto seat = Prepared(*file, "INSERT INTO seat VALUES(?1,?2,?3,?4,?5,?6,?7)");
  EachFact<v1::LearnerFact>(reporting, [&](int64_t id, const v1::LearnerFact& fact) {
    Insert(learner,
           {id, fact.birth_year(), fact.sex(), fact.has_disability(), fact.is_disadvantaged()});
    for (const v1::Seat& s : fact.seats()) {
      Insert(seat, {id, s.isced_level(), s.grade(), s.from_day(), s.to_day(), s.kind(), s.mode()});
    }
  });
  auto center = Prepared(*file, "INSERT INTO center VALUES(?1,?2)");
  auto run = Prepared(*file, "INSERT INTO run VALUES(?1,?2,?3)");
  EachFact<v1::CenterFact>(reporting, [&](int64_t id, const v1::CenterFact& fact) {
    Insert(center, {id, fact.kind()});
    for (const v1::Run& r : fact.runs()) Insert(run, {id, r.from_month(), r.to_month()});
  });
  LEARNCITY_CHECK_OK(file->Execute(kIndexes));
}

SqlFigures FiguresBySql(const std::filesystem::path& path, Day as_of) {
  auto file =
      sqlite::Database::Open(path.string(), {.read_only = true, .mmap_bytes = int64_t{1} << 34});
  LEARNCITY_CHECK_OK(file.status());
  SqlFigures figures;
  const int year = reporting::SchoolYearStart(as_of);
  const Day school_year_begins{std::chrono::year(year) / std::chrono::July / 1};
  const auto began = std::chrono::steady_clock::now();
  for (const char* query : kQueries) {
    auto statement = Prepared(*file, query);
    statement.BindInt(1, reporting::DayNumber(as_of));
    const std::string_view text(query);
    if (text.find("?2") != text.npos) {
      statement.BindInt(2, reporting::DayNumber(school_year_begins));
    }
    if (text.find("?3") != text.npos) statement.BindInt(3, year);
    if (text.find("?4") != text.npos) statement.BindInt(4, reporting::MonthNumber(as_of) - 1);
    auto row = statement.Step();
    if (query == kQueries[0] && row.ok() && *row) figures.pupils = statement.ColumnInt(0);
    while (row.ok() && *row) row = statement.Step();
    LEARNCITY_CHECK_OK(row.status());
  }
  figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return figures;
}

}  // namespace learncity::bench
