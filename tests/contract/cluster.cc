#include "tests/contract/cluster.h"

#include "gtest/gtest.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/free_port.h"
#include "services/learncity/city.h"

namespace learncity::contract {

Cluster::Cluster(const std::filesystem::path& folder) : folder_(folder) {
  for (const std::string_view service : kServices) {
    const std::string address = Concat("127.0.0.1:", FreePort());
    address_of_[std::string(service)] = address;
    addresses_ += Concat(addresses_.empty() ? "" : ",", service, "=", address);
  }
  auto peers = rpc::Peers::Parse(addresses_, grpc::InsecureChannelCredentials());
  LEARNCITY_CHECK_OK(peers.status());
  peers_ = *std::move(peers);
  for (const std::string_view service : kServices) Start(std::string(service));
}

void Cluster::Start(const std::string& service) {
  served_[service] = std::make_unique<Served>(
      folder_, Surroundings{.address = address_of_.at(service),
                            .environment = {Concat("LEARNCITY_SERVICES=", service),
                                            Concat("LEARNCITY_PEERS=", addresses_)}});
}

void Cluster::Kill(const std::string& service) { served_.at(service)->Kill(); }

void Cluster::Stop() {
  for (auto& [service, served] : served_) {
    EXPECT_EQ(served->Stop(), 0) << service << ": " << served->err();
  }
}

}  // namespace learncity::contract
