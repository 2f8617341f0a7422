// The commands of `learncity`. Each prints what it did and what to run next, and returns an exit
// code of platform/runtime/exit_code.h.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "platform/feed/kafka_topic.h"
#include "platform/ledger/writer.h"
#include "platform/rpc/peers.h"
#include "platform/runtime/exit_code.h"

namespace learncity {

// Where a city lives and what it rests on.
struct Place {
  // Ledgers, keys and tokens.
  std::string folder = ".local/learncity";
  // A PostgreSQL that holds the ledgers in place of the folder, as libpq takes it: each service's
  // in a schema of its name. Empty: files in the folder.
  std::string ledgers;
  // Catalogue, units, denominators.
  std::string data = "data";
  // Empty: <folder>/master.key.
  std::string master_key;
  // Answers as JSON on one line.
  bool json = false;
  // Of every service's writer.
  ledger::WriterLimits limits;
  // Which services are here, and where the others answer; of whoever serves. Empty: all are here.
  std::set<std::string, std::less<>> services;
  rpc::Peers peers;
  // Of a caller with the role `service`, by which the others are asked.
  std::string peer_token;
  // Carries the feeds, where it names brokers; of whoever serves. And what the city is called
  // there.
  feed::KafkaOptions kafka;
  std::string city = "hanoi";
};

// How a command to be run next names the place. A conninfo may hold a password: it is named by its
// variable.
inline std::string Where(const Place& place) {
  return "--folder " + place.folder +
         (place.ledgers.empty() ? "" : " --ledgers \"$LEARNCITY_LEDGERS\"");
}

struct ServeOptions {
  // "name=value" of the options in serve_config.h; they win over the environment.
  std::vector<std::string> settings;
  // Prints the table of options instead of serving.
  bool print_config = false;
};
runtime::ExitCode Serve(Place place, const ServeOptions& options);

struct DemoOptions {
  // One in so many of all that the city has; 1 is the city at its true size.
  int one_in = 20;
  uint64_t seed = 1;
  // At true size the 1.42 million recognised families are left out unless asked for.
  bool families = false;
  // Calls at once.
  int in_flight = 256;
  // Empty: <folder>/report.html.
  std::string html;
  // Where the services of a city answer that other processes serve, as Peers::Parse takes it, and
  // the file with a token for it. Empty: the folder's own city.
  std::string target, token_file;
};
runtime::ExitCode Demo(const Place& place, DemoOptions options);

struct ImportOptions {
  // What the rows are, as "learners".
  std::string kind;
  // CSV.
  std::string file;
  // For rows of a count that have no such cell: yyyy-mm-dd, and where the numbers come from.
  std::string date, source;
  // Names files of earlier imports, for rows that name resources by own keys.
  std::vector<std::string> names;
  // A server that runs, and the file with a token for it; empty imports into the place's folder.
  std::string address, token_file;
  // Checks and counts, and sends nothing.
  bool dry_run = false;
  // Calls at once.
  int in_flight = 64;
};
runtime::ExitCode Import(const Place& place, const ImportOptions& options);

struct ReportOptions {
  // yyyy-mm-dd; empty is today.
  std::string as_of;
  // An indicator's code, to be shown with what it was computed from.
  std::string explain;
  // Whether the text has the figures of each unit too; the page and the JSON always do.
  bool by_unit = false;
  // A file to write the page to.
  std::string html;
  // Title of a report to freeze; empty freezes nothing.
  std::string freeze;
  // Name of a draft to make final; empty makes none.
  std::string finalize;
  // Name of a report to show instead of today's figures.
  std::string show;
};
runtime::ExitCode Report(const Place& place, const ReportOptions& options);

struct ParkedOptions {
  // Applies the parked events of one aggregate again; else they are listed.
  bool replay = false;
  // Who parked them, of which feed, of which aggregate.
  std::string service, feed, subject;
};
runtime::ExitCode Parked(const Place& place, const ParkedOptions& options);

struct TopicsOptions {
  std::string file = "deploy/kafka/topics.yaml";
  // "host:port,host:port", and a file of librdkafka's settings; see kafka_config.h.
  std::string kafka, kafka_settings;
};
runtime::ExitCode ApplyTopics(const TopicsOptions& options);

runtime::ExitCode Verify(const Place& place);
runtime::ExitCode Status(const Place& place);

}  // namespace learncity
