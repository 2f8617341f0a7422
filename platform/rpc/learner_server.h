// For tests: a server of enrollment's learners with rules of a few lines, over a real ledger in a
// folder of its own, and a client.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "grpcpp/grpcpp.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "platform/ledger/reader.h"
#include "platform/ledger/schema.h"
#include "platform/ledger/sqlite_ledger.h"
#include "platform/ledger/writer.h"
#include "platform/rpc/server.h"
#include "platform/rpc/surface.h"
#include "platform/runtime/loop.h"
#include "platform/telemetry/metrics.h"
#include "platform/testing/temp_folder.h"

namespace learncity::rpc {

constexpr char kClerkToken[] = "clerk-token-0123456789";
constexpr char kAuditorToken[] = "auditor-token-0123456789";
// A clerk of one center, who holds what Hold says.
constexpr char kCenterToken[] = "center-token-0123456789";

// Seals by writing backwards; refuses a person called "Nobody" before sealing, and warns of a
// person without a name. Everybody is enrolled who does not ask to wait.
class LearnerService final : public enrollment::v1::EnrollmentService::CallbackService {
 public:
  explicit LearnerService(const Surface& surface) : surface_(surface) {}

  grpc::ServerUnaryReactor* RegisterLearner(grpc::CallbackServerContext* context,
                                            const enrollment::v1::RegisterLearnerRequest* request,
                                            enrollment::v1::Learner* response) override;
  grpc::ServerUnaryReactor* GetLearner(grpc::CallbackServerContext* context,
                                       const enrollment::v1::GetLearnerRequest* request,
                                       enrollment::v1::Learner* response) override;
  grpc::ServerUnaryReactor* ListLearners(grpc::CallbackServerContext* context,
                                         const enrollment::v1::ListLearnersRequest* request,
                                         enrollment::v1::ListLearnersResponse* response) override;
  grpc::ServerUnaryReactor* EnrollLearner(grpc::CallbackServerContext* context,
                                          const enrollment::v1::EnrollLearnerRequest* request,
                                          enrollment::v1::Enrollment* response) override;
  grpc::ServerBidiReactor<enrollment::v1::ImportEnrollmentsRequest,
                          enrollment::v1::ImportEnrollmentsResponse>*
  ImportEnrollments(grpc::CallbackServerContext* context) override;

 private:
  const Surface& surface_;
};

// One thread, the test's.
class LearnerServer {
 public:
  // Without a running writer, writes wait until StartWriter.
  explicit LearnerServer(ledger::WriterLimits limits = {}, bool run_writer = true);
  ~LearnerServer();

  void StartWriter();
  // Ends the streams, then stops as Server::Stop.
  void Stop();
  // Puts a resource within every scope. Only while no call is under way.
  void Hold(const std::string& resource) { held_.insert(resource); }
  ledger::Writer& writer() { return *writer_; }
  Server& server() { return *server_; }
  telemetry::Registry& metrics() { return metrics_; }
  enrollment::v1::EnrollmentService::Stub& stub() { return *stub_; }

  // A context that calls with a token and gives up after ten seconds; no token when empty.
  static std::unique_ptr<grpc::ClientContext> Context(const std::string& token = kClerkToken);
  // Registers a learner with a new request_id.
  enrollment::v1::Learner Register(const std::string& full_name);

 private:
  const TempFolder folder_{"rpc_test"};
  ledger::SqliteEngine engine_{folder_ / "enrollment.ledger"};
  ledger::Schema schema_{"enrollment"};
  ledger::Rules rules_;
  Tokens tokens_;
  telemetry::Registry metrics_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Writer> writer_;
  std::unique_ptr<ledger::Readers> readers_;
  std::atomic<bool> writing_{false};
  std::set<std::string> held_;
  std::unique_ptr<runtime::Loop> loop_;
  std::unique_ptr<Surface> surface_;
  std::unique_ptr<LearnerService> service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<enrollment::v1::EnrollmentService::Stub> stub_;
};

// A new request of RegisterLearner.
enrollment::v1::RegisterLearnerRequest NewLearner(const std::string& full_name);

}  // namespace learncity::rpc
