#include <iostream>

#include "platform/runtime/concat.h"
#include "platform/runtime/signals.h"
#include "services/learncity/commands.h"
#include "services/learncity/folder.h"
#include "services/learncity/opened.h"
#include "services/learncity/server.h"

namespace learncity {
namespace {

constexpr std::chrono::seconds kStopGrace{10};

}  // namespace

runtime::ExitCode Serve(const Place& place, const ServeOptions& options) {
  runtime::StopSignal stop;  // Before any thread: they inherit that signals are taken here.
  auto lock = FolderLock::Take(place.folder);
  if (!lock.ok()) return Fail(lock.status());
  auto opened = OpenPlace(place);
  if (!opened.ok()) return Fail(opened.status());
  const auto token_text = LoadTokens(place.folder, options.tokens);
  if (!token_text.ok()) return Fail(token_text.status());
  const auto tokens = rpc::Tokens::Parse(*token_text);
  if (!tokens.ok()) return Fail(tokens.status(), runtime::kExitConfig);
  auto server = CityServer::Start(*opened->city, *tokens, opened->foundations,
                                  {.rpc = {.address = options.address},
                                   .admin = {.port = static_cast<uint16_t>(options.admin_port)}});
  if (!server.ok()) return Fail(server.status());
  const std::string host = options.address.substr(0, options.address.rfind(':'));
  std::cout << "learncity serves " << place.folder << " on " << host << ":" << (*server)->port()
            << "; metrics on http://127.0.0.1:" << (*server)->admin_port() << "/metrics\n"
            << "tokens: "
            << (options.tokens.empty() ? place.folder + "/tokens.txt" : options.tokens)
            << "\nnext: grpcurl -plaintext -H 'authorization: Bearer <token>' " << host << ":"
            << (*server)->port() << " list" << std::endl;
  stop.Wait();
  std::cout << "stopping on " << stop.reason() << std::endl;
  (*server)->Stop(kStopGrace);
  return runtime::kExitOk;
}

}  // namespace learncity
