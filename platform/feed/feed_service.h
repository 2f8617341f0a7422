// The gRPC face of feeds: reads of ledgers, and waits for followers. An adapter without decisions.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "grpcpp/grpcpp.h"
#include "learncity/feed/v1/feed.grpc.pb.h"
#include "platform/feed/positions.h"
#include "platform/ledger/reader.h"
#include "platform/rpc/gate.h"

namespace learncity::feed {

// What one process has; all outlive the service.
struct ServedFeeds {
  // By feed, the service that owns it.
  std::map<std::string, ledger::Readers*> feeds;
  // By follower, the service that follows.
  std::map<std::string, Positions*> followers;
  // Where one of the feeds stands, signed.
  std::function<v1::SignedHead(const std::string& feed)> head;
};

// Constant after construction; methods run on gRPC's threads. Before the server is stopped,
// Positions are closed, so that nobody waits for what does not come any more.
class FeedService final : public v1::FeedService::CallbackService {
 public:
  FeedService(ServedFeeds served, const rpc::Tokens& tokens, telemetry::Registry& metrics);

  // At most 2,000 records, and about 3 MiB of them, but at least one when there is one. A position
  // after the head reads nothing.
  grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext* context,
                                 const v1::ReadRequest* request,
                                 v1::ReadResponse* response) override;
  grpc::ServerUnaryReactor* GetHead(grpc::CallbackServerContext* context,
                                    const v1::GetHeadRequest* request,
                                    v1::SignedHead* response) override;
  // Waits at most rpc::kCallTimeMax, and the call's own deadline.
  grpc::ServerUnaryReactor* Await(grpc::CallbackServerContext* context,
                                  const v1::AwaitRequest* request,
                                  v1::AwaitResponse* response) override;

 private:
  grpc::Status ReadInto(const v1::ReadRequest& request, v1::ReadResponse* response) const;

  const ServedFeeds served_;
  const rpc::Gate gate_;
};

}  // namespace learncity::feed
