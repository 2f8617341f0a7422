// The documents of a turn, in memory: what rules look up, what their events fold into, and what the
// turn then writes. Stays warm between turns as a write-through cache. Writer's thread only.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "platform/ledger/ledger.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger {

class WorkingSet : public Walk {
 public:
  // Documents and unique values that are kept warm at most; past it all are dropped between two
  // turns.
  static constexpr size_t kWarmMax = 65536;

  // One document as this turn sees it.
  struct Slot {
    const Table* table = nullptr;
    Id id;
    // nullptr when there is no such document.
    std::unique_ptr<google::protobuf::Message> message;
    int64_t version = 0;
    // Whether the table has a row, and whether this turn changed the document.
    bool stored = false;
    bool changed = false;
    // The values of unique columns as others find the document by them.
    std::vector<Value> unique_values;
    std::string bytes;
  };

  explicit WorkingSet(Ledger& ledger) : ledger_(ledger) {}

  // What another process has written since the last turn is read again.
  void BeginTurn(Time now);
  // Forgets what was missing for the input before.
  void BeginInput();

  // Loads every document that was asked for and is not here. False: nothing was asked for.
  // DATA_LOSS: a stored document does not parse.
  absl::StatusOr<bool> LoadAsked();
  // The first document that was required and does not exist, as a refusal.
  const std::optional<Refusal>& missing() const { return missing_; }

  // The event of `change` happens: it gets the next position and folds into its document.
  const Slot& Fold(const Change& change);
  // A followed feed's event, of so many bytes, moves a reference document.
  void FoldReference(const Table& table, const Id& id, const google::protobuf::Message& event,
                     size_t bytes);
  // Asks for a document of a table, as Find does for a kind.
  void FindAny(const Table& table, const Id& id);
  // The slot of a document that was loaded, else nullptr.
  Slot* FindSlot(const Table& table, const Id& id);

  // What went wrong while a reaction or a walk read and wrote, where it could not be told; then
  // forgotten.
  absl::Status TakeFault() { return std::exchange(fault_, absl::OkStatus()); }

  int documents_changed() const { return static_cast<int>(changed_.size()); }
  // How often one was changed.
  int64_t changes() const { return changes_; }
  // Of the events that were folded in this turn.
  int64_t bytes() const { return bytes_; }
  const std::vector<Record>& records() const { return writes_.records; }
  TurnWrites& writes() { return writes_; }
  // Serializes what changed into writes(). Call once, before Ledger::Commit.
  void Collect();
  // The turn is durable: what it left stays warm.
  void Committed();
  // The turn is undone: everything it touched is dropped.
  void Undone();

  // Draft.
  void Apply(const Decision& decision) override;

 protected:
  const google::protobuf::Message* FindMessage(const google::protobuf::Descriptor* kind,
                                               const Id& id) override;
  const google::protobuf::Message* FindMessageBy(const google::protobuf::Descriptor* kind,
                                                 std::string_view column,
                                                 std::string_view value) override;
  void Missing(const google::protobuf::Descriptor* kind, std::string_view name) override;
  google::protobuf::Message& PutMessage(const google::protobuf::Descriptor* kind,
                                        const Id& id) override;
  Messages NextMessages(const google::protobuf::Descriptor* kind, const Id& after,
                        int limit) override;

 private:
  using Key = std::pair<int, Id>;
  struct UniqueKey {
    int table;
    int column;
    std::string value;
    bool operator==(const UniqueKey&) const = default;
    template <class H>
    friend H AbslHashValue(H h, const UniqueKey& k) {
      return H::combine(std::move(h), k.table, k.column, k.value);
    }
  };

  const Table& TableOf(const google::protobuf::Descriptor* kind) const;
  Slot& MakeSlot(const Table& table, const Id& id);
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Parse(const Table& table,
                                                                   const Row& row) const;
  absl::StatusOr<Slot*> LoadSlot(const Table& table, Row row);
  // Those of the documents that are not here; a slot without a message for one that does not
  // exist.
  absl::Status LoadDocuments(const Table& table, std::vector<Id> ids);
  // Which documents have these values in a unique column.
  absl::Status LoadHolders(const Table& table, int column, const std::vector<std::string>& values);
  google::protobuf::Message& Mutable(Slot& slot);
  void Changed(Slot& slot);
  void MoveUniqueValues(Slot& slot);
  void MovePutValues();

  Ledger& ledger_;
  // The turn after which what is warm was true.
  int64_t warm_since_ = 0;
  absl::flat_hash_map<Key, std::unique_ptr<Slot>> slots_;
  // Which document has a value in a unique column; nullopt: none has.
  absl::flat_hash_map<UniqueKey, std::optional<Id>> unique_;
  std::vector<Key> asked_;
  std::vector<UniqueKey> asked_by_;
  std::optional<Refusal> missing_;
  std::vector<Slot*> changed_;
  // Derived documents that a reaction holds for writing: their unique values may still change.
  std::vector<Slot*> put_;
  // What is of this turn alone: what a reaction writes to after a fault, which goes nowhere, and
  // what a walk reads, which would push out what is in use.
  std::vector<std::unique_ptr<google::protobuf::Message>> passing_;
  absl::Status fault_;
  TurnWrites writes_;
  int64_t bytes_ = 0;
  int64_t changes_ = 0;
};

}  // namespace learncity::ledger
