#include "services/learncity/serve_config.h"

namespace learncity {
namespace {

using namespace std::chrono_literals;

ledger::WriterLimits ReadLimits(runtime::Config& config) {
  ledger::WriterLimits limits;
  limits.queue_requests_max = static_cast<int>(
      config.Int({.name = "queue_requests_max",
                  .meaning = "Writes that wait for a turn of one service; one more is shed."},
                 limits.queue_requests_max, {.min = 1, .max = 1'000'000}, "writes"));
  limits.turn_inputs_max = static_cast<int>(
      config.Int({.name = "turn_inputs_max", .meaning = "Inputs that one turn takes at most."},
                 limits.turn_inputs_max, {.min = 1, .max = 4096}, "inputs"));
  limits.due_retry = std::chrono::duration_cast<std::chrono::seconds>(config.Duration(
      {.name = "due_retry", .meaning = "How long due work that failed is left alone."},
      limits.due_retry, {.min = 1s, .max = 1h}));
  limits.answers_kept = std::chrono::duration_cast<std::chrono::hours>(config.Duration(
      {.name = "answers_kept", .meaning = "How long a repeated request_id has the same answer."},
      limits.answers_kept, {.min = 1h, .max = 90 * 24h}));
  return limits;
}

}  // namespace

ServeConfig ReadServeConfig(runtime::Config& config) {
  ServeConfig serve;
  serve.rpc.address = config.String(
      {.name = "address", .meaning = "Host and port of gRPC; port 0 takes a free one."},
      "127.0.0.1:7400");
  serve.rpc.message_bytes_max = static_cast<int>(
      config.Bytes({.name = "message_bytes_max", .meaning = "Longest request."},
                   serve.rpc.message_bytes_max, {.min = 64 << 10, .max = 64 << 20}));
  serve.rpc.memory_bytes_max = static_cast<size_t>(
      config.Bytes({.name = "received_bytes_max",
                    .meaning = "Memory for what has been received and is not answered yet."},
                   static_cast<int64_t>(serve.rpc.memory_bytes_max),
                   {.min = int64_t{16} << 20, .max = int64_t{16} << 30}));
  serve.admin_port = static_cast<int>(config.Int(
      {.name = "admin_port",
       .meaning = "Port of /metrics, /livez and /readyz on 127.0.0.1; 0 takes a free one."},
      serve.admin_port, {.min = 0, .max = 65535}));
  serve.tokens =
      config
          .Path({.name = "tokens",
                 .meaning = "File of development tokens; none is tokens.txt in the folder."},
                "", runtime::PathKind::kExistingFile)
          .string();
  serve.log_level = config.Choice({.name = "log_level", .meaning = "The least of what is logged."},
                                  serve.log_level,
                                  {{"debug", telemetry::Level::kDebug},
                                   {"info", telemetry::Level::kInfo},
                                   {"warning", telemetry::Level::kWarning},
                                   {"error", telemetry::Level::kError}});
  serve.stop_grace = config.Duration(
      {.name = "stop_grace", .meaning = "How long calls under way may go on after SIGTERM."}, 10s,
      {.min = 0s, .max = 10min});
  serve.limits = ReadLimits(config);
  serve.services =
      config.String({.name = "services",
                     .meaning = "Services of this process with commas between them; none is all."},
                    "");
  serve.peers = config.String(
      {.name = "peers",
       .meaning = "Where the other services answer, as registry=host:port,enrollment=host:port."},
      "");
  serve.kafka = config.String(
      {.name = "kafka",
       .meaning = "Brokers that carry the feeds, as host:port,host:port; none carries none."},
      "");
  serve.kafka_settings =
      config
          .Path({.name = "kafka_settings",
                 .meaning = "File of further settings of Kafka's client, as name=value."},
                "", runtime::PathKind::kExistingFile)
          .string();
  serve.city = config.String(
      {.name = "city", .meaning = "What topics are named by: learncity.<city>.<service>.v1."},
      "hanoi");
  return serve;
}

}  // namespace learncity
