#include "tests/bench/rows.h"

#include <algorithm>
#include <iostream>

#include "platform/ledger/postgres_ledger.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/learncity/server.h"
#include "tests/bench/enrollment_alone.h"
#include "tests/bench/pgbench.h"

namespace learncity::bench {
namespace {

using enrollment::v1::EnrollLearnerRequest;
using enrollment::v1::Enrollment;
using enrollment::v1::EnrollmentService;
using enrollment::v1::GetEnrollmentRequest;
using Enrolling = ClosedLoop<EnrollLearnerRequest, Enrollment>;
using Reading = ClosedLoop<GetEnrollmentRequest, Enrollment>;

constexpr int kInFlight[] = {64, 256};
constexpr std::chrono::minutes kCatchUpMax{10};
constexpr char kEcho[] = "bare gRPC echo";

// The client's end of an EnrollmentService on a port.
class Client {
 public:
  explicit Client(int port) : stub_(EnrollmentService::NewStub(ChannelTo(port))) {}

  Enrolling EnrollFrom(Admissions& admissions) {
    return {[this](auto... arguments) { stub_->async()->EnrollLearner(std::move(arguments)...); },
            [&admissions](EnrollLearnerRequest* request) { admissions.Next(request); }};
  }
  Reading ReadOf(const Filled& city) {
    return {[this](auto... arguments) { stub_->async()->GetEnrollment(std::move(arguments)...); },
            [this, &city](GetEnrollmentRequest* request) {
              const auto k = static_cast<uint64_t>(reads_.fetch_add(1)) * 0x9e3779b97f4a7c15;
              const Id& id = city.enrollments[(k >> 20) % city.enrollments.size()];
              request->set_name(Concat("enrollments/", id.ToString()));
            }};
  }
  Enrollment Get(const Id& id) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", kAuthorization);
    GetEnrollmentRequest request;
    request.set_name(Concat("enrollments/", id.ToString()));
    Enrollment enrollment;
    const grpc::Status status = stub_->GetEnrollment(&context, request, &enrollment);
    LEARNCITY_CHECK(status.ok()) << status.error_message();
    return enrollment;
  }

 private:
  const std::unique_ptr<EnrollmentService::Stub> stub_;
  std::atomic<int64_t> reads_{0};
};

// A side that writes through a writer whose counts say what its turns were like.
Sample EnrollCounted(Enrolling loop, int in_flight, std::chrono::milliseconds time,
                     const std::function<ledger::WriterCounts()>& counts) {
  const ledger::WriterCounts before = counts();
  const int64_t bytes = BytesWritten();
  Sample sample{.pace = loop.Run(in_flight, time)};
  const ledger::WriterCounts after = counts();
  const auto calls = static_cast<double>(std::max<int64_t>(1, sample.pace.calls));
  const auto turns = static_cast<double>(after.turns - before.turns);
  sample.kib_per_call = static_cast<double>(BytesWritten() - bytes) / 1024 / calls;
  sample.calls_per_turn = calls / std::max(1.0, turns);
  sample.turns_per_second = turns / sample.pace.seconds;
  return sample;
}

// What every row needs: the city, and the echo with its client.
struct Bench {
  const Ground& ground;
  const Filled& city;
  const Effort& effort;
  Echo echo;
  Client echo_client;
  Admissions echo_admissions;

  Bench(const Ground& g, const Filled& c, const Effort& e, Enrollment answer)
      : ground(g),
        city(c),
        effort(e),
        echo(std::move(answer)),
        echo_client(echo.port()),
        echo_admissions(c, 0) {}

