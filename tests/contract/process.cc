#include "tests/contract/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "platform/rpc/roles.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/testing/child_process.h"
#include "platform/testing/read_file.h"
#include "tests/contract/engines.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

constexpr std::chrono::seconds kStartTime{60};

pid_t Spawn(std::vector<std::string> arguments, const Surroundings& surroundings, int out,
            int err) {
  std::vector<std::string> environment = surroundings.environment;
  const auto folder = std::find(arguments.begin(), arguments.end(), "--folder");
  if (folder != arguments.end() && folder + 1 != arguments.end()) {
    for (std::string& one : EnvironmentOf(*(folder + 1))) environment.push_back(std::move(one));
  }
  arguments.insert(arguments.begin(), LEARNCITY_PROGRAM);
  return StartChild(std::move(arguments), {.environment = std::move(environment),
                                           .obeys_file_modes = surroundings.obeys_file_modes,
                                           .user = "",
                                           .out = out,
                                           .err = err});
}

runtime::UniqueFd NewFile(const std::filesystem::path& path) {
  runtime::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  LEARNCITY_CHECK(file.valid()) << path.string();
  return file;
}

std::filesystem::path WriteTokens(const std::filesystem::path& path) {
  std::ofstream file(path);
  file << OfficeLine();
  for (const rpc::Role& role : rpc::AllRoles()) {
    file << TokenOf(std::string(role.name)) << " " << role.name << "-1 " << role.name
         << (role.name == rpc::kLearnerRole ? Concat(" ", kNobody) : "") << "\n";
  }
  return path;
}

std::vector<std::string> ServeArguments(const std::filesystem::path& folder,
                                        const std::string& address) {
  return {"serve",     "--folder", folder.string(), "--data", LEARNCITY_SOURCE_DIR "/data",
          "--address", address,    "--admin-port",  "0"};
}

// What a process says up to and including `until`.
std::string ReadUntil(int pipe, const std::string& until) {
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  std::string text;
  while (text.find(until) == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{.fd = pipe, .events = POLLIN, .revents = 0};
    char buffer[1024];
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) break;
    const ssize_t got = ::read(pipe, buffer, sizeof buffer);
    if (got <= 0) break;
    text.append(buffer, static_cast<size_t>(got));
  }
  return text;
}

}  // namespace

std::string OfficeLine() {
  return Concat(TokenOf("office"), " office registrar,clerk,learning_promoter,statistician\n");
}

Ended Learncity(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  const auto folder = NewFolder("said");
  pid_t pid = 0;
  {
    const auto out = NewFile(folder / "out");
    const auto err = NewFile(folder / "err");
    pid = Spawn(arguments, surroundings, out.get(), err.get());
  }
  Ended ended{.exit_code = WaitForChild(pid),
              .out = ReadFile(folder / "out"),
              .err = ReadFile(folder / "err")};
  std::filesystem::remove_all(folder);
  return ended;
}

Ended TryToServe(const std::filesystem::path& folder, const Surroundings& surroundings) {
  return Learncity(ServeArguments(folder, surroundings.address), surroundings);
}

void ExpectVerified(const std::filesystem::path& folder) {
  const Ended verify = Learncity(
      {"verify", "--folder", folder.string(), "--data", LEARNCITY_SOURCE_DIR "/data", "--json"});
  EXPECT_EQ(verify.exit_code, 0) << verify.err;
  const auto found = nlohmann::json::parse(verify.out, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(found.is_object()) << verify.out;
  EXPECT_EQ(found.value("divergences", -1), 0) << verify.out;
}

Served::Served(const std::filesystem::path& folder, const Surroundings& surroundings)
    : beside_(NewFolder("beside")) {
  int ends[2] = {};
  LEARNCITY_CHECK_EQ(::pipe2(ends, O_CLOEXEC), 0);
  out_ = runtime::UniqueFd(ends[0]);
  const runtime::UniqueFd into(ends[1]);
  auto arguments = ServeArguments(folder, surroundings.address);
  arguments.insert(arguments.end(), {"--tokens", WriteTokens(beside_ / "tokens")});
  pid_ = Spawn(arguments, surroundings, into.get(), NewFile(beside_ / "err").get());
  const std::string said = ReadUntil(out_.get(), ";");
  const size_t begin = said.find(" on 127.0.0.1:");
  LEARNCITY_CHECK(begin != std::string::npos) << said << err();
  address_ = said.substr(begin + 4, said.find(';', begin) - begin - 4);
}

Served::~Served() {
  if (pid_ != 0) Kill();
  std::filesystem::remove_all(beside_);
}

std::shared_ptr<grpc::Channel> Served::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
}

int Served::Wait() {
  const int code = WaitForChild(pid_);
  pid_ = 0;
  return code;
}

void Served::Kill() {
  ::kill(pid_, SIGKILL);
  EXPECT_EQ(Wait(), 128 + SIGKILL) << err();
}

void Served::Pause() { EXPECT_EQ(::kill(pid_, SIGSTOP), 0); }

void Served::Resume() { EXPECT_EQ(::kill(pid_, SIGCONT), 0); }

int Served::Stop() {
  ::kill(pid_, SIGTERM);
  return Wait();
}

bool Served::is_running() const {
  siginfo_t about{};
  return pid_ != 0 &&
         ::waitid(P_PID, static_cast<id_t>(pid_), &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         about.si_pid == 0;
}

std::string Served::err() const { return ReadFile(beside_ / "err"); }

}  // namespace learncity::contract
