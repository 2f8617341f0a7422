#include "platform/testing/kafka_server.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/child_process.h"
#include "platform/testing/free_port.h"
#include "platform/testing/read_file.h"

namespace learncity {
namespace {

constexpr char kLibraries[] = LEARNCITY_SOURCE_DIR "/build/tools/kafka/libs";
// As of the cluster that ./run up starts.
constexpr char kSettings[] = LEARNCITY_SOURCE_DIR "/deploy/local/kafka.properties";
constexpr char kLogSettings[] = LEARNCITY_SOURCE_DIR "/deploy/local/kafka-log.yaml";
constexpr char kJava[] = "/usr/bin/java";
// 16 bytes in base64; every one of these clusters is alone.
constexpr char kClusterId[] = "bGVhcm5jaXR5LXRlc3RzMA";
constexpr std::chrono::seconds kStartTime{90};
constexpr int kStartTries = 3;
constexpr int kLookMs = 20;

}  // namespace

KafkaServer::KafkaServer() {
  LEARNCITY_CHECK(std::filesystem::exists(kLibraries))
      << "no Kafka in " << kLibraries << "; ./run test fetches it";
  for (int tries = 0; pid_ == 0; ++tries) {
    LEARNCITY_CHECK(tries < kStartTries) << log();
    WriteSettings();
    TryToStart();
  }
}

KafkaServer& KafkaServer::OfThisProgram() {
  static KafkaServer server;
  return server;
}

KafkaServer::~KafkaServer() {
  if (pid_ != 0) Kill();
}

void KafkaServer::WriteSettings() {
  const int port = FreePort();
  const int controller = FreePort();
  brokers_ = Concat("127.0.0.1:", port);
  std::filesystem::remove_all(folder_ / "data");
  std::ofstream(folder_ / "server.properties")
      << ReadFile(kSettings) << "controller.quorum.voters=1@127.0.0.1:" << controller << "\n"
      << "listeners=PLAINTEXT://" << brokers_ << ",CONTROLLER://127.0.0.1:" << controller << "\n"
      << "advertised.listeners=PLAINTEXT://" << brokers_ << "\n"
      << "log.dirs=" << (folder_ / "data") << "\nlog.segment.delete.delay.ms=1000\n";
}

std::vector<std::string> KafkaServer::Java(const std::string& heap,
                                           std::vector<std::string> rest) const {
  std::vector<std::string> all = {kJava,
                                  heap,
                                  "-XX:+UseSerialGC",
                                  Concat("-Dlog4j2.configurationFile=file:", kLogSettings),
                                  Concat("-Dkafka.logs.dir=", folder_.path().string()),
                                  "-cp",
                                  Concat(kLibraries, "/*")};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

std::vector<std::string> KafkaServer::Tool(std::vector<std::string> arguments) const {
  return Java("-Xmx256m", std::move(arguments));
}

bool KafkaServer::TryToStart() {
  const auto said = LogFile(folder_ / "log");
  const auto java = [&](const std::string& heap, std::vector<std::string> rest) {
    return StartChild(Java(heap, std::move(rest)), {.out = said.get(), .err = said.get()});
  };
  const std::string settings = folder_ / "server.properties";
  if (!std::filesystem::exists(folder_ / "data")) {
    const int made = WaitForChild(
        java("-Xmx128m", {"kafka.tools.StorageTool", "format", "-t", kClusterId, "-c", settings}));
    LEARNCITY_CHECK_EQ(made, 0) << log();
  }
  const size_t before = log().size();
  pid_ = java("-Xmx384m", {"kafka.Kafka", settings});
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  while (log().find("Kafka Server started", before) == std::string::npos) {
    LEARNCITY_CHECK(std::chrono::steady_clock::now() < deadline) << log();
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid != 0) {
      WaitForChild(std::exchange(pid_, 0));
      return false;
    }
    (void)::poll(nullptr, 0, kLookMs);
  }
  return true;
}

void KafkaServer::Start() { LEARNCITY_CHECK(TryToStart()) << log(); }

void KafkaServer::Kill() {
  ::kill(pid_, SIGKILL);
  WaitForChild(std::exchange(pid_, 0));
}

void KafkaServer::Stop() {
  ::kill(pid_, SIGTERM);
  WaitForChild(std::exchange(pid_, 0));
}

std::string KafkaServer::log() const { return ReadFile(folder_ / "log"); }

}  // namespace learncity
