// The statements of a ledger in PostgreSQL: what its kinds of documents are read and written by,
// and all that one turn writes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/ledger/ledger.h"
#include "platform/ledger/postgres.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

// Numbers of types, callers, methods and kinds: an event row is then a third shorter.
using PostgresNames = std::map<std::string, int64_t, std::less<>>;

// Of one kind of document.
struct PostgresTableStatements {
  std::string load, load_next, due, insert, update;
  // By unique column.
  std::map<std::string, std::string, std::less<>> load_by;
};

// Constant after construction. The schema must outlive it.
class PostgresStatements {
 public:
  explicit PostgresStatements(const Schema& schema);

  const PostgresTableStatements& Of(const Table& table) const {
    return tables_[static_cast<size_t>(table.index)];
  }
  // All that a turn writes, and its commit; every name in it has a number.
  std::vector<postgres::Statement> Writes(const TurnWrites& writes, const Head& before,
                                          const Head& next, const Id& token,
                                          const PostgresNames& names) const;

 private:
  void AddDocuments(const TurnWrites& writes, std::vector<postgres::Statement>& into) const;

  const Schema& schema_;
  std::vector<PostgresTableStatements> tables_;
};

}  // namespace learncity::ledger
