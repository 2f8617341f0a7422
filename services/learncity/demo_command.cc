// demo: the main job from beginning to end, on synthetic data: load a city through its own gRPC
// methods, freeze a report, read it back, prove everything, show the figures.
#include <array>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>

#include "grpcpp/grpcpp.h"
#include "learncity/reporting/v1/reporting_service.grpc.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/concat.h"
#include "platform/telemetry/log.h"
#include "services/learncity/commands.h"
#include "services/learncity/demo/figures_text.h"
#include "services/learncity/demo/loader.h"
#include "services/learncity/folder.h"
#include "services/learncity/opened.h"
#include "services/learncity/proof.h"
#include "services/learncity/report_file.h"
#include "services/learncity/server.h"

namespace learncity {
namespace {

namespace rep = reporting::v1;

constexpr std::chrono::seconds kStopGrace{5};
// How long a follower may need to catch up with a city of true size on a busy machine.
constexpr std::chrono::minutes kFollowTimeMax{30};
// A proof holds every learner's fact in memory, about 2 kB each.
constexpr int64_t kProvedLearnersMax = 500'000;

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(Concat("cannot read ", path, "; see --data"));
  return text.str();
}

absl::StatusOr<demo::Plan> MakePlan(const Place& place, const DemoOptions& options) {
  demo::CityTexts views;
  std::array<std::string, 4> texts;
  const std::pair<const char*, std::string_view*> files[] = {
      {"units_2025.csv", &views.units_csv},
      {"scale_parameters.csv", &views.scale_csv},
      {"units_pre_2025.csv", &views.old_units_csv},
      {"unit_succession.csv", &views.succession_csv}};
  for (size_t i = 0; i < texts.size(); ++i) {
    auto text = ReadText(Concat(place.data, "/hanoi/", files[i].first));
    if (!text.ok()) return text.status();
    texts[i] = *std::move(text);
    *files[i].second = texts[i];
  }
  return demo::PlanCity(views, {.seed = options.seed,
                                .one_in = options.one_in,
                                .today = Today(SystemNow()),
                                .families = options.one_in > 1 || options.families});
}

absl::Status FromGrpc(const grpc::Status& status, std::string_view what) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      Concat(what, ": ", status.error_message()));
}

// Freezes a report and reads it back: the same bytes, or DATA_LOSS.
absl::StatusOr<rep::Report> FreezeAndReadBack(const std::shared_ptr<grpc::Channel>& channel,
                                              const std::string& token, Day as_of) {
  const auto stub = rep::ReportingService::NewStub(channel);
  const auto authorization = Concat("Bearer ", token);
  grpc::ClientContext freezing, reading;
  freezing.AddMetadata("authorization", authorization);
  reading.AddMetadata("authorization", authorization);
  rep::FreezeReportRequest request;
  request.set_display_name("Hà Nội — dữ liệu mẫu / synthetic data");
  *request.mutable_as_of() = ToDate(as_of);
  request.set_request_id(RandomId(SystemNow()).ToString());
  rep::Report frozen, read;
  if (auto status = stub->FreezeReport(&freezing, request, &frozen); !status.ok()) {
    return FromGrpc(status, "FreezeReport");
  }
  rep::GetReportRequest get;
  get.set_name(frozen.name());
  if (auto status = stub->GetReport(&reading, get, &read); !status.ok()) {
    return FromGrpc(status, "GetReport");
  }
  if (read.SerializeAsString() != frozen.SerializeAsString()) {
    return absl::DataLossError("the report was read back with other bytes than it was frozen with");
  }
  return read;
}

absl::StatusOr<rep::ReportContent> ContentOf(const rep::Report& report) {
  rep::ReportContent content;
  if (content.ParseFromString(report.content())) return content;
  return absl::DataLossError("the frozen report does not parse");
}

// The figures of the whole city, each with the command that says where it comes from.
void PrintHeadlines(const reporting::Foundations& foundations, const rep::ReportContent& content,
                    const std::function<std::string(const std::string& code, Day as_of)>& command) {
  for (const rep::Evaluation& evaluation : content.evaluations()) {
    const auto* definition =
        reporting::FindIndicator(foundations.catalogue, evaluation.indicator());
    if (definition == nullptr) continue;
    std::cout << demo::HeadlineText(*definition, evaluation,
                                    command(definition->code(), DayOf(evaluation.as_of())));
  }
}

// Proves the city, if it is not so large that the proof would not fit; whether it verifies.
absl::StatusOr<bool> ShowProof(const Place& place, const demo::Plan& plan, Opened& opened) {
  const std::string command = Concat("./run verify ", Where(place));
  if (plan.learners > kProvedLearnersMax) {
    std::cout << "not verified: that takes more time and memory than the city itself; do it with "
              << command << "\n";
    return true;
  }
  const auto proof = Prove(*opened.city, opened.foundations);
  if (!proof.ok()) return proof.status();
  int64_t events = 0;
  for (const auto& service : proof->services) events += service.ledger.events;
  std::cout << "verified: " << demo::WithCommas(events) << " events, "
            << demo::WithCommas(proof->cells) << " cells, " << proof->divergences()
            << " divergences; again with " << command << "\n";
  return proof->divergences() == 0;
}

