// What figures must be read with: the machine, its disk, and what this process writes to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace learncity::bench {

struct Machine {
  std::string cpu;
  unsigned cores = 0;
  std::string load;
  std::string date;
  std::string grpc;
  double fdatasync_p50_us = 0;
};

// Measures the disk in this folder.
Machine ReadMachine(const std::filesystem::path& folder);

// Bytes that this process has written to files so far. What goes into sockets is sent, not written.
int64_t BytesWritten();
// Time that this process has spent on cores so far, in its own code and in the kernel.
std::chrono::microseconds CpuTime();

// A folder for ledgers beside this program, on the disk it was built on; gone with this object.
class Ground {
 public:
  Ground();
  ~Ground();
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  // A copy of one of its folders, flushed to the disk.
  std::filesystem::path Copy(const std::filesystem::path& from, const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace learncity::bench
