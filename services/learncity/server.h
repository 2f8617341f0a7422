// The city behind gRPC: the surface of every service that is here in one server, with metrics and
// health beside it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "platform/feed/feed_service.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/admin_server.h"
#include "platform/telemetry/metrics.h"
#include "services/achievements/achievements_service.h"
#include "services/enrollment/enrollment_service.h"
#include "services/learncity/city.h"
#include "services/registry/registry_service.h"
#include "services/reporting/reporting_service.h"

namespace learncity {

struct CityServerOptions {
  rpc::ServerOptions rpc;
  telemetry::AdminOptions admin;
  Clock clock = SystemNow;
};

// One thread starts and stops it. City, tokens and foundations must outlive it; the city is started
// by it and stopped with it.
class CityServer {
 public:
  static absl::StatusOr<std::unique_ptr<CityServer>> Start(
      City& city, const rpc::Tokens& tokens, const reporting::Foundations& foundations,
      const CityServerOptions& options);
  // Stops at once.
  ~CityServer();

  int port() const { return server_->port(); }
  int admin_port() const { return admin_->port(); }
  std::shared_ptr<grpc::Channel> InProcessChannel() { return server_->InProcessChannel(); }
  // Not ready at once; calls under way end within the grace; then every thread has ended.
  void Stop(std::chrono::milliseconds grace);

 private:
  CityServer(City& city, const rpc::Tokens& tokens, const reporting::Foundations& foundations,
             const CityServerOptions& options);
  rpc::SurfaceParts PartsOf(host::Host& host, const rpc::Tokens& tokens, const Clock& clock,
                            rpc::Within within);
  // What the server serves.
  std::vector<rpc::Served> Surfaces();
  void AddMetrics();
  void AddTopicMetrics();
  void AddRecountMetrics();

  City& city_;
  telemetry::Registry metrics_;
  // Those that are here.
  std::unique_ptr<registry::RegistryService> registry_;
  std::unique_ptr<enrollment::EnrollmentService> enrollment_;
  std::unique_ptr<achievements::AchievementsService> achievements_;
  std::unique_ptr<reporting::ReportingService> reporting_;
  feed::FeedService feeds_;
  std::unique_ptr<telemetry::AdminServer> admin_;
  std::unique_ptr<rpc::Server> server_;
  bool stopped_ = false;
};

}  // namespace learncity
