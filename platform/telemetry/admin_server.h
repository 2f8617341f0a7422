// The port for probes and Prometheus: /livez, /readyz, /metrics, and nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/telemetry/metrics.h"

namespace learncity::telemetry {

struct AdminOptions {
  // A numeric IPv4 or IPv6 address. The answers carry no personal data, but the port has no access
  // control: other addresses than this host's are for a network that keeps strangers out.
  std::string address = "127.0.0.1";
  // 0 takes a free one.
  uint16_t port = 0;
};

// An AdminServer owns one thread (a runtime::Loop), which serves all connections and calls
// `readiness` and Registry::Expose; Start, Stop and the destructor are called from one other
// thread.
//
// GET and HEAD of HTTP/1.0 and 1.1, one request per connection:
//   /livez    200 for as long as the thread runs
//   /readyz   200, or 503 with the reasons, one per line
//   /metrics  200, Prometheus text format 0.0.4
//   else      404; other methods 405
//
// Limits: 16 connections at once, others wait in the listen queue of 64; a request has 8 KiB and
// 2 s from its connection, an answer 2 s. Who is slower or longer is answered 408 or 431 and
// closed.
class AdminServer {
 public:
  // The reasons why the program is not ready; empty when it is. Quick, without I/O.
  using Readiness = std::function<std::vector<std::string>()>;

  // Listens when it returns. `registry` and what `readiness` uses outlive the server.
  // UNAVAILABLE: the address is taken. INVALID_ARGUMENT: it is none. PERMISSION_DENIED: the port is
  // reserved. INTERNAL: any other error of the operating system.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(const AdminOptions& options,
                                                            const Registry* registry,
                                                            Readiness readiness);
  // Stops.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  // Closes the port and all connections. Idempotent.
  void Stop();
  // The port it listens on.
  uint16_t port() const { return port_; }

 private:
  class Connections;
  AdminServer(uint16_t port, std::unique_ptr<Connections> connections);

  const uint16_t port_;
  std::unique_ptr<Connections> connections_;
};

}  // namespace learncity::telemetry
