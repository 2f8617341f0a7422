#include "services/learncity/server.h"

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
  return served;
}

}  // namespace

std::vector<learncity::feed::v1::SignedHead> SignHeads(const std::vector<host::Host*>& hosts,
                                                       const privacy::HeadSigner& signer) {
  std::vector<learncity::feed::v1::SignedHead> heads;
  for (const host::Host* host : hosts) {
    const ledger::Head head = host->head();
    auto& signed_head = heads.emplace_back();
    signed_head.set_feed(host->service());
    signed_head.set_epoch(head.epoch);
    signed_head.set_position(head.position);
    signed_head.set_turn(head.turn);
    signed_head.set_seal(head.seal.data(), head.seal.size());
    const std::string signature = signer.Sign(signed_head.SerializeAsString());
    signed_head.set_signature(signature);
    signed_head.set_public_key(signer.public_key());
  }
  return heads;
}

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
    : city_(city),
      registry_(PartsOf(city.registry(), tokens, options.clock,
                        registry::RegistryScope(city.registry().readers())),
                city.staff(), options.clock),
      enrollment_(PartsOf(city.enrollment(), tokens, options.clock,
                          enrollment::EnrollmentScope(city.enrollment().readers())),
                  city.persons(), options.clock),
      achievements_(PartsOf(city.achievements(), tokens, options.clock,
                            achievements::AchievementsScope(city.achievements().readers()))),
      // What is not public there is the city's alone, as it is of the feeds.
      reporting_(PartsOf(city.reporting(), tokens, options.clock, {}), foundations, city.board(),
                 [&city] { return SignHeads(city.hosts(), city.signer()); }),
      feeds_(FeedsOf(city), tokens, metrics_) {}

CityServer::~CityServer() { Stop(std::chrono::milliseconds(0)); }

absl::StatusOr<std::unique_ptr<CityServer>> CityServer::Start(
    City& city, const rpc::Tokens& tokens, const reporting::Foundations& foundations,
    const CityServerOptions& options) {
  std::unique_ptr<CityServer> made(new CityServer(city, tokens, foundations, options));
  made->AddMetrics();
  made->AddRecountMetrics();
  auto admin = telemetry::AdminServer::Start(options.admin, &made->metrics_, [&city] {
    std::vector<std::string> reasons;
    for (host::Host* host : city.hosts()) {
      if (std::string reason = host->unready(); !reason.empty()) reasons.push_back(reason);
    }
    return reasons;
  });
  if (!admin.ok()) return admin.status();
  made->admin_ = std::move(*admin);
  city.reporting().OnCommit(
      [server = made.get()](const ledger::Head&) { server->reporting_.Committed(); });
  city.Start();
  auto server = rpc::Server::Start(
      options.rpc,
      {{registry::v1::RegistryService::service_full_name(), &made->registry_},
       {enrollment::v1::EnrollmentService::service_full_name(), &made->enrollment_},
       {achievements::v1::AchievementsService::service_full_name(), &made->achievements_},
       {reporting::v1::ReportingService::service_full_name(), &made->reporting_},
       {feed::v1::FeedService::service_full_name(), &made->feeds_}});
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
    gauge("learncity_feed_lag_events", "Events committed by followed feeds and not yet applied.",
          [host, this] {
            int64_t lag = 0;
            for (const std::string& feed : host->feeds()) {
              const auto cursor = host->positions().Get(feed);
              lag += city_.Owner(feed)->head().position - (cursor ? cursor->position : 0);
            }
            return static_cast<double>(lag);
          });
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
  enrollment_.EndStreams();
  reporting_.EndStreams();
  if (server_) server_->Stop(grace);
  city_.Stop();
  if (admin_) admin_->Stop();
}

}  // namespace learncity
