// A program that a test starts, and ends by its id. It dies with the thread that started it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "platform/runtime/unique_fd.h"

namespace learncity {

struct ChildOptions {
  // "NAME=value", added to the test's own environment.
  std::vector<std::string> environment;
  // Takes away root's right to write where the file's mode forbids it.
  bool obeys_file_modes = false;
  // Not empty, and the test runs as root: the user it runs as.
  std::string user;
  // Open files that become its output; -1 is the test's own.
  int out = -1;
  int err = -1;
};

// The first argument is the program's path.
pid_t StartChild(std::vector<std::string> arguments, const ChildOptions& options);

// Waits for its end: its exit code, 128 + signal when a signal ended it. Kills what has not ended
// within a minute.
int WaitForChild(pid_t pid);

// Runs a program to its end and gives what it said; aborts with that unless it ended well. `user`
// as in ChildOptions.
std::string SaidBy(std::vector<std::string> arguments, const std::string& user = "");

// A file to which the output of children is appended.
runtime::UniqueFd LogFile(const std::string& path);

}  // namespace learncity