  int64_t filled() const { return static_cast<int64_t>(city.enrollments.size()); }
  Side EchoOfEnroll(int in_flight) {
    return [this, in_flight](auto time) {
      return Sample{.pace = echo_client.EnrollFrom(echo_admissions).Run(in_flight, time)};
    };
  }
};

void MeasureReads(Bench& bench, const std::filesystem::path& folder, std::vector<Row>& rows) {
  EnrollmentAlone alone(folder, {});
  Client client(alone.port());
  for (const int in_flight : kInFlight) {
    const auto read = [&](Client& from) -> Side {
      return [&bench, &from, in_flight](auto time) {
        return Sample{.pace = from.ReadOf(bench.city).Run(in_flight, time)};
      };
    };
    rows.push_back(MeasurePairs(
        {.what = "read by name", .against = kEcho, .in_flight = in_flight, .goal = 0.8},
        bench.effort, read(client), read(bench.echo_client)));
  }
}

void MeasureEnroll(Bench& bench, const std::filesystem::path& folder, std::vector<Row>& rows) {
  EnrollmentAlone alone(folder, {});
  Client client(alone.port());
  Admissions admissions(bench.city, bench.filled());
  for (const int in_flight : kInFlight) {
    const Side ours = [&](auto time) {
      return EnrollCounted(client.EnrollFrom(admissions), in_flight, time,
                           [&] { return alone.counts(); });
    };
    rows.push_back(MeasurePairs({.what = "durable enroll, enrollment alone",
                                 .against = kEcho,
                                 .in_flight = in_flight,
                                 .goal = in_flight < 256 ? 0.25 : 0.35},
                                bench.effort, ours, bench.EchoOfEnroll(in_flight)));
  }
}

void MeasureTurnsOfOne(Bench& bench, const std::filesystem::path& folder,
                       const std::filesystem::path& other, std::vector<Row>& rows) {
  EnrollmentAlone full(folder, {});
  EnrollmentAlone ones(other, {.turn_inputs_max = 1});
  Client full_client(full.port()), ones_client(ones.port());
  Admissions full_admissions(bench.city, bench.filled() * 2);
  Admissions ones_admissions(bench.city, bench.filled() * 2);
  const auto side = [](EnrollmentAlone& alone, Client& client, Admissions& admissions,
                       int in_flight) -> Side {
    return [&alone, &client, &admissions, in_flight](auto time) {
      return EnrollCounted(client.EnrollFrom(admissions), in_flight, time,
                           [&] { return alone.counts(); });
    };
  };
  for (const int in_flight : kInFlight) {
    rows.push_back(MeasurePairs({.what = "durable enroll, turns as they come",
                                 .against = "one turn per write",
                                 .in_flight = in_flight,
                                 .goal = 4},
                                bench.effort, side(full, full_client, full_admissions, in_flight),
                                side(ones, ones_client, ones_admissions, in_flight)));
  }
}

// The whole city, and how far its followers are.
class Followed {
 public:
  explicit Followed(const std::filesystem::path& folder) {
    auto city = City::Open(BenchKey(), {.folder = folder.string()});
    LEARNCITY_CHECK_OK(city.status());
    city_ = std::move(*city);
    auto server = CityServer::Start(*city_, BenchTokens(), foundations_, {});
    LEARNCITY_CHECK_OK(server.status());
    server_ = std::move(*server);
  }

  int port() const { return server_->port(); }
  ledger::WriterCounts counts() { return city_->enrollment().writer().counts(); }
  int64_t committed() { return city_->enrollment().head().position; }
  int64_t applied() {
    int64_t least = committed();
    for (host::Host* host : {&city_->achievements(), &city_->reporting()}) {
      least = std::min(least, host->positions().Get("enrollment")->position);
    }
    return least;
  }
  void AwaitFollowers() {
    const auto deadline = std::chrono::steady_clock::now() + kCatchUpMax;
    while (!city_->CaughtUp()) {
      LEARNCITY_CHECK(std::chrono::steady_clock::now() < deadline) << "followers do not catch up";
      MutexLock lock(&mutex_);
      never_.WaitFor(&mutex_, std::chrono::milliseconds(20), [] { return false; });
    }
  }

