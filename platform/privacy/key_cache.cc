#include "platform/privacy/key_cache.h"

namespace learncity::privacy {

const SecretKey* KeyCache::Find(const Id& person) {
  const auto place = places_.find(person);
  if (place == places_.end()) return nullptr;
  keys_.splice(keys_.begin(), keys_, place->second);
  return &keys_.front().second;
}

void KeyCache::Put(const Id& person, SecretKey key) {
  Remove(person);
  if (keys_max_ == 0) return;
  if (keys_.size() == keys_max_) Remove(keys_.back().first);
  keys_.emplace_front(person, std::move(key));
  places_.emplace(person, keys_.begin());
}

void KeyCache::Remove(const Id& person) {
  const auto place = places_.find(person);
  if (place == places_.end()) return;
  const Keys::iterator key = place->second;
  places_.erase(place);
  keys_.erase(key);
}

void KeyCache::Clear() {
  places_.clear();
  keys_.clear();
}

}  // namespace learncity::privacy
