#include "platform/ledger/kept.h"

#include "platform/runtime/concat.h"

namespace learncity::ledger {

using google::protobuf::Message;

std::string TableName(const Table& table) { return Concat("doc_", table.name); }

std::vector<IndexedColumn> IndexedColumns(const Table& table) {
  std::vector<IndexedColumn> indexed;
  if (table.due_at) indexed.push_back({.name = "due_at"});
  for (const Column& column : table.columns) {
    if (column.index == Column::Index::kNone) continue;
    indexed.push_back({column.name, column.index == Column::Index::kUnique});
  }
  return indexed;
}

std::string IndexName(const Table& table, std::string_view column) {
  return Concat(TableName(table), "_", column);
}

std::vector<KeptColumn> ColumnsOf(const Table& table) {
  const auto word = [&](const std::string& column, std::string_view index) {
    return Concat(table.name, ".", column, "/", index);
  };
  // A kind that is not due any more has nothing in the column.
  std::vector<KeptColumn> columns = {
      {"due_at", word("due_at", table.due_at ? "ordered" : "none"),
       [&table](const Message& document) { return DueValue(table, document); }}};
  for (const Column& column : table.columns) {
    const std::string_view index = column.index == Column::Index::kUnique    ? "unique"
                                   : column.index == Column::Index::kOrdered ? "ordered"
                                                                             : "none";
    columns.push_back({column.name, word(column.name, index), column.value});
  }
  return columns;
}

std::set<std::string> KeptColumns(const Schema& schema) {
  std::set<std::string> words;
  for (const auto& table : schema.tables()) {
    for (const KeptColumn& column : ColumnsOf(*table)) words.insert(column.word);
  }
  return words;
}

}  // namespace learncity::ledger
