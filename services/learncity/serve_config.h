// What `learncity serve` can be told, by LEARNCITY_… variables or --set name=value.
#pragma once

#include <chrono>
#include <string>

#include "platform/ledger/writer.h"
#include "platform/rpc/server.h"
#include "platform/runtime/config.h"
#include "platform/telemetry/log.h"

namespace learncity {

struct ServeConfig {
  rpc::ServerOptions rpc;
  int admin_port = 7401;
  // Empty: <folder>/tokens.txt.
  std::string tokens;
  telemetry::Level log_level = telemetry::Level::kInfo;
  std::chrono::milliseconds stop_grace{};
  ledger::WriterLimits limits;
  // Names of services with commas between them; empty is all. And where the others answer, as
  // Peers::Parse takes it.
  std::string services, peers;
  // Brokers, and a file of settings; see kafka_config.h. Empty: feeds are on no topic.
  std::string kafka, kafka_settings;
  // In the names of topics.
  std::string city;
};

// Reads every option. Use nothing of it before config.Finish() is OK.
ServeConfig ReadServeConfig(runtime::Config& config);

}  // namespace learncity
