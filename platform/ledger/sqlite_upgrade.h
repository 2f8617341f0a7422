// Brings a file that an earlier release wrote to what this one's schema declares, in place. Why so
// and what it costs: docs/adr/0008-a-ledger-is-upgraded-when-it-is-opened.md.
//
// A file says in its table `ledger` what it keeps: `columns` names the columns that are filled, as
// "jar.due_at/ordered jar.label/unique", and `followed` is the schema's FollowedVersion.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite.h"

namespace learncity::ledger {

// Writes what the schema keeps, and the format, into the file.
std::string KeptSql(const Schema& schema);

// Whether the file keeps what the schema declares. FAILED_PRECONDITION: of followed feeds it keeps
// what a newer release makes of them.
absl::StatusOr<bool> IsCurrent(sqlite::Database& database, const Schema& schema);

// In one transaction, so that an interruption at any point leaves all of it or nothing:
//
// - makes missing tables, and adds missing columns to those that there are;
// - follows anew where the schema's FollowedVersion is higher than the file's;
// - fills the columns that the file does not name, due_at among them, from the stored documents. A
//   document that does not parse is left to whoever asks for it;
// - makes their indexes. Where documents of before share a value of a unique column, its index is
//   an ordinary one from then on. A column that is no longer declared stays without an index, and
//   is filled again should a later release declare it;
// - takes a turn without events, so that a process that still has the file open, of a release
//   before, is told at its next turn that the ledger is not its own any more.
//
// Tells the log what was done. RESOURCE_EXHAUSTED: what is rewritten did not fit on the disk.
absl::Status Upgrade(sqlite::Database& database, const Schema& schema);

}  // namespace learncity::ledger
