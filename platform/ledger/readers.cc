#include <thread>

#include "absl/container/flat_hash_map.h"
#include "platform/ledger/reader.h"
#include "platform/runtime/mutex.h"

namespace learncity::ledger {

// Constant after construction: engine, schema. Guarded: readers. Each reader is used by its thread
// alone; a thread that ends leaves its reader open until this object goes.
struct Readers::State {
  Engine& engine;
  const Schema& schema;
  Mutex mutex;
  absl::flat_hash_map<std::thread::id, std::unique_ptr<Reader>> readers LEARNCITY_GUARDED_BY(mutex);
};

Readers::Readers(Engine& engine, const Schema& schema)
    : state_(new State{.engine = engine, .schema = schema, .mutex = {}, .readers = {}}) {}
Readers::~Readers() = default;

absl::StatusOr<Reader*> Readers::Mine() {
  MutexLock lock(&state_->mutex);
  auto& mine = state_->readers[std::this_thread::get_id()];
  if (!mine) {
    auto opened = state_->engine.OpenReader(state_->schema);
    if (!opened.ok()) {
      state_->readers.erase(std::this_thread::get_id());
      return opened.status();
    }
    mine = std::move(*opened);
  }
  return mine.get();
}

}  // namespace learncity::ledger
