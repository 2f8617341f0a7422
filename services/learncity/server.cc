#include "services/learncity/server.h"

#include <algorithm>

#include "platform/runtime/concat.h"
#include "services/achievements/scope.h"
#include "services/enrollment/scope.h"
#include "services/learncity/version.h"
#include "services/registry/scope.h"

namespace learncity {
namespace {

feed::ServedFeeds FeedsOf(City& city) {
  feed::ServedFeeds served;
  for (host::Host* host : city.hosts()) {
    served.feeds[host->service()] = &host->readers();
    if (!host->feeds().empty()) served.followers[host->service()] = &host->positions();
  }
  served.head = [&city](const std::string& feed) { return city.SignedHeadOf(*city.Owner(feed)); };
  return served;
}

}  // namespace

rpc::SurfaceParts CityServer::PartsOf(host::Host& host, const rpc::Tokens& tokens,
                                      const Clock& clock, rpc::Within within) {
  return {.writer = host.writer(),
          .readers = host.readers(),
          .schema = host.schema(),
          .tokens = tokens,
          .metrics = metrics_,
          .clock = clock,
          .request_hash = [this](std::string_view bytes) { return city_.HashRequest(bytes); },
          .within = std::move(within)};
}

CityServer::CityServer(City& city, const rpc::Tokens& tokens,
                       const reporting::Foundations& foundations, const CityServerOptions& options)
    : city_(city), feeds_(FeedsOf(city), tokens, metrics_) {
  const Clock& clock = options.clock;
  if (city.Has("registry")) {
    registry_ = std::make_unique<registry::RegistryService>(
        PartsOf(city.registry(), tokens, clock, registry::RegistryScope(city.registry().readers())),
        city.staff(), clock);
  }
  if (city.Has("enrollment")) {
    enrollment_ = std::make_unique<enrollment::EnrollmentService>(
        PartsOf(city.enrollment(), tokens, clock,
                enrollment::EnrollmentScope(city.enrollment().readers())),
        city.persons(), clock);
  }
  if (city.Has("achievements")) {
    achievements_ = std::make_unique<achievements::AchievementsService>(
        PartsOf(city.achievements(), tokens, clock,
                achievements::AchievementsScope(city.achievements().readers())));
  }
  if (city.Has("reporting")) {
    // What is not public there is the city's alone, as it is of the feeds.
    reporting_ = std::make_unique<reporting::ReportingService>(
        PartsOf(city.reporting(), tokens, clock, {}), foundations, city.board(),
        [&city] { return city.SignedHeads(); });
  }
}

std::vector<rpc::Served> CityServer::Surfaces() {
  std::vector<rpc::Served> served;
  const auto add = [&](const char* name, grpc::Service* service) {
    if (service != nullptr) served.push_back({name, service});
  };
  add(registry::v1::RegistryService::service_full_name(), registry_.get());
  add(enrollment::v1::EnrollmentService::service_full_name(), enrollment_.get());
  add(achievements::v1::AchievementsService::service_full_name(), achievements_.get());
  add(reporting::v1::ReportingService::service_full_name(), reporting_.get());
  add(feed::v1::FeedService::service_full_name(), &feeds_);
  return served;
}

CityServer::~CityServer() { Stop(std::chrono::milliseconds(0)); }

absl::StatusOr<std::unique_ptr<CityServer>> CityServer::Start(
    City& city, const rpc::Tokens& tokens, const reporting::Foundations& foundations,
    const CityServerOptions& options) {
  std::unique_ptr<CityServer> made(new CityServer(city, tokens, foundations, options));
  made->AddMetrics();
  made->AddTopicMetrics();
  if (city.Has("reporting")) made->AddRecountMetrics();
  auto admin = telemetry::AdminServer::Start(options.admin, &made->metrics_, [&city] {
    std::vector<std::string> reasons;
    for (host::Host* host : city.hosts()) {
      if (std::string reason = host->unready(); !reason.empty()) reasons.push_back(reason);
    }
    return reasons;
  });
  if (!admin.ok()) return admin.status();
  made->admin_ = std::move(*admin);
  if (made->reporting_) {
    city.reporting().OnCommit(
        [server = made.get()](const ledger::Head&) { server->reporting_->Committed(); });
  }
  city.Start();
  auto server = rpc::Server::Start(options.rpc, made->Surfaces());
  if (!server.ok()) return server.status();
  made->server_ = std::move(*server);
  made->server_->SetServing(true);
  return made;
}

void CityServer::AddMetrics() {
  metrics_.AddBuildInfo(kVersion, kRevision);
  for (host::Host* host : city_.hosts()) {
    const std::vector<std::pair<std::string, std::string>> of = {{"service", host->service()}};
    const auto gauge = [&](const std::string& name, const std::string& help,
                           std::function<double()> value) {
      metrics_.AddGaugeCallback({.name = name, .help = help, .fixed = of, .labels = {}},
                                std::move(value));
    };
    gauge("learncity_ledger_position", "Position of the last committed event.",
          [host] { return static_cast<double>(host->head().position); });
    gauge("learncity_ledger_turns", "Turns since the process started.",
          [host] { return static_cast<double>(host->writer().counts().turns); });
    gauge("learncity_ledger_inputs", "Inputs run in turns since the process started.",
          [host] { return static_cast<double>(host->writer().counts().inputs); });
    gauge("learncity_ledger_queue", "Inputs that wait for a turn.",
          [host] { return static_cast<double>(host->writer().queued()); });
    gauge("learncity_ledger_shed", "Inputs refused because the queue was full.",
          [host] { return static_cast<double>(host->writer().counts().shed); });
    gauge("learncity_ledger_faults", "Inputs that failed for no reason of their own.",
          [host] { return static_cast<double>(host->writer().counts().faults); });
    gauge("learncity_feed_parked", "Events parked since the process started.",
          [host] { return static_cast<double>(host->writer().counts().parked); });
    if (host->relay()) {
      gauge(
          "learncity_relay_lag_events", "Events committed and not known to be on the topic.",
          [host] { return static_cast<double>(host->head().position - host->relay()->delivered); });
      gauge("learncity_relay_holds", "1 where this process carries the feed, 0 where it stands by.",
            [host] { return host->relay()->holds ? 1.0 : 0.0; });
      gauge("learncity_relay_faults", "How often the relay had to begin anew.",
            [host] { return static_cast<double>(host->relay()->faults); });
      gauge("learncity_relay_behind_topic", "1 where the topic has events that the ledger has not.",
            [host] { return host->relay()->is_behind_topic ? 1.0 : 0.0; });
    }
    gauge("learncity_feed_lag_events", "Events committed by followed feeds and not yet applied.",
          [host, this] {
            int64_t lag = 0;
            for (const std::string& feed : host->feeds()) {
              const auto cursor = host->positions().Get(feed);
              const int64_t applied = cursor ? cursor->position : 0;
              lag += std::max(city_.HeadOf(feed), applied) - applied;
            }
            return static_cast<double>(lag);
          });
  }
}

// From where each follower has its events, and why it does not read the topic.
void CityServer::AddTopicMetrics() {
  for (const TopicRead& read : city_.topic_reads()) {
    const auto gauge = [&](const std::string& name, const std::string& help,
                           int64_t feed::TopicSourceCounts::*count) {
      metrics_.AddGaugeCallback(
          {.name = name,
           .help = help,
           .fixed = {{"service", read.follower}, {"feed", read.feed}},
           .labels = {}},
          [source = read.source, count] { return static_cast<double>(source->counts().*count); });
    };
    gauge("learncity_topic_events", "Events read from the topic since the process started.",
          &feed::TopicSourceCounts::from_topic);
    gauge("learncity_topic_missing_events",
          "Events that the topic had not, or not in time, and the feed's owner was asked for.",
          &feed::TopicSourceCounts::from_owner);
    gauge("learncity_topic_foreign_messages", "Messages on the topic that are no events of it.",
          &feed::TopicSourceCounts::foreign);
    gauge("learncity_topic_faults", "How often the topic could not be read.",
          &feed::TopicSourceCounts::faults);
  }
}

// Alarms rest on these: a recount that does not end is told by the age of the last one.
void CityServer::AddRecountMetrics() {
  const auto gauge = [&](const std::string& name, const std::string& help, auto value) {
    metrics_.AddGaugeCallback({.name = name, .help = help, .fixed = {}, .labels = {}},
                              [this, value] {
                                auto reader = city_.reporting().readers().Mine();
                                if (!reader.ok()) return 0.0;
                                const auto last = reporting::ReadLastRecounts(**reader);
                                if (!last.ok() || !last->done) return 0.0;
                                return static_cast<double>(value(*last->done));
                              });
  };
  gauge("learncity_recount_end_time_seconds",
        "When the last recount of the cells ended, in seconds since 1970; 0 before the first.",
        [](const reporting::v1::Recount& done) { return done.end_time().seconds(); });
  gauge("learncity_recount_differences", "Cells that it found not to be as the facts say.",
        [](const reporting::v1::Recount& done) { return done.differences(); });
}

void CityServer::Stop(std::chrono::milliseconds grace) {
  if (stopped_) return;
  stopped_ = true;
  for (host::Host* host : city_.hosts()) host->positions().Close();
  if (enrollment_) enrollment_->EndStreams();
  if (reporting_) reporting_->EndStreams();
  if (server_) server_->Stop(grace);
  city_.Stop();
  if (admin_) admin_->Stop();
}

}  // namespace learncity
