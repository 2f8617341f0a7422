// Two hosts of one service on one PostgreSQL.
#include <chrono>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/host/host.h"
#include "platform/ledger/test_jars.h"
#include "platform/ledger/test_postgres.h"
#include "platform/runtime/check.h"

namespace learncity::host {
namespace {

using ledger::JarKnobs;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kSoon{20};

class HostReplicas : public testing::Test {
 protected:
  HostReplicas() {
    one.OnMissed([this] { return TellOne(); });
  }

  std::unique_ptr<Host> NewHost() {
    auto opened = Host::Open(schema, ledger::JarRules(knobs),
                             {.engine = std::make_shared<ledger::PostgresEngine>(options),
                              .limits = {},
                              .clock = SystemNow});
    LEARNCITY_CHECK_OK(opened.status());
    return std::move(*opened);
  }
  static std::string Ask(Host& host, const google::protobuf::Message& request) {
    std::string word = "not answered";
    ledger::RequestInput input{.method = "/jars/ask",
                               .caller = "lan",
                               .request_id = RandomId(SystemNow()),
                               .request_hash = std::string(32, 'h'),
                               .request = std::unique_ptr<google::protobuf::Message>(request.New()),
                               .moment = {.now = SystemNow(), .seed = "seed"},
                               .deadline = std::nullopt,
                               .done = [&](const ledger::Answer& answer) {
                                 word = answer.ok() ? "ok" : answer.fault.ToString();
                               }};
    input.request->CopyFrom(request);
    EXPECT_TRUE(host.writer().Submit(std::move(input)).ok());
    while (host.Step()) {
    }
    return word;
  }
  absl::Status TellOne() {
    if (++told == 1) return absl::UnavailableError("not yet");
    return absl::OkStatus();
  }
  // Steps the first host alone until it was told so often.
  void AwaitTold(int times) {
    const auto deadline = steady_clock::now() + kSoon;
    while (told < times && steady_clock::now() < deadline) one.Step();
  }

  const ledger::PostgresOptions options = ledger::NewPostgresOptions();
  const ledger::Schema schema = ledger::JarSchema();
  const JarKnobs knobs;
  const std::unique_ptr<Host> first = NewHost(), second = NewHost();
  Host& one = *first;
  Host& other = *second;
  int told = 0;
};

TEST_F(HostReplicas, AreToldOfTurnsThatTheyHaveNotTaken) {
  ASSERT_EQ(Ask(one, ledger::Open("a", 5)), "ok");
  EXPECT_EQ(told, 0);
  ASSERT_EQ(Ask(other, ledger::Fill("a", 1)), "ok");
  // The first time it could not take it in, and so it is told again.
  AwaitTold(2);
  EXPECT_EQ(told, 2);
  EXPECT_EQ(one.head().turn, 2);
  EXPECT_EQ(one.head().seal, other.head().seal);
}

TEST_F(HostReplicas, AreToldByTheirOwnNextTurnToo) {
  told = 1;
  ASSERT_EQ(Ask(other, ledger::Open("a", 5)), "ok");
  ASSERT_EQ(Ask(one, ledger::Fill("a", 1)), "ok");
  EXPECT_EQ(told, 2);
  EXPECT_EQ(one.head().turn, 2);
}

}  // namespace
}  // namespace learncity::host
