// Stands between a client and a server on Unix sockets, and loses what the server answers.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "platform/runtime/loop.h"
#include "platform/runtime/unique_fd.h"

namespace learncity {

// One client at a time.
class LossyProxy {
 public:
  // Listens at `path`, and connects each client to the server at `server`.
  LossyProxy(const std::string& path, std::string server);
  ~LossyProxy();

  // What the client sends next still reaches the server; what that answers is thrown away, and the
  // client is cut off.
  void LoseTheNextAnswer() { loses_ = true; }
  // How often an answer was lost.
  int lost() const { return lost_; }

 private:
  bool Step();
  void Accept();
  // Carries what is there; false: one side has closed.
  bool Carry(int from, int to);

  const std::string server_;
  std::atomic<bool> loses_{false};
  std::atomic<int> lost_{0};
  runtime::UniqueFd listening_, client_, upstream_;
  runtime::Loop loop_;
};

}  // namespace learncity
