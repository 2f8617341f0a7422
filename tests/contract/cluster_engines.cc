#include <algorithm>
#include <chrono>

#include "gtest/gtest.h"
#include "learncity/feed/v1/feed.pb.h"
#include "platform/feed/kafka_topic.h"
#include "platform/feed/kafka_topics.h"
#include "platform/ledger/postgres.h"
#include "platform/ledger/postgres_ledger.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/kafka_server.h"
#include "platform/testing/postgres_server.h"
#include "tests/contract/call.h"
#include "tests/contract/engines.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

constexpr std::chrono::seconds kCarryTime{60};

// A database of the program's server named by the folder, made when it is not there.
std::string DatabaseOf(const std::filesystem::path& folder) {
  const PostgresServer& server = PostgresServer::OfThisProgram();
  const std::string name = folder.filename();
  auto connection = postgres::Connection::Open({.conninfo = server.conninfo(), .schema = "public"});
  LEARNCITY_CHECK_OK(connection.status());
  const auto there =
      (*connection)
          ->Run("SELECT 1 FROM pg_database WHERE datname=$1", postgres::Params().Text(name));
  LEARNCITY_CHECK_OK(there.status());
  if (there->rows() == 0) {
    LEARNCITY_CHECK_OK((*connection)->Execute(Concat("CREATE DATABASE \"", name, "\"")));
  }
  return server.conninfo_of(name);
}

feed::KafkaOptions Kafka() { return {.brokers = KafkaServer::OfThisProgram().brokers()}; }

std::vector<feed::FeedName> FeedsOf(const std::filesystem::path& folder) {
  std::vector<feed::FeedName> feeds;
  for (const std::string_view service : kServices) {
    feeds.push_back({.city = CodeOf(folder), .feed = std::string(service)});
  }
  return feeds;
}

void MakeTopics(const std::vector<feed::FeedName>& feeds) {
  std::vector<feed::TopicPlan> plans;
  for (const feed::FeedName& feed : feeds) plans.push_back({.name = feed.Topic()});
  LEARNCITY_CHECK_OK(feed::ApplyTopics(Kafka(), plans).status());
}

// The data of all events, in the order of their positions.
std::vector<std::string> ReadFeed(const rpc::Peers& city, const std::string& feed) {
  std::vector<std::string> events;
  for (;;) {
    feed::v1::ReadRequest request;
    request.set_feed(feed);
    request.set_epoch(1);
    request.set_after(static_cast<int64_t>(events.size()));
    const Reply reply = Send(city.Of(feed), request, TokenOf(RoleFor(MethodOf(request))));
    EXPECT_TRUE(reply.ok()) << reply.status.error_message();
    if (!reply.ok()) return events;
    const auto& read = reply.As<feed::v1::ReadResponse>();
    for (const auto& record : read.records()) events.push_back(record.data());
    if (read.records().empty()) return events;
  }
}

}  // namespace

// Schemas of the program's server, named by folder and service.
std::function<std::shared_ptr<ledger::Engine>(const std::string&)> EnginesOf(
    const std::filesystem::path& folder) {
  return [name = folder.filename().string()](const std::string& service) {
    return std::make_shared<ledger::PostgresEngine>(
        ledger::PostgresOptions{.connect = {.conninfo = PostgresServer::OfThisProgram().conninfo(),
                                            .schema = Concat(name, "_", service)}});
  };
}

// The folder's name, since all cities of the program have the same broker.
std::string CodeOf(const std::filesystem::path& folder) { return folder.filename(); }

std::function<std::shared_ptr<feed::Topic>(const feed::FeedName&)> Topics() {
  return [](const feed::FeedName& feed) {
    MakeTopics({feed});
    return std::make_shared<feed::KafkaTopic>(Kafka(), feed.Topic());
  };
}

std::vector<std::string> EnvironmentOf(const std::filesystem::path& folder) {
  MakeTopics(FeedsOf(folder));
  return {Concat("LEARNCITY_LEDGERS=", DatabaseOf(folder)),
          Concat("LEARNCITY_CITY=", CodeOf(folder)), Concat("LEARNCITY_KAFKA=", Kafka().brokers)};
}

void ExpectCarried(const rpc::Peers& city, const std::filesystem::path& folder) {
  for (const feed::FeedName& feed : FeedsOf(folder)) {
    SCOPED_TRACE(feed.feed);
    const auto committed = ReadFeed(city, feed.feed);
    auto reader = feed::KafkaTopic(Kafka(), feed.Topic()).OpenReader();
    LEARNCITY_CHECK_OK(reader.status());
    LEARNCITY_CHECK_OK((*reader)->Seek(0));
    const auto deadline = std::chrono::steady_clock::now() + kCarryTime;
    size_t whole = 0;
    while (whole < committed.size()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline)
          << whole << " of " << committed.size() << " events are on the topic";
      auto messages = (*reader)->Take(1000);
      if (!messages.ok()) continue;
      for (feed::Message& message : *messages) {
        const auto carried = feed::FromMessage(feed, std::move(message));
        LEARNCITY_CHECK_OK(carried.status());
        const auto position = static_cast<size_t>(carried->record.position);
        ASSERT_LE(position, whole + 1) << "a hole";
        ASSERT_LE(position, committed.size()) << "what was not committed";
        EXPECT_EQ(carried->record.data, committed[position - 1]);
        whole = std::max(whole, position);
      }
    }
  }
}

}  // namespace learncity::contract
