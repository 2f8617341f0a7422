// The names of a registry's units and centers in memory, to be searched without case and tones. It
// is made anew from the ledger when that has moved since the last search.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "platform/ledger/reader.h"
#include "platform/runtime/mutex.h"

namespace learncity::registry {

// Any thread may call Find; the readers must outlive it.
class NameIndex {
 public:
  // Of the documents in `table`, which have a `display_name`.
  NameIndex(ledger::Readers& readers, const ledger::Table& table)
      : readers_(readers), table_(table) {}

  // The documents whose names hold every word of the query, or begin one with it, as far as `keep`
  // wants them; at most `limit`. First the name itself, then names that begin with the query, then
  // names that hold it in a row, then the others; each in Vietnamese order. None for a query
  // without a letter.
  absl::StatusOr<std::vector<std::unique_ptr<google::protobuf::Message>>> Find(
      const std::string& query, size_t limit,
      const std::function<bool(const google::protobuf::Message&)>& keep);

 private:
  struct Entry {
    // Folded, with a space at both ends, so that words are found whole.
    std::string name;
    // In Vietnamese.
    std::string order;
    std::shared_ptr<const google::protobuf::Message> document;
  };
  // In Vietnamese order.
  using Entries = std::vector<Entry>;
  absl::StatusOr<std::shared_ptr<const Entries>> Current();
  absl::StatusOr<std::shared_ptr<const Entries>> Load(ledger::Reader& reader) const;

  ledger::Readers& readers_;
  const ledger::Table& table_;
  Mutex mutex_;
  std::shared_ptr<const Entries> entries_ LEARNCITY_GUARDED_BY(mutex_);
  // Position of the ledger that the entries are of.
  int64_t position_ LEARNCITY_GUARDED_BY(mutex_) = -1;
};

}  // namespace learncity::registry
