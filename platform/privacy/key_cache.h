// The unwrapped keys that were used last, so that opening many fields of few persons reads no file.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <utility>

#include "platform/ledger/id.h"
#include "platform/privacy/secret_key.h"

namespace learncity::privacy {

// Not thread-safe: its owner holds a lock. A key that leaves is zeroed.
class KeyCache {
 public:
  explicit KeyCache(size_t keys_max) : keys_max_(keys_max) {}

  // Null: not here. Valid until the next call.
  const SecretKey* Find(const Id& person);
  // The key that was not used for longest makes room.
  void Put(const Id& person, SecretKey key);
  void Remove(const Id& person);
  void Clear();
  size_t size() const { return keys_.size(); }

 private:
  using Keys = std::list<std::pair<Id, SecretKey>>;

  const size_t keys_max_;
  // Last used first.
  Keys keys_;
  std::map<Id, Keys::iterator> places_;
};

}  // namespace learncity::privacy
