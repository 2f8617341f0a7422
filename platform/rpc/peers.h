// Where the services of a city answer, for whoever calls several of them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"

namespace learncity::rpc {

// A connection as the services have it to each other: spread over all addresses of the name, kept
// alive, made anew within a second, and a call that is answered with UNAVAILABLE is sent again, at
// most twice and only while most calls succeed.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                           const std::shared_ptr<grpc::ChannelCredentials>& how);

// From any thread.
class Peers {
 public:
  // Nobody.
  Peers() = default;
  // All of them behind one address.
  explicit Peers(std::shared_ptr<grpc::Channel> all) : all_(std::move(all)) {}
  // Of "registry=host:port,enrollment=host:port". INVALID_ARGUMENT: it is not written so, or names
  // a service twice.
  static absl::StatusOr<Peers> Parse(std::string_view text,
                                     const std::shared_ptr<grpc::ChannelCredentials>& how);

  // nullptr: nobody said where the service is.
  std::shared_ptr<grpc::Channel> Of(std::string_view service) const;

 private:
  std::shared_ptr<grpc::Channel> all_;
  std::map<std::string, std::shared_ptr<grpc::Channel>, std::less<>> channels_;
};

}  // namespace learncity::rpc
