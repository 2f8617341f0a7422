#include "platform/ledger/seal.h"

#include <sodium.h>

#include "platform/runtime/concat.h"

namespace learncity::ledger {
namespace {

class Hash {
 public:
  Hash() { crypto_generichash_init(&state_, nullptr, 0, sizeof(SealBytes)); }
  void Number(int64_t value) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (56 - 8 * i));
    crypto_generichash_update(&state_, bytes, sizeof bytes);
  }
  void Bytes(std::string_view bytes) {
    Number(static_cast<int64_t>(bytes.size()));
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  }
  SealBytes Finish() {
    SealBytes seal;
    crypto_generichash_final(&state_, seal.data(), seal.size());
    return seal;
  }

 private:
  crypto_generichash_state state_;
};

int64_t Microseconds(Time time) { return time.time_since_epoch().count(); }

}  // namespace

SealBytes Seal(const SealBytes& before, int64_t turn, Time time, const std::vector<Record>& records,
               std::string_view cursors) {
  Hash hash;
  hash.Bytes({reinterpret_cast<const char*>(before.data()), before.size()});
  hash.Number(turn);
  hash.Number(Microseconds(time));
  hash.Number(static_cast<int64_t>(records.size()));
  for (const Record& record : records) {
    hash.Number(record.position);
    hash.Number(Microseconds(record.time));
    hash.Bytes(record.type);
    hash.Bytes(record.subject.view());
    hash.Number(record.version);
    hash.Bytes(record.data);
  }
  hash.Bytes(cursors);
  return hash.Finish();
}

std::string Digest(std::string_view bytes) {
  std::string digest(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                     0);
  return digest;
}

std::string CursorText(const std::vector<Cursor>& cursors) {
  std::vector<std::string> texts;
  for (const Cursor& cursor : cursors) {
    texts.push_back(Concat(cursor.feed, "/", cursor.epoch, "/", cursor.position));
  }
  return Join(texts, ";");
}

}  // namespace learncity::ledger
