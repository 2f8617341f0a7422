#include "platform/testing/postgres_server.h"

#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/child_process.h"
#include "platform/testing/read_file.h"

namespace learncity {
namespace {

constexpr char kUser[] = "postgres";
constexpr std::chrono::seconds kStartTime{60};
constexpr int kLookMs = 10;

std::string Program(const std::string& name) { return Concat("/usr/lib/postgresql/15/bin/", name); }

}  // namespace

PostgresServer::PostgresServer() {
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam(kUser);
    LEARNCITY_CHECK(user != nullptr) << "install postgresql-15";
    LEARNCITY_CHECK_EQ(::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid), 0);
  }
  const auto said = LogFile(folder_ / "log");
  const int made = WaitForChild(
      StartChild({Program("initdb"), "-D", data(), "-U", kUser, "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--data-checksums", "--no-sync", "--no-instructions"},
                 {.user = kUser, .out = said.get(), .err = said.get()}));
  LEARNCITY_CHECK_EQ(made, 0) << log();
  Start();
}

PostgresServer& PostgresServer::OfThisProgram() {
  static PostgresServer server;
  return server;
}

PostgresServer::~PostgresServer() {
  if (pid_ != 0) Kill();
}

void PostgresServer::Start() {
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  while (!TryToStart(deadline)) (void)::poll(nullptr, 0, kLookMs);
}

bool PostgresServer::TryToStart(std::chrono::steady_clock::time_point deadline) {
  const auto said = LogFile(folder_ / "log");
  pid_ = StartChild({Program("postgres"), "-D", data(), "-k", folder_.path().string(), "-c",
                     "listen_addresses=", "-c", "shared_buffers=64MB", "-c", "max_connections=300"},
                    {.user = kUser, .out = said.get(), .err = said.get()});
  // The file's first line says whose it is, the last one how far that is.
  const auto is_ready = [&] {
    const std::string pid_file = ReadFile(data() + "/postmaster.pid");
    return pid_file.starts_with(Concat(pid_, "\n")) && pid_file.find("ready") != std::string::npos;
  };
  while (!is_ready()) {
    LEARNCITY_CHECK(std::chrono::steady_clock::now() < deadline) << log();
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      return false;
    }
    (void)::poll(nullptr, 0, kLookMs);
  }
  return true;
}

// The postmaster's children end by themselves when it is gone, and let go of shared memory: a new
// one starts only then, and TryToStart fails until it does.
void PostgresServer::Kill() {
  ::kill(pid_, SIGKILL);
  WaitForChild(std::exchange(pid_, 0));
}

void PostgresServer::Stop() {
  ::kill(pid_, SIGINT);
  WaitForChild(std::exchange(pid_, 0));
}

std::string PostgresServer::conninfo() const { return conninfo_of("postgres"); }

std::string PostgresServer::conninfo_of(const std::string& database) const {
  return Concat("host=", folder_.path().string(), " user=", kUser, " dbname=", database);
}

std::string PostgresServer::log() const { return ReadFile(folder_ / "log"); }

}  // namespace learncity
