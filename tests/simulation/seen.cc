#include "tests/simulation/seen.h"

#include "platform/ledger/sqlite.h"

namespace learncity::simulation {
namespace {

constexpr int kEverything = 1'000'000;

template <class Message>
absl::Status ReadAll(host::Host& host, std::map<Id, Message>& into) {
  auto reader = host.readers().Mine();
  if (!reader.ok()) return reader.status();
  const ledger::Table& table = *host.schema().ByDocument(Message::descriptor());
  bool sound = true;
  auto status = (*reader)->ScanAll(table, [&](const Id& id, int64_t, std::string_view bytes) {
    sound &= into[id].ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  });
  if (status.ok() && !sound) return absl::DataLossError("a document does not parse");
  return status;
}

absl::Status Decode(const ledger::Schema& schema, Seen::Ledger& into) {
  for (const ledger::Record& record : into.records) {
    const ledger::Table* table = schema.ByEventType(record.type);
    if (table == nullptr) return absl::DataLossError(record.type);
    Happened& happened = into.events.emplace_back();
    happened.position = record.position;
    happened.subject = record.subject;
    happened.event.reset(table->event_prototype->New());
    if (!happened.event->ParseFromString(record.data)) return absl::DataLossError(record.type);
  }
  return absl::OkStatus();
}

// Calls `row` for each row of a query over a file of the disk.
template <class Row>
absl::Status Query(const std::string& path, const std::string& vfs, const char* sql,
                   const Row& row) {
  auto file = sqlite::Database::Open(path, {.read_only = true, .vfs = vfs, .busy_timeout_ms = 0});
  if (!file.ok()) return file.status();
  auto statement = file->Prepare(sql);
  if (!statement.ok()) return statement.status();
  auto found = statement->Step();
  for (; found.ok() && *found; found = statement->Step()) row(*statement);
  return found.status();
}

absl::Status ReadAnswers(const std::string& path, const std::string& vfs, Seen::Ledger& into) {
  return Query(path, vfs,
               "SELECT request_id, c.text, m.text, request_hash, document, position FROM answers "
               "JOIN names c ON c.id = caller JOIN names m ON m.id = method",
               [&](sqlite::Statement& row) {
                 into.answers[{std::string(row.ColumnText(1)), std::string(row.ColumnText(2)),
                               Id::FromBytes(row.ColumnBlob(0)).value_or(Id{})}] = {
                     .hash = std::string(row.ColumnBlob(3)),
                     .document = Id::FromBytes(row.ColumnBlob(4)).value_or(Id{}),
                     .position = row.ColumnInt(5)};
               });
}

}  // namespace

const std::string& Happened::what() const {
  static const std::string kNothing;
  const auto* what = event->GetReflection()->GetOneofFieldDescriptor(
      *event, event->GetDescriptor()->oneof_decl(0));
  return what == nullptr ? kNothing : what->name();
}

absl::StatusOr<Seen> Look(City& city, const std::string& vfs) {
  Seen seen;
  for (host::Host* host : city.hosts()) {
    Seen::Ledger& into = seen.ledgers[host->service()];
    auto reader = host->readers().Mine();
    if (!reader.ok()) return reader.status();
    auto records = (*reader)->Read(0, kEverything);
    if (!records.ok()) return records.status();
    into.records = std::move(*records);
    auto turns = (*reader)->ReadTurns(0, kEverything);
    if (!turns.ok()) return turns.status();
    into.turns = std::move(*turns);
    if (auto status = Decode(host->schema(), into); !status.ok()) return status;
    if (auto status = ReadAnswers(host->place(), vfs, into); !status.ok()) return status;
  }
  auto status = ReadAll(city.registry(), seen.units);
  status.Update(ReadAll(city.registry(), seen.acts));
  status.Update(ReadAll(city.registry(), seen.centers));
  status.Update(ReadAll(city.registry(), seen.accreditations));
  status.Update(ReadAll(city.registry(), seen.staff));
  status.Update(ReadAll(city.enrollment(), seen.learners));
  status.Update(ReadAll(city.enrollment(), seen.offerings));
  status.Update(ReadAll(city.enrollment(), seen.enrollments));
  status.Update(ReadAll(city.achievements(), seen.certificates));
  status.Update(ReadAll(city.achievements(), seen.awards));
  status.Update(ReadAll(city.achievements(), seen.recognitions));
  status.Update(ReadAll(city.reporting(), seen.recounts));
  status.Update(Query("persons.keys", vfs,
                      "SELECT person, wrapped_key, national_index, confirmed FROM person_key",
                      [&](sqlite::Statement& row) {
                        seen.keys[Id::FromBytes(row.ColumnBlob(0)).value_or(Id{})] = {
                            .wrapped = std::string(row.ColumnBlob(1)),
                            .national_index = std::string(row.ColumnBlob(2)),
                            .confirmed = row.ColumnInt(3) != 0};
                      }));
  if (!status.ok()) return status;
  return seen;
}

}  // namespace learncity::simulation
