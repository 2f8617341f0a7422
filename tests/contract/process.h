// The real `learncity` as a process of its own, started by the test and ended by its id.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "platform/rpc/peers.h"
#include "platform/runtime/unique_fd.h"

namespace learncity::contract {

// What is around a process beside its arguments.
struct Surroundings {
  // Where it serves; port 0 takes a free one.
  std::string address = "127.0.0.1:0";
  // "NAME=value", added to the test's own environment.
  std::vector<std::string> environment;
  // Takes away root's right to write where the file's mode forbids it.
  bool obeys_file_modes = false;
};

struct Ended {
  // 128 + signal when a signal ended it.
  int exit_code = 0;
  std::string out;
  std::string err;
};

// The line of a file of tokens for somebody who does all that an office does.
std::string OfficeLine();

// Runs `learncity` with these arguments to its end.
Ended Learncity(const std::vector<std::string>& arguments, const Surroundings& surroundings = {});
// `learncity serve` on a folder, where it is expected to end by itself.
Ended TryToServe(const std::filesystem::path& folder, const Surroundings& surroundings = {});
// Adds a failure unless `learncity verify --json` finds nothing wrong.
void ExpectVerified(const std::filesystem::path& folder);

// `learncity serve` on a folder and free ports. The tokens are those of TokenOf. One thread.
class Served {
 public:
  // Returns when it serves; aborts with what it said when it does not.
  explicit Served(const std::filesystem::path& folder, const Surroundings& surroundings = {});
  // Kills it if it is still there.
  ~Served();

  std::shared_ptr<grpc::Channel> NewChannel() const;
  // The same, for all services.
  rpc::Peers NewPeers() const { return rpc::Peers(NewChannel()); }
  // kill -9.
  void Kill();
  // SIGSTOP and SIGCONT: it sleeps, and knows nothing of it afterwards.
  void Pause();
  void Resume();
  // SIGTERM; its exit code.
  int Stop();
  bool is_running() const;
  // What it has said on stderr so far.
  std::string err() const;

 private:
  int Wait();

  // Its tokens, and what it says on stderr.
  const std::filesystem::path beside_;
  pid_t pid_ = 0;
  runtime::UniqueFd out_;
  std::string address_;
};

}  // namespace learncity::contract