// What is shown once everything is loaded.
absl::Status Show(const Place& place, const DemoOptions& options, const demo::Plan& plan,
                  Opened& opened, const rep::Report& report) {
  const auto content = ContentOf(report);
  if (!content.ok()) return content.status();
  if (auto written = WriteReportPage(options.html, report, *content, opened, /*synthetic=*/true);
      !written.ok()) {
    return written;
  }
  std::cout << "frozen: " << report.name() << ", read back byte for byte\n";
  const auto verifies = ShowProof(place, plan, opened);
  if (!verifies.ok()) return verifies.status();
  if (!*verifies) return absl::DataLossError("the city does not verify");
  std::cout << "report: " << options.html
            << "\n\nIts figures, and what shows where each comes from:\n";
  PrintHeadlines(opened.foundations, *content, [&place](const std::string& code, Day as_of) {
    return Concat("./run report ", Where(place), " --as-of ", FormatDay(as_of), " --explain ",
                  code);
  });
  std::cout << std::flush;
  return absl::OkStatus();
}

// What is loaded, said before it is.
void SayWhat(const demo::Plan& plan, const DemoOptions& options, const std::string& where) {
  std::cout << "A synthetic city, one in " << demo::WithCommas(options.one_in)
            << " of Hanoi: " << demo::WithCommas(plan.learners) << " learners and "
            << demo::WithCommas(static_cast<int64_t>(plan.centers.size())) << " centers in "
            << where << ", seed " << options.seed << "; every person is invented.\n";
}

// Loads the plan, freezes its report and reads it back.
absl::StatusOr<rep::Report> LoadAndFreeze(const demo::Plan& plan, const DemoOptions& options,
                                          const rpc::Peers& city, const std::string& token) {
  demo::Progress progress(std::cout, demo::IsTerminal(std::cout));
  const auto loaded = demo::LoadCity(plan, city,
                                     {.token = token,
                                      .calls = {.in_flight_max = options.in_flight},
                                      .follow_time_max = kFollowTimeMax},
                                     progress);
  if (!loaded.ok()) return loaded.status();
  std::cout << demo::SummaryText(*loaded);
  return FreezeAndReadBack(city.Of("reporting"), token, plan.in_term);
}

// Into a city that other processes serve. What it is stored by is theirs: nothing is proved here.
absl::Status LoadTarget(const Place& place, const DemoOptions& options, const demo::Plan& plan) {
  const auto city = rpc::Peers::Parse(options.target, grpc::InsecureChannelCredentials());
  if (!city.ok()) return city.status();
  for (const std::string_view service : kServices) {
    if (city->Of(service) != nullptr) continue;
    return absl::InvalidArgumentError(
        Concat("--target says not where ", service, " answers: add ", service, "=host:port"));
  }
  const auto tokens = ReadText(options.token_file);
  if (!tokens.ok()) return tokens.status();
  const std::string token = TokenOf(*tokens, "clerk");
  if (token.empty()) {
    return absl::InvalidArgumentError(
        Concat(options.token_file, " has no token of the role clerk for the whole city"));
  }
  const auto foundations = FoundationsOf(place);
  if (!foundations.ok()) return foundations.status();
  SayWhat(plan, options, options.target);
  const auto report = LoadAndFreeze(plan, options, *city, token);
  if (!report.ok()) return report.status();
  const auto content = ContentOf(*report);
  if (!content.ok()) return content.status();
  std::cout << "frozen: " << report->name() << ", read back byte for byte\n\n"
            << "Its figures, and what asks the city where each comes from; TOKEN is one of "
            << options.token_file << ":\n";
  PrintHeadlines(*foundations, *content, [](const std::string& code, Day as_of) {
    const auto date = ToDate(as_of);
    return Concat(
        "grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" -d '{\"name\": "
        "\"indicators/",
        code, "\", \"as_of\": {\"year\": ", date.year(), ", \"month\": ", date.month(),
        ", \"day\": ", date.day(),
        "}}' $REPORTING learncity.reporting.v1.ReportingService/EvaluateIndicator");
  });
  return absl::OkStatus();
}

}  // namespace

runtime::ExitCode Demo(const Place& place, DemoOptions options) {
  if (options.html.empty()) options.html = Concat(place.folder, "/report.html");
  // Audit lines of a thousand invented persons would hide what is shown.
  telemetry::SetLogLevel(telemetry::Level::kWarning);
  const auto plan = MakePlan(place, options);
  if (!plan.ok()) return Fail(plan.status());
  if (!options.target.empty()) {
    const absl::Status loaded = LoadTarget(place, options, *plan);
    return loaded.ok() ? runtime::kExitOk : Fail(loaded);
  }
  const auto lock = FolderLock::Take(place.folder);
  if (!lock.ok()) return Fail(lock.status());
  if (auto made = MakeDemoFolder(place.folder); !made.ok()) return Fail(made);
  auto opened = OpenPlace(place);
  if (!opened.ok()) return Fail(opened.status());
  const auto token_text = LoadTokens(place.folder, "");
  if (!token_text.ok()) return Fail(token_text.status());
  const auto tokens = rpc::Tokens::Parse(*token_text);
  if (!tokens.ok()) return Fail(tokens.status());
  auto server = CityServer::Start(*opened->city, *tokens, opened->foundations, {});
  if (!server.ok()) return Fail(server.status());

  SayWhat(*plan, options, place.folder);
  // The server's own transport within the process: the same methods, without sockets.
  const auto report = LoadAndFreeze(*plan, options, rpc::Peers((*server)->InProcessChannel()),
                                    TokenOf(*token_text, "clerk"));
  if (!report.ok()) return Fail(report.status());
  const absl::Status shown = Show(place, options, *plan, *opened, *report);
  (*server)->Stop(kStopGrace);
  return shown.ok() ? runtime::kExitOk : Fail(shown);
}

}  // namespace learncity
