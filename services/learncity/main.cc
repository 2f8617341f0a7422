// learncity: every service of a city in one process, and the commands to look after it.
#include <charconv>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/synchronization/mutex.h"
#include "services/learncity/commands.h"
#include "services/learncity/demo/synthetic_city.h"
#include "services/learncity/import/kinds.h"
#include "services/learncity/version.h"

namespace {

void AddPlace(CLI::App& command, learncity::Place& place) {
  command.add_option("--folder", place.folder, "Where ledgers, keys and tokens stand")
      ->capture_default_str();
  command
      .add_option("--ledgers", place.ledgers,
                  "PostgreSQL that holds the ledgers, as \"host=... dbname=...\"; else the folder")
      ->envname("LEARNCITY_LEDGERS");
  command.add_option("--data", place.data, "Catalogue, units and denominators")
      ->capture_default_str();
  command.add_option("--master-key", place.master_key,
                     "File of 32 bytes; <folder>/master.key unless given");
}

void AddJson(CLI::App& command, learncity::Place& place) {
  command.add_flag("--json", place.json, "Answer as JSON on one line");
}

// "1:20" is one in twenty, "full" is 1:1.
int OneIn(const std::string& scale) {
  if (scale == "full") return 1;
  int one_in = 0;
  const char* const end = scale.data() + scale.size();
  const bool has_prefix = scale.starts_with("1:");
  const auto read = std::from_chars(scale.data() + (has_prefix ? 2 : 0), end, one_in);
  const bool is_good = has_prefix && read.ec == std::errc() && read.ptr == end && one_in >= 1 &&
                       one_in <= learncity::demo::kOneInMax;
  if (!is_good) throw CLI::ValidationError("--scale", scale + ": write it as 1:20, or full");
  return one_in;
}

// The options of `demo`; whether it was called is up to the caller.
CLI::App* AddDemo(CLI::App& app, learncity::Place& place, learncity::DemoOptions& options) {
  auto* command =
      app.add_subcommand("demo", "Load a synthetic city and show its figures, in its own folder");
  AddPlace(*command, place);
  command->add_option_function<std::string>(
      "--scale", [&options](const std::string& scale) { options.one_in = OneIn(scale); },
      "One in so many of all that the city has, as 1:20; full is 1:1 [1:20]");
  command->add_option("--seed", options.seed, "Same seed, same city")->capture_default_str();
  command->add_flag("--recognitions", options.families,
                    "Recognise 1.42 million families at --scale full too");
  command->add_option("--in-flight", options.in_flight, "Requests sent at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024));
  command->add_option("--html", options.html,
                      "File for the page; <folder>/report.html unless given");
  auto* target =
      command->add_option("--target", options.target,
                          "Where a city's services answer, as registry=host:port,...; else one in "
                          "the folder");
  auto* token = command->add_option("--token-file", options.token_file,
                                    "File with a token of a clerk, as tokens.txt");
  target->needs(token);
  token->needs(target);
  return command;
}

// The options of `import`; whether it was called is up to the caller.
CLI::App* AddImport(CLI::App& app, learncity::Place& place, learncity::ImportOptions& options) {
  std::vector<std::string> kinds;
  for (const auto& kind : learncity::importing::AllKinds()) kinds.emplace_back(kind.name);
  auto* command = app.add_subcommand("import", "Send each row of a CSV file as a request");
  AddPlace(*command, place);
  AddJson(*command, place);
  command->add_option("kind", options.kind, "What the rows are")
      ->required()
      ->check(CLI::IsMember(kinds));
  command->add_option("file", options.file, "CSV in UTF-8; its first row names the columns")
      ->required();
  command->add_flag("--dry-run", options.dry_run, "Check everything and send nothing");
  command
      ->add_option("--names", options.names,
                   "Names file of an earlier import, for rows that name things by own keys")
      ->allow_extra_args(false);
  command->add_option("--date", options.date,
                      "Of population: the day of the count, where rows have none; yyyy-mm-dd");
  command->add_option("--source", options.source,
                      "Of population: where the numbers come from, where rows do not say");
  command->add_option("--in-flight", options.in_flight, "Rows sent at once; 1 keeps their order")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  auto* address = command->add_option("--address", options.address,
                                      "Host and port of a server; else into the folder");
  auto* token = command->add_option("--token-file", options.token_file,
                                    "File with a token, alone or as in tokens.txt");
  address->needs(token)->excludes(command->get_option("--folder"));
  token->needs(address);
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace learncity;
  // Debian's abseil looks for deadlocks at every lock that gRPC takes, under one global lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  CLI::App app("Learncity: the platform that runs a UNESCO learning city.", "learncity");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done · 64 wrong command line · 65 data refused or divergent · "
      "69 not available · 70 defect · 74 disk · 78 configuration");
  Place place;

  ServeOptions serve;
  std::string address, admin_port, tokens, kafka, services, peers;
  auto* serving = app.add_subcommand("serve", "Serve every service over gRPC until SIGTERM");
  AddPlace(*serving, place);
  serving->add_option("--address", address, "Host and port [127.0.0.1:7400]");
  serving->add_option("--admin-port", admin_port, "Port of /metrics, /livez and /readyz [7401]");
  serving->add_option("--tokens", tokens, "File of tokens; <folder>/tokens.txt unless given");
  serving->add_option("--services", services, "Only these, with commas between them [all]");
  serving->add_option("--peers", peers,
                      "Where the other services answer, as registry=host:port,...");
  serving->add_option("--kafka", kafka, "Brokers that carry the feeds, as host:port,host:port");
  serving->add_option("--set", serve.settings, "name=value of any option; see --print-config");
  serving->add_flag("--print-config", serve.print_config,
                    "Print the options, which are LEARNCITY_… variables too, and stop");

  DemoOptions demo_options;
  auto* demonstrating = AddDemo(app, place, demo_options);

  ImportOptions import_options;
  const auto* importing_file = AddImport(app, place, import_options);

  ReportOptions report;
  auto* reporting = app.add_subcommand("report", "Show the city's figures");
  AddPlace(*reporting, place);
  AddJson(*reporting, place);
  reporting->add_option("--as-of", report.as_of, "Date, yyyy-mm-dd; today unless given");
  reporting->add_option("--explain", report.explain, "Indicator to be shown with its origin");
  reporting->add_option("--html", report.html, "File for the page");
  reporting->add_flag("--by-unit", report.by_unit, "Show the figures of each unit too");
  reporting->add_option("--freeze", report.freeze, "Title: freeze the figures into a report");
  reporting->add_option("--finalize", report.finalize, "Name of a draft to make final");
  reporting->add_option("--show", report.show, "Name of a report, draft or final, to show");

  auto* verifying = app.add_subcommand("verify", "Prove that nothing is lost, doubled or changed");
  AddPlace(*verifying, place);
  AddJson(*verifying, place);
  auto* telling = app.add_subcommand("status", "Tell how far every ledger and follower is");
  AddPlace(*telling, place);
  AddJson(*telling, place);

  ParkedOptions parked;
  auto* parking = app.add_subcommand("parked", "List events that could not be applied, or replay");
  AddPlace(*parking, place);
  AddJson(*parking, place);
  auto* replay = parking->add_flag("--replay", parked.replay, "Apply them again, in order");
  auto* service = parking->add_option("--service", parked.service, "The service that parked them");
  auto* feed = parking->add_option("--feed", parked.feed, "The feed they came from");
  auto* subject = parking->add_option("--subject", parked.subject, "The aggregate's id");
  replay->needs(service)->needs(feed)->needs(subject);

  TopicsOptions topics;
  auto* topic_command = app.add_subcommand("topics", "Look after the topics that feeds are on");
  topic_command->require_subcommand(1);
  auto* applying = topic_command->add_subcommand("apply", "Make those that are missing");
  applying->add_option("--file", topics.file, "The plan")->capture_default_str();
  applying->add_option("--kafka", topics.kafka, "Brokers, as host:port,host:port")
      ->envname("LEARNCITY_KAFKA")
      ->required();
  applying
      ->add_option("--kafka-settings", topics.kafka_settings,
                   "File of further settings of Kafka's client, as name=value")
      ->envname("LEARNCITY_KAFKA_SETTINGS");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? runtime::kExitOk : runtime::kExitUsage;
  }
  if (serving->parsed()) {
    if (!address.empty()) serve.settings.push_back("address=" + address);
    if (!admin_port.empty()) serve.settings.push_back("admin_port=" + admin_port);
    if (!tokens.empty()) serve.settings.push_back("tokens=" + tokens);
    if (!services.empty()) serve.settings.push_back("services=" + services);
    if (!peers.empty()) serve.settings.push_back("peers=" + peers);
    if (!kafka.empty()) serve.settings.push_back("kafka=" + kafka);
    return Serve(place, serve);
  }
  if (demonstrating->parsed()) {
    if (demonstrating->count("--folder") == 0) place.folder = ".local/demo";
    return Demo(place, demo_options);
  }
  if (importing_file->parsed()) return Import(place, import_options);
  if (reporting->parsed()) return Report(place, report);
  if (verifying->parsed()) return Verify(place);
  if (applying->parsed()) return ApplyTopics(topics);
  if (parking->parsed()) return Parked(place, parked);
  return Status(place);
}
