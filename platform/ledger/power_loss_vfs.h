// A disk in memory that can lose power: a SQLite VFS for tests and for the simulator.
//
// It keeps what a real disk promises and nothing more. Bytes that were synced stay. Of bytes
// written since, LosePower drops each write, keeps it, or keeps some of its 512-byte sectors, in
// any combination, as the seed decides. Names change in the folder alone until it is synced: by the
// first sync of a new file, as SQLite does for its journals on Unix, or by a deletion that asks for
// it. Until then each creation and deletion may be undone. The same seed and the same calls give
// the same outcome (the salts SQLite draws into a WAL differ unless SeedSqlite is called, its
// behaviour does not). Nothing reaches the operating system, so thousands of disks leave nothing
// behind.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace learncity {

// What SQLite draws by itself follows from the seed, which is not 0, from here on and in the whole
// process: two runs then leave the same bytes.
void SeedSqlite(uint32_t seed);

// Any thread may call any method, and connections of any threads may use the disk: one mutex per
// disk guards it. A busy connection waits in real time, so a simulation in one thread opens its
// databases with a busy time-out of 0.
class PowerLossDisk {
 public:
  enum class When { kBefore, kAfter };

  // Registers the VFS under a name that no other living disk has; OpenOptions::vfs names it.
  PowerLossDisk(std::string vfs_name, uint64_t seed);
  // Every connection must be closed before; one that is not is a bug and aborts.
  ~PowerLossDisk();
  PowerLossDisk(const PowerLossDisk&) = delete;
  PowerLossDisk& operator=(const PowerLossDisk&) = delete;

  const std::string& vfs_name() const;

  // Files fall back to what survives; all locks are gone. Every later call on a connection opened
  // before fails with an I/O error; it can only be closed. A dead disk works again.
  void LosePower();

  // Writes, syncs, truncates and deletes are counted from 1 since the disk was made. The disk dies
  // before or after it has carried out operation number `nth`: that operation, and all calls after
  // it, fail with an I/O error until LosePower. A number already passed never comes.
  void CrashAt(int64_t nth_operation, When when);
  int64_t operations() const;
  bool dead() const;

  // The next sync fails and keeps nothing; the disk goes on, as the operating system does after an
  // error that it has told once.
  void FailNextSync();
  // While full, writes that make a file grow fail with SQLITE_FULL.
  void SetFull(bool full);
  // While read-only, as a volume may be mounted, files are opened for reading only and none is
  // made: a database in WAL mode then cannot be opened at all.
  void SetReadOnly(bool read_only);

  // Names of the files there are, sorted.
  std::vector<std::string> FileNames() const;
  // The bytes as programs see them; empty if there is no such file.
  std::string ReadFile(std::string_view name) const;
  // The bytes that were synced, all that a power loss is sure to leave. Covers a deleted file whose
  // deletion is not durable yet.
  std::string ReadDurable(std::string_view name) const;

  // Puts a whole file there, durable at once. Connections to the one it replaces keep that one.
  void WriteFile(std::string_view name, std::string bytes);
  // Damage to the medium, durable at once. A file that is not there is a bug and aborts.
  void FlipByte(std::string_view name, int64_t offset);
  void TruncateFile(std::string_view name, int64_t size);

 private:
  struct Registration;
  std::unique_ptr<Registration> registration_;
};

}  // namespace learncity
