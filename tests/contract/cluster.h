// The city as a cluster runs it: every service a real process of its own, on fixed ports, which
// find each other by them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "platform/rpc/peers.h"
#include "tests/contract/process.h"

namespace learncity::contract {

// One thread, which outlives it, but for peers.
class Cluster {
 public:
  // On a folder for its keys; returns when all serve.
  explicit Cluster(const std::filesystem::path& folder);

  // Connections to all services, which come again when those do.
  const rpc::Peers& peers() const { return peers_; }
  // As learncity takes it: "registry=host:port,…".
  const std::string& addresses() const { return addresses_; }
  // kill -9, and again on the same port.
  void Kill(const std::string& service);
  void Start(const std::string& service);
  // As those of Served.
  void Pause(const std::string& service) { served_.at(service)->Pause(); }
  void Resume(const std::string& service) { served_.at(service)->Resume(); }
  // SIGTERM to all; adds a failure unless each ends well.
  void Stop();

 private:
  const std::filesystem::path folder_;
  std::map<std::string, std::string> address_of_;
  std::string addresses_;
  rpc::Peers peers_;
  std::map<std::string, std::unique_ptr<Served>> served_;
};

}  // namespace learncity::contract
