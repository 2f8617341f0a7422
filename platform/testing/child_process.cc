#include "platform/testing/child_process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "platform/runtime/check.h"
#include "platform/testing/read_file.h"
#include "platform/testing/temp_folder.h"

namespace learncity {
namespace {

constexpr int kEndTimeMs = 60'000;

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

// Only what is safe between fork and exec happens in the child, since this process has threads.
pid_t StartChild(std::vector<std::string> arguments, const ChildOptions& options) {
  // First, since of a name that is there twice the first counts.
  std::vector<std::string> environment = options.environment;
  for (char** one = environ; *one != nullptr; ++one) environment.emplace_back(*one);
  const auto argv = Pointers(arguments);
  const auto envp = Pointers(environment);
  const passwd* user = nullptr;
  if (!options.user.empty() && ::geteuid() == 0) {
    user = ::getpwnam(options.user.c_str());
    LEARNCITY_CHECK(user != nullptr) << "there is no user " << options.user;
  }
  const pid_t pid = ::fork();
  LEARNCITY_CHECK(pid >= 0);
  if (pid > 0) return pid;
  if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                          ::setuid(user->pw_uid) != 0)) {
    ::_exit(126);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (options.obeys_file_modes) ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
  if (options.out >= 0) ::dup2(options.out, STDOUT_FILENO);
  if (options.err >= 0) ::dup2(options.err, STDERR_FILENO);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

int WaitForChild(pid_t pid) {
  const runtime::UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ending{.fd = process.get(), .events = POLLIN, .revents = 0};
  if (::poll(&ending, 1, kEndTimeMs) != 1) ::kill(pid, SIGKILL);
  int status = 0;
  LEARNCITY_CHECK_EQ(::waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string SaidBy(std::vector<std::string> arguments, const std::string& user) {
  const TempFolder folder("said");
  const std::string path = folder / "said";
  const std::string program = arguments.front();
  const auto said = LogFile(path);
  const int ended = WaitForChild(
      StartChild(std::move(arguments), {.user = user, .out = said.get(), .err = said.get()}));
  std::string text = ReadFile(path);
  LEARNCITY_CHECK_EQ(ended, 0) << program << ": " << text;
  return text;
}

runtime::UniqueFd LogFile(const std::string& path) {
  return runtime::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

}  // namespace learncity
