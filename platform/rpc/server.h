// A gRPC server as every program of the city starts it: limits, health, reflection, and no method
// without a permission.
//
// Its port is for callers one knows: services and gateways, over TLS or within one machine.
// Debian's gRPC 1.51 must not meet strangers.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"

namespace learncity::rpc {

struct ServerOptions {
  // Port 0 takes a free one.
  std::string address = "127.0.0.1:0";
  // nullptr: in the clear.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  int message_bytes_max = 1 << 20;
  int metadata_bytes_max = 8 << 10;
  // Calls at the same time on one connection; more wait at the client.
  int streams_max = 256;
  // Memory for what has been received and not yet been answered.
  size_t memory_bytes_max = size_t{256} << 20;
  // Connections are closed so that clients spread over replicas; calls under way have the grace.
  std::chrono::milliseconds connection_age_max = std::chrono::minutes(30);
  std::chrono::milliseconds connection_age_grace = std::chrono::minutes(1);
  std::chrono::milliseconds connection_idle_max = std::chrono::minutes(15);
  // A client that pings more often is cut off.
  std::chrono::milliseconds ping_interval_min = std::chrono::seconds(10);
};

struct Served {
  // Full name, as EnrollmentService::service_full_name() gives it.
  std::string name;
  // Outlives the server.
  grpc::Service* service = nullptr;
};

// Start, SetServing and Stop from one thread at a time. Methods run on gRPC's threads.
class Server {
 public:
  // FAILED_PRECONDITION with the names of methods that ask for no permission, and with the subjects
  // of methods that are none; UNAVAILABLE when the address cannot be had. Health says "not serving"
  // until SetServing.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<Served>& services);
  // Stops at once.
  ~Server();

  int port() const { return port_; }
  // What grpc.health.v1 says of the server ("") and of each service.
  void SetServing(bool serving);
  // Says "not serving", takes no new calls, lets those under way end within `grace`, cancels the
  // rest, and returns once all are done. Writers must be driven or abandoned meanwhile, since a
  // write ends with its turn. Idempotent.
  void Stop(std::chrono::milliseconds grace);
  // A channel inside the process, for tests and for services of one program.
  std::shared_ptr<grpc::Channel> InProcessChannel();

 private:
  Server() = default;

  std::vector<std::string> names_;
  int port_ = 0;
  bool stopped_ = false;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace learncity::rpc
