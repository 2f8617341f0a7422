#include "platform/rpc/server.h"

#include "google/protobuf/descriptor.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "platform/rpc/access.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

absl::Status CheckAccess(const std::vector<Served>& services) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::vector<std::string> open;
  std::vector<std::string> unknown;
  for (const Served& served : services) {
    const auto* service = pool->FindServiceByName(served.name);
    LEARNCITY_CHECK(service != nullptr) << "no linked proto declares " << served.name;
    for (std::string& method : MethodsWithoutPermission(*service)) {
      open.push_back(std::move(method));
    }
    for (std::string& subject : SubjectsUnknown(*service)) unknown.push_back(std::move(subject));
  }
  if (!open.empty()) {
    return absl::FailedPreconditionError(
        Concat("methods without (learncity.options.v1.access): ", Join(open, ", ")));
  }
  if (!unknown.empty()) {
    return absl::FailedPreconditionError(
        Concat("subjects of methods that name no resource: ", Join(unknown, ", ")));
  }
  return absl::OkStatus();
}

void SetLimits(const ServerOptions& options, grpc::ServerBuilder* builder) {
  const auto milliseconds = [&](const char* name, std::chrono::milliseconds value) {
    builder->AddChannelArgument(name, static_cast<int>(value.count()));
  };
  builder->SetMaxReceiveMessageSize(options.message_bytes_max);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.metadata_bytes_max);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_max);
  milliseconds(GRPC_ARG_MAX_CONNECTION_AGE_MS, options.connection_age_max);
  milliseconds(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, options.connection_age_grace);
  milliseconds(GRPC_ARG_MAX_CONNECTION_IDLE_MS, options.connection_idle_max);
  milliseconds(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, options.ping_interval_min);
  // Two servers on one port would share its calls without a word.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  grpc::ResourceQuota quota("learncity");
  quota.Resize(options.memory_bytes_max);
  builder->SetResourceQuota(quota);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<Served>& services) {
  if (auto status = CheckAccess(services); !status.ok()) return status;
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  auto server = std::unique_ptr<Server>(new Server());
  grpc::ServerBuilder builder;
  SetLimits(options, &builder);
  builder.AddListeningPort(
      options.address,
      options.credentials ? options.credentials : grpc::InsecureServerCredentials(),
      &server->port_);
  for (const Served& served : services) {
    builder.RegisterService(served.service);
    server->names_.push_back(served.name);
  }
  server->server_ = builder.BuildAndStart();
  // A port that is taken leaves BuildAndStart with a server, and the port at 0.
  if (!server->server_ || server->port_ == 0) {
    return absl::UnavailableError(Concat("cannot listen on ", options.address));
  }
  server->SetServing(false);
  return server;
}

Server::~Server() { Stop(std::chrono::milliseconds(0)); }

void Server::SetServing(bool serving) {
  auto* health = server_->GetHealthCheckService();
  for (const std::string& name : names_) health->SetServingStatus(name, serving);
  health->SetServingStatus(serving);
}

void Server::Stop(std::chrono::milliseconds grace) {
  if (stopped_ || !server_) return;
  stopped_ = true;
  SetServing(false);
  server_->Shutdown(std::chrono::system_clock::now() + grace);
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

}  // namespace learncity::rpc
