// import: a CSV file into a folder's city or into a server that runs.
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/str_split.h"
#include "grpcpp/grpcpp.h"
#include "nlohmann/json.hpp"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"
#include "services/learncity/commands.h"
#include "services/learncity/demo/progress.h"
#include "services/learncity/folder.h"
#include "services/learncity/import/followers.h"
#include "services/learncity/import/importer.h"
#include "services/learncity/opened.h"
#include "services/learncity/server.h"

namespace learncity {
namespace {

using demo::WithCommas;
using importing::Finding;
using importing::Imported;
using importing::Kind;
using nlohmann::json;

constexpr std::chrono::seconds kStopGrace{5};

// What the commands that follow are told, to reach the same city.
std::string Destination(const Place& place, const ImportOptions& options) {
  if (options.address.empty()) return Where(place);
  return Concat("--address ", options.address, " --token-file ", options.token_file);
}

void PrintFindings(const ImportOptions& options, const Imported& imported) {
  for (const Finding& finding : imported.findings.all()) {
    std::cerr << FindingText(options.file, finding) << "\n";
  }
  const size_t count = imported.findings.size();
  std::cerr << "learncity: " << (imported.findings.full() ? "at least " : "") << count
            << (count == 1 ? " thing is" : " things are") << " wrong with " << options.file
            << " and nothing of it was sent; correct it, then import it again" << std::endl;
}

void PrintCounts(const Place& place, const ImportOptions& options, const Imported& imported) {
  const auto& counts = imported.counts;
  std::cout << options.file << ": " << WithCommas(imported.rows) << " rows, "
            << WithCommas(counts.done) << " done";
  if (counts.repeated > 0) {
    std::cout << ", of these " << WithCommas(counts.repeated) << " before this import";
  }
  std::cout << "; " << WithCommas(counts.rejected) << " rejected\n";
  for (const auto& [reason, count] : counts.reasons) {
    std::cout << "  rejected, " << reason << ": " << WithCommas(count) << "\n";
  }
  for (const auto& [warning, count] : counts.warnings) {
    std::cout << "  done, but " << warning << " " << WithCommas(count) << "\n";
  }
  if (!imported.names_file.empty()) std::cout << "names: " << imported.names_file << "\n";
  if (!imported.reject_file.empty()) {
    std::cout << "reject file: " << imported.reject_file
              << "\nnext: correct its rows, then learncity "
              << "import " << options.kind << " " << imported.reject_file << " "
              << Destination(place, options) << std::endl;
  } else if (options.address.empty()) {
    std::cout << "next: learncity verify " << Where(place) << std::endl;
  }
}

json AsJson(const ImportOptions& options, const Imported& imported) {
  json findings = json::array();
  for (const Finding& finding : imported.findings.all()) {
    findings.push_back({{"line", finding.line},
                        {"column", finding.column},
                        {"name", finding.name},
                        {"rule", finding.rule},
                        {"what", finding.what}});
  }
  const auto& counts = imported.counts;
  return {{"kind", options.kind},
          {"file", options.file},
          {"dry_run", options.dry_run},
          {"rows", imported.rows},
          {"findings", findings},
          {"done", counts.done},
          {"repeated", counts.repeated},
          {"rejected", counts.rejected},
          {"reasons", counts.reasons},
          {"warnings", counts.warnings},
          {"retries", counts.retries},
          {"seconds", counts.seconds},
          {"reject_file", imported.reject_file},
          {"names_file", imported.names_file}};
}

void Print(const Place& place, const ImportOptions& options, const Imported& imported) {
  if (place.json) {
    std::cout << AsJson(options, imported).dump() << std::endl;
  } else if (!imported.findings.empty()) {
    PrintFindings(options, imported);
  } else if (options.dry_run) {
    std::cout << options.file << ": " << WithCommas(imported.rows)
              << " rows, nothing wrong with them; nothing was sent\n"
              << "next: the same without --dry-run" << std::endl;
  } else {
    PrintCounts(place, options, imported);
  }
}

importing::Given GivenBy(const ImportOptions& options) {
  importing::Given given;
  if (!options.date.empty()) given["date"] = options.date;
  if (!options.source.empty()) given["source"] = options.source;
  return given;
}

runtime::ExitCode Run(const Place& place, const ImportOptions& options, const Kind& kind,
                      const std::string& token, const std::shared_ptr<grpc::Channel>& channel) {
  // Standard output is for what came of it.
  demo::Progress progress(std::cerr, demo::IsTerminal(std::cerr));
  const auto imported = importing::ImportFile({.kind = &kind,
                                               .path = options.file,
                                               .names_files = options.names,
                                               .token = token,
                                               .dry_run = options.dry_run,
                                               .in_flight_max = options.in_flight,
                                               .today = Today(SystemNow()),
                                               .given = GivenBy(options)},
                                              channel, progress);
  if (!imported.ok()) {
    std::cerr << "learncity: " << options.file << " was not imported to its end; importing it "
              << "again goes on from there\n";
    return Fail(imported.status());
  }
  Print(place, options, *imported);
  const bool refused = !imported->findings.empty() || imported->counts.rejected > 0;
  return refused ? runtime::kExitDataRefused : runtime::kExitOk;
}

// The token of the kind's role in a file as tokens.txt is, or the only word of the file.
absl::StatusOr<std::string> ReadToken(const std::string& path, const Kind& kind) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::PermissionDeniedError(Concat("cannot read ", path, "; see --token-file"));
  const std::string token = TokenOf(text.str(), std::string(kind.role));
  if (!token.empty()) return token;
  const std::vector<std::string> words =
      absl::StrSplit(text.str(), absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty());
  if (words.size() == 1) return words.front();
  return absl::PermissionDeniedError(
      Concat(path, " has no token of a ", kind.role, ", which importing ", kind.name, " needs"));
}

runtime::ExitCode IntoServer(const Place& place, const ImportOptions& options, const Kind& kind) {
  const auto token = ReadToken(options.token_file, kind);
  if (!token.ok()) return Fail(token.status());
  const auto channel = grpc::CreateChannel(options.address, grpc::InsecureChannelCredentials());
  return Run(place, options, kind, *token, channel);
}

// Lets the followers catch up with what an import that was cut short has left, so that rows find
// what they name.
absl::Status CatchUp(City& city, const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& token) {
  std::ostringstream unseen;
  demo::Progress progress(unseen, /*is_terminal=*/false);
  importing::Followers followers(channel, token);
  for (const host::Host* host : city.hosts()) {
    const auto head = host->head();
    const auto followed = followers.Follow(
        host->service(), {.epoch = head.epoch, .position = head.position}, progress);
    if (!followed.ok()) return followed;
  }
  return absl::OkStatus();
}

runtime::ExitCode IntoFolder(const Place& place, const ImportOptions& options, const Kind& kind) {
  const auto lock = FolderLock::Take(place.folder);
  if (!lock.ok()) return Fail(lock.status());
  auto opened = OpenPlace(place, /*make=*/!options.dry_run);
  if (!opened.ok()) return Fail(opened.status());
  const auto token_text = LoadTokens(place.folder, "");
  if (!token_text.ok()) return Fail(token_text.status());
  const auto tokens = rpc::Tokens::Parse(*token_text);
  if (!tokens.ok()) return Fail(tokens.status(), runtime::kExitConfig);
  const auto token = ReadToken(Concat(place.folder, "/tokens.txt"), kind);
  if (!token.ok()) return Fail(token.status());
  auto server = CityServer::Start(*opened->city, *tokens, opened->foundations, {});
  if (!server.ok()) return Fail(server.status());
  const auto channel = (*server)->InProcessChannel();
  const absl::Status caught_up = CatchUp(*opened->city, channel, *token);
  const auto code = caught_up.ok() ? Run(place, options, kind, *token, channel) : Fail(caught_up);
  (*server)->Stop(kStopGrace);
  return code;
}

}  // namespace

runtime::ExitCode Import(const Place& place, const ImportOptions& options) {
  const Kind* kind = importing::FindKind(options.kind);
  if (kind == nullptr) {
    return Fail(absl::NotFoundError(Concat("there is no kind ", options.kind)),
                runtime::kExitUsage);
  }
  // Audit lines of opening what the importer itself brings would hide what is shown.
  telemetry::SetLogLevel(telemetry::Level::kWarning);
  return options.address.empty() ? IntoFolder(place, options, *kind)
                                 : IntoServer(place, options, *kind);
}

}  // namespace learncity