 private:
  const reporting::Foundations foundations_;
  std::unique_ptr<City> city_;
  std::unique_ptr<CityServer> server_;
  Mutex mutex_;
  CondVar never_;
};

double MeasureFollowers(Bench& bench, const std::filesystem::path& folder, std::vector<Row>& rows) {
  const auto began = std::chrono::steady_clock::now();
  Followed city(folder);
  const int64_t behind = city.committed() - city.applied();
  std::cerr << "followers catch up with " << behind << " events" << std::endl;
  city.AwaitFollowers();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  Client client(city.port());
  Admissions admissions(bench.city, bench.filled());
  for (const int in_flight : kInFlight) {
    const Side ours = [&](auto time) {
      const int64_t committed = city.committed(), applied = city.applied();
      Sample sample = EnrollCounted(client.EnrollFrom(admissions), in_flight, time,
                                    [&] { return city.counts(); });
      sample.followed = static_cast<double>(city.applied() - applied) /
                        static_cast<double>(city.committed() - committed);
      // The echo has the machine to itself.
      city.AwaitFollowers();
      return sample;
    };
    rows.push_back(MeasurePairs({.what = "durable enroll, every follower running",
                                 .against = kEcho,
                                 .in_flight = in_flight,
                                 .goal = 0.15},
                                bench.effort, ours, bench.EchoOfEnroll(in_flight)));
  }
  return static_cast<double>(behind) / took.count();
}

// The same city on a PostgreSQL of its own, which pgbench has in between.
void MeasurePostgres(Bench& bench, std::vector<Row>& rows) {
  PostgresServer server;
  const auto engine = [&server](const std::string& service) {
    return std::make_shared<ledger::PostgresEngine>(
        ledger::PostgresOptions{.connect = {.conninfo = server.conninfo(), .schema = service}});
  };
  std::cerr << "filling PostgreSQL" << std::endl;
  const std::filesystem::path folder = bench.ground.folder() / "postgres";
  const Filled city = Fill(folder, static_cast<int>(bench.filled()), engine);
  const Pgbench pgbench(server);
  EnrollmentAlone alone(folder, {}, engine("enrollment"));
  Client client(alone.port());
  Admissions admissions(city, bench.filled());
  constexpr double kGoals[] = {2, 3};
  for (size_t i = 0; i < std::size(kInFlight); ++i) {
    const int in_flight = kInFlight[i];
    const Side ours = [&](auto time) {
      return EnrollCounted(client.EnrollFrom(admissions), in_flight, time,
                           [&] { return alone.counts(); });
    };
    const Side theirs = [&](auto time) { return pgbench.SimpleUpdate(in_flight, time); };
    rows.push_back(MeasurePairs({.what = "durable enroll on PostgreSQL",
                                 .against = "pgbench simple-update",
                                 .in_flight = in_flight,
                                 .goal = kGoals[i]},
                                bench.effort, ours, theirs));
  }
}

void MeasureKafka(Bench& bench, Results& results) {
  std::cerr << "starting Kafka" << std::endl;
  FeedOnKafka on_kafka(bench.ground, bench.city);
  results.rows.push_back(on_kafka.MeasureThroughput(bench.effort));
  results.freshness = on_kafka.MeasureFreshness(5 * bench.effort.time);
}

Enrollment AnEnrollment(const std::filesystem::path& folder, const Filled& city) {
  EnrollmentAlone alone(folder, {});
  return Client(alone.port()).Get(city.enrollments.front());
}

}  // namespace

Results MeasureRows(const Ground& ground, const Filled& city, const Effort& effort,
                    const std::string& only) {
  const auto wanted = [&](const char* name) { return only.empty() || only == name; };
  Bench bench(ground, city, effort, AnEnrollment(city.folder, city));
  Results results;
  const std::filesystem::path alone = ground.Copy(city.folder, "alone");
  if (wanted("reads")) MeasureReads(bench, alone, results.rows);
  if (wanted("enroll")) MeasureEnroll(bench, alone, results.rows);
  if (wanted("turns-of-one")) {
    MeasureTurnsOfOne(bench, ground.Copy(city.folder, "alone"), ground.Copy(city.folder, "ones"),
                      results.rows);
  }
  if (wanted("followers")) {
    results.catch_up_events_per_second =
        MeasureFollowers(bench, ground.Copy(city.folder, "followed"), results.rows);
  }
  if (wanted("postgres")) MeasurePostgres(bench, results.rows);
  if (wanted("kafka")) MeasureKafka(bench, results);
  return results;
}

}  // namespace learncity::bench
