#include "services/registry/name_index.h"

#include <algorithm>
#include <array>

#include "platform/rpc/resource_fields.h"
#include "platform/runtime/concat.h"
#include "platform/text/unicode.h"

namespace learncity::registry {
namespace {

constexpr int kRanks = 4;

// Every word of the query stands in the name, or a word of the name begins with it.
bool HoldsWords(const std::string& name, std::string_view query) {
  while (!query.empty()) {
    const std::string_view word = query.substr(0, query.find(' '));
    if (name.find(Concat(" ", word)) == std::string::npos) return false;
    query.remove_prefix(std::min(query.size(), word.size() + 1));
  }
  return true;
}

// How well a name meets the query: 0 is best; kRanks is not at all.
int RankOf(const std::string& name, const std::string& query) {
  if (name == Concat(" ", query, " ")) return 0;
  const size_t at = name.find(Concat(" ", query));
  if (at == 0) return 1;
  if (at != std::string::npos) return 2;
  return HoldsWords(name, query) ? 3 : kRanks;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const NameIndex::Entries>> NameIndex::Load(
    ledger::Reader& reader) const {
  auto entries = std::make_shared<Entries>();
  bool sound = true;
  const absl::Status scanned =
      reader.ScanAll(table_, [&](const Id&, int64_t version, std::string_view bytes) {
        std::shared_ptr<google::protobuf::Message> document(table_.prototype->New());
        sound &= document->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        rpc::SetText(document.get(), "etag", rpc::EtagOf(version));
        const std::string name = rpc::TextOf(*document, "display_name");
        entries->push_back({.name = Concat(" ", text::Folded(name), " "),
                            .order = text::VietnameseOrder(name),
                            .document = std::move(document)});
      });
  if (!scanned.ok()) return scanned;
  if (!sound) return absl::DataLossError(Concat("a ", table_.name, " does not parse"));
  std::sort(entries->begin(), entries->end(),
            [](const Entry& a, const Entry& b) { return a.order < b.order; });
  return entries;
}

absl::StatusOr<std::shared_ptr<const NameIndex::Entries>> NameIndex::Current() {
  const auto reader = readers_.Mine();
  if (!reader.ok()) return reader.status();
  const auto head = (*reader)->ReadHead();
  if (!head.ok()) return head.status();
  MutexLock lock(&mutex_);
  if (entries_ && position_ == head->position) return entries_;
  auto loaded = Load(**reader);
  if (!loaded.ok()) return loaded.status();
  entries_ = *loaded;
  // What came after the head was read may be in already; it is read again then.
  position_ = head->position;
  return entries_;
}

absl::StatusOr<std::vector<std::unique_ptr<google::protobuf::Message>>> NameIndex::Find(
    const std::string& query, size_t limit,
    const std::function<bool(const google::protobuf::Message&)>& keep) {
  const std::string wanted = text::Folded(query);
  std::vector<std::unique_ptr<google::protobuf::Message>> found;
  if (wanted.empty()) return found;
  const auto entries = Current();
  if (!entries.ok()) return entries.status();
  std::array<std::vector<const Entry*>, kRanks> by_rank;
  for (const Entry& entry : **entries) {
    const int rank = RankOf(entry.name, wanted);
    if (rank < kRanks && keep(*entry.document)) {
      by_rank[static_cast<size_t>(rank)].push_back(&entry);
    }
  }
  for (const auto& rank : by_rank) {
    for (const Entry* entry : rank) {
      if (found.size() == limit) return found;
      found.emplace_back(entry->document->New());
      found.back()->CopyFrom(*entry->document);
    }
  }
  return found;
}

}  // namespace learncity::registry
