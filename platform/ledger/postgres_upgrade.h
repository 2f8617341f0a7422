// Brings a ledger in PostgreSQL that another release wrote to what this one's schema declares, as
// sqlite_upgrade.h does with a file. Why so:
// docs/adr/0008-a-ledger-is-upgraded-when-it-is-opened.md.
#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "platform/ledger/postgres.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

// What a ledger says that it keeps.
struct PostgresKept {
  std::set<std::string> columns;
  int64_t followed = 1;
};

// Within a transaction that has the turn, which it commits; other replicas wait, and those of the
// release before are told by their next turn that the ledger is not theirs any more.
//
// Makes missing tables and columns; follows anew where the schema's FollowedVersion is higher;
// fills the columns that the ledger does not name, and makes their indexes, an ordinary one where
// documents share a value of a unique column; takes a turn without events. Tells the log. On error
// nothing is changed once the caller rolls back.
absl::Status UpgradePostgres(postgres::Connection& connection, const Schema& schema,
                             const PostgresKept& kept);

}  // namespace learncity::ledger
