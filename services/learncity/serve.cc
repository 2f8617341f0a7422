#include <iostream>

#include "absl/strings/str_split.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/signals.h"
#include "platform/runtime/stop_watchdog.h"
#include "services/learncity/commands.h"
#include "services/learncity/folder.h"
#include "services/learncity/kafka_config.h"
#include "services/learncity/opened.h"
#include "services/learncity/serve_config.h"
#include "services/learncity/server.h"

namespace learncity {
namespace {

// After the grace of calls under way: followers and relays may wait for brokers that are gone.
constexpr std::chrono::seconds kStopTimeMax{30};

void SayWhere(const Place& place, const ServeConfig& config, const CityServer& server) {
  const std::string& address = config.rpc.address;
  const std::string at = Concat(address.substr(0, address.rfind(':')), ":", server.port());
  std::cout << "learncity serves " << (config.services.empty() ? "" : config.services + " of ")
            << place.folder << " on " << at
            << "; metrics on http://127.0.0.1:" << server.admin_port() << "/metrics\n"
            << "tokens: " << (config.tokens.empty() ? place.folder + "/tokens.txt" : config.tokens)
            << "\nnext: grpcurl -plaintext -H 'authorization: Bearer <token>' " << at << " list"
            << std::endl;
}

// Which services are here, and that every feed they follow has an owner.
absl::Status ReadPeers(const ServeConfig& config, Place* place) {
  place->services = absl::StrSplit(config.services, ',', absl::SkipEmpty());
  auto peers = rpc::Peers::Parse(config.peers, grpc::InsecureChannelCredentials());
  if (!peers.ok()) return peers.status();
  place->peers = *std::move(peers);
  for (const std::string& follower : place->services) {
    for (const std::string& feed : FeedsFollowedBy(follower)) {
      if (place->services.contains(feed) || place->peers.Of(feed) != nullptr) continue;
      return absl::InvalidArgumentError(
          Concat(follower, " follows ", feed,
                 ", which is not served here: say where it answers, as "
                 "--peers ",
                 feed, "=host:port"));
    }
  }
  return absl::OkStatus();
}

// By which this process asks the others.
absl::StatusOr<std::string> PeerToken(const Place& place, const ServeConfig& config) {
  const auto tokens = LoadTokens(place.folder, config.tokens);
  if (!tokens.ok()) return tokens.status();
  std::string token = TokenOf(*tokens, "service");
  if (!token.empty()) return token;
  return absl::InvalidArgumentError(
      "no token of the role service in the file of tokens: services ask each other with it; add a "
      "line \"<token> services service\"");
}

}  // namespace

runtime::ExitCode Serve(Place place, const ServeOptions& options) {
  runtime::Config given(runtime::EnvironmentVariables(), options.settings);
  const ServeConfig config = ReadServeConfig(given);
  if (options.print_config) {
    std::cout << given.ReferenceTable();
    return runtime::kExitOk;
  }
  if (auto status = given.Finish(); !status.ok()) return Fail(status, runtime::kExitConfig);
  telemetry::SetLogLevel(config.log_level);
  for (const std::string& name : given.UnreadVariables()) {
    if (name == "LEARNCITY_LEDGERS") continue;  // Of every command: main.cc has read it.
    telemetry::Log(telemetry::Level::kWarning, "variable_unknown", {{"name", name}});
  }
  place.limits = config.limits;
  const auto kafka = ReadKafkaOptions(config.kafka, config.kafka_settings);
  if (!kafka.ok()) return Fail(kafka.status(), runtime::kExitConfig);
  place.kafka = *kafka;
  place.city = config.city;

  runtime::StopSignal stop;  // Before any thread: they inherit that signals are taken here.
  if (auto status = ReadPeers(config, &place); !status.ok()) {
    return Fail(status, runtime::kExitConfig);
  }
  auto lock = FolderLock::Take(place.folder, place.services);
  if (!lock.ok()) return Fail(lock.status());
  if (!place.services.empty()) {
    auto token = PeerToken(place, config);
    if (!token.ok()) return Fail(token.status(), runtime::kExitConfig);
    place.peer_token = *std::move(token);
  }
  auto opened = OpenPlace(place);
  if (!opened.ok()) return Fail(opened.status());
  const auto token_text = LoadTokens(place.folder, config.tokens);
  if (!token_text.ok()) return Fail(token_text.status());
  const auto tokens = rpc::Tokens::Parse(*token_text);
  if (!tokens.ok()) return Fail(tokens.status(), runtime::kExitConfig);
  auto server = CityServer::Start(
      *opened->city, *tokens, opened->foundations,
      {.rpc = config.rpc, .admin = {.port = static_cast<uint16_t>(config.admin_port)}});
  if (!server.ok()) return Fail(server.status());
  std::cout << given.Effective();
  SayWhere(place, config, **server);
  stop.Wait();
  std::cout << "stopping on " << stop.reason() << std::endl;
  const runtime::StopWatchdog watchdog(config.stop_grace + kStopTimeMax, runtime::kExitInternal);
  (*server)->Stop(config.stop_grace);
  return runtime::kExitOk;
}

}  // namespace learncity
