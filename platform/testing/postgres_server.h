// A real PostgreSQL of a test's own, in a temporary folder and on a socket there, without a port.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "platform/testing/temp_folder.h"

namespace learncity {

class PostgresServer {
 public:
  // Made and started; aborts with what it said when it does not come up. Runs as the user postgres
  // where the test runs as root, since PostgreSQL refuses root.
  PostgresServer();
  ~PostgresServer();
  // One for all tests of a program: started when first asked for, gone with the program.
  static PostgresServer& OfThisProgram();

  // As libpq takes it; the superuser's.
  std::string conninfo() const;
  // Its socket.
  std::string socket() const { return folder_ / ".s.PGSQL.5432"; }
  std::string conninfo_of(const std::string& database) const;

  // kill -9 of all of it, as a crash of the machine would.
  void Kill();
  // An orderly stop that breaks off what runs.
  void Stop();
  // Again on the same folder.
  void Start();
  pid_t pid() const { return pid_; }
  // What it has said so far.
  std::string log() const;

 private:
  // Whether it came up; not so while processes of one that was killed have its shared memory.
  bool TryToStart(std::chrono::steady_clock::time_point deadline);
  std::string data() const { return folder_ / "data"; }

  const TempFolder folder_{"postgres"};
  pid_t pid_ = 0;
};

}  // namespace learncity
