// A real Kafka of a test's own: one broker in a temporary folder, on free ports of this machine.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "platform/testing/temp_folder.h"

namespace learncity {

class KafkaServer {
 public:
  // Started; aborts with what it said when it does not come up. `./run test` fetches its jars.
  KafkaServer();
  ~KafkaServer();
  // One for all tests of a program: started when first asked for, gone with the program.
  static KafkaServer& OfThisProgram();

  // "host:port".
  const std::string& brokers() const { return brokers_; }

  // kill -9.
  void Kill();
  // An orderly stop.
  void Stop();
  // Again on the same folder and ports.
  void Start();
  // The command line of one of its tools, a class and its arguments.
  std::vector<std::string> Tool(std::vector<std::string> arguments) const;
  // What it has said so far.
  std::string log() const;

 private:
  std::vector<std::string> Java(const std::string& heap, std::vector<std::string> rest) const;
  // Whether it came up; false when it ended by itself.
  bool TryToStart();
  void WriteSettings();

  const TempFolder folder_{"kafka"};
  std::string brokers_;
  pid_t pid_ = 0;
};

}  // namespace learncity
