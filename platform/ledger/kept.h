// What a ledger keeps beside its documents: names of tables, columns and indexes, the same on every
// engine, and the words in which it says so itself. By them an engine sees that another release
// wrote it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/ledger/schema.h"

namespace learncity::ledger {

// The SQL name of a kind's table.
std::string TableName(const Table& table);

// A column with an index; due_at is one where the kind has due documents.
struct IndexedColumn {
  std::string name;
  bool is_unique = false;
};
std::vector<IndexedColumn> IndexedColumns(const Table& table);
std::string IndexName(const Table& table, std::string_view column);

// A column of a table, and how its value follows from the document.
struct KeptColumn {
  std::string name;
  // Names it with its index, as "jar.label/unique".
  std::string word;
  std::function<Value(const google::protobuf::Message&)> value;
};

// due_at first, then those that the table declares.
std::vector<KeptColumn> ColumnsOf(const Table& table);

// The words of all columns; sorted, so that the order of declarations says nothing.
std::set<std::string> KeptColumns(const Schema& schema);

}  // namespace learncity::ledger
