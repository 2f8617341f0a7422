// A committed document by its resource's name, for what is asked outside of a turn.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/ledger/id.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/schema.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::ledger {

// Absent when the schema's table of it has no such id.
template <class Document>
absl::StatusOr<std::optional<Document>> Stored(Reader& reader, const Schema& schema,
                                               const std::string& name) {
  const Table* table = schema.ByDocument(Document::descriptor());
  LEARNCITY_CHECK(table != nullptr) << "no table of " << Document::descriptor()->full_name();
  const auto row = reader.Get(*table, IdOf(name));
  if (!row.ok()) return row.status();
  if (!row->has_value()) return std::nullopt;
  std::optional<Document> document(std::in_place);
  if (!document->ParseFromString((*row)->bytes)) {
    return absl::DataLossError(Concat(name, " does not parse; run `learncity verify`"));
  }
  return document;
}

}  // namespace learncity::ledger
