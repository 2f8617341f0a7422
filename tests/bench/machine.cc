#include "tests/bench/machine.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/time.h"
#include "platform/runtime/unique_fd.h"

namespace learncity::bench {
namespace {

constexpr int kSyncs = 300;

// The rest of the first line that begins so, less the separators before it.
std::string ValueIn(const char* path, std::string_view key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const size_t at = line.find_first_not_of(" \t:", key.size());
    return at == std::string::npos ? "" : line.substr(at);
  }
  return "";
}

double SyncMedian(const std::filesystem::path& path) {
  runtime::UniqueFd file(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  LEARNCITY_CHECK(file.get() >= 0) << path;
  const std::array<char, 4096> page{};
  std::vector<double> us;
  for (int i = 0; i < kSyncs; ++i) {
    const auto began = std::chrono::steady_clock::now();
    LEARNCITY_CHECK_EQ(::write(file.get(), page.data(), page.size()), ssize_t{4096});
    LEARNCITY_CHECK_EQ(::fdatasync(file.get()), 0);
    us.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began)
                     .count());
  }
  std::filesystem::remove(path);
  std::nth_element(us.begin(), us.begin() + kSyncs / 2, us.end());
  return us[kSyncs / 2];
}

}  // namespace

Machine ReadMachine(const std::filesystem::path& folder) {
  return {.cpu = ValueIn("/proc/cpuinfo", "model name"),
          .cores = std::thread::hardware_concurrency(),
          .load = ValueIn("/proc/loadavg", ""),
          .date = FormatTime(SystemNow()),
          .grpc = grpc::Version(),
          .fdatasync_p50_us = SyncMedian(folder / "sync")};
}

int64_t BytesWritten() { return std::stoll("0" + ValueIn("/proc/self/io", "wchar")); }

std::chrono::microseconds CpuTime() {
  rusage usage{};
  LEARNCITY_CHECK_EQ(::getrusage(RUSAGE_SELF, &usage), 0);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

Ground::Ground()
    : folder_(std::filesystem::read_symlink("/proc/self/exe").parent_path() /
              Concat("ledgers-", ::getpid())) {
  std::filesystem::create_directories(folder_);
}

Ground::~Ground() { std::filesystem::remove_all(folder_); }

std::filesystem::path Ground::Copy(const std::filesystem::path& from,
                                   const std::string& name) const {
  const std::filesystem::path to = folder_ / name;
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  ::sync();
  return to;
}

}  // namespace learncity::bench
