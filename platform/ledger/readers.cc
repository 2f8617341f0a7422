#include <thread>

#include "absl/container/flat_hash_map.h"
#include "platform/ledger/reader.h"
#include "platform/runtime/mutex.h"

namespace learncity::ledger {

// Constant after construction: path, schema, options. Guarded: readers. Each reader is used by its
// thread alone; a thread that ends leaves its reader open until this object goes.
struct Readers::State {
  std::string path;
  const Schema& schema;
  ReaderOptions options;
  Mutex mutex;
  absl::flat_hash_map<std::thread::id, std::unique_ptr<Reader>> readers LEARNCITY_GUARDED_BY(mutex);
};

Readers::Readers(std::string path, const Schema& schema, ReaderOptions options)
    : state_(new State{.path = std::move(path),
                       .schema = schema,
                       .options = std::move(options),
                       .mutex = {},
                       .readers = {}}) {}
Readers::~Readers() = default;

absl::StatusOr<Reader*> Readers::Mine() {
  MutexLock lock(&state_->mutex);
  auto& mine = state_->readers[std::this_thread::get_id()];
  if (!mine) {
    auto opened = Reader::Open(state_->path, state_->schema, state_->options);
    if (!opened.ok()) {
      state_->readers.erase(std::this_thread::get_id());
      return opened.status();
    }
    mine = std::move(*opened);
  }
  return mine.get();
}

}  // namespace learncity::ledger
