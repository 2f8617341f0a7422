// A whole city for a test: every service in one process, on real files in a folder of its own,
// behind a real gRPC server on a free port.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "platform/testing/temp_folder.h"
#include "services/learncity/city.h"
#include "services/learncity/server.h"
#include "tests/contract/call.h"

namespace learncity::contract {

// Reads eight in the morning of a day, city time, at first, and goes on as the machine's clock
// does. From any thread.
class TestClock {
 public:
  explicit TestClock(const std::string& day) { SetTo(day); }
  // "2026-10-15". Only while no call is under way, since a call's time runs by this clock too.
  void SetTo(const std::string& day);
  Time Now() const { return SystemNow() + std::chrono::microseconds(ahead_us_); }

 private:
  std::atomic<int64_t> ahead_us_{0};
};

// The token of a caller who has this one role in the whole city; callers 1 and 2 of a role are two
// people. A learner has kNobody for a scope.
std::string TokenOf(const std::string& role, int caller = 1);
// A learner whom nobody has registered.
inline constexpr char kNobody[] = "learners/0198c0de-0000-7000-8000-00000000abcd";
// The first role that holds the method's permission.
std::string RoleFor(const google::protobuf::MethodDescriptor& method);

struct TestCityOptions {
  std::string today = "2026-10-15";
  ledger::WriterLimits limits;
};

// Made, restarted and destroyed by one thread; Call and NewChannel from any.
class TestCity {
 public:
  explicit TestCity(TestCityOptions options = {});
  // Removes the folder.
  ~TestCity();

  // Ends server and city; the folder stays. Start opens it again, under the same key.
  void Stop();
  void Start();

  // A connection of its own to the server's port.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  // Calls with a role that may, or with the token given.
  Reply Call(const google::protobuf::Message& request) const;
  Reply Call(const google::protobuf::Message& request, const std::string& token) const;

  // The token of a caller who has this one role in one scope, made on first use: only while no call
  // is under way.
  std::string ScopedToken(const std::string& role, const std::string& scope);

  // Returns once every follower has applied everything that was committed, what Call has erased is
  // confirmed, and no recount runs.
  void Settle();
  // Waits until what was erased is confirmed; fails the test after kCallTime.
  void AwaitErasures();
  // Waits until a host knows what is committed; fails the test after kCallTime.
  void AwaitTold(host::Host& host);
  // Waits until no recount runs; fails the test after kCallTime.
  void AwaitRecount();
  // Waits until a follower has applied a position; fails the test after kCallTime.
  void Await(const std::string& follower, const std::string& feed, int64_t position);
  // Where every ledger stands, seals included, once settled: equal bytes say that nothing was
  // written in between.
  std::string Heads();
  int64_t Position(const std::string& feed);
  // What GET answers on the admin port, head and body.
  std::string Http(const std::string& path) const;

  City& city() { return *city_; }
  TestClock& clock() { return clock_; }
  const reporting::Foundations& foundations() const { return foundations_; }
  const std::filesystem::path& folder() const { return folder_; }
  int port() const { return server_->port(); }

 private:
  const TestCityOptions options_;
  const std::filesystem::path folder_;
  TestClock clock_;
  const privacy::MasterKey master_key_;
  const reporting::Foundations foundations_;
  rpc::Tokens tokens_;
  std::unique_ptr<City> city_;
  std::unique_ptr<CityServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace learncity::contract
