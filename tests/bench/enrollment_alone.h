// Enrollment behind gRPC with nothing beside it, and the bare service it is compared with.
#pragma once

#include <filesystem>
#include <memory>

#include "platform/host/host.h"
#include "platform/persons/persons.h"
#include "platform/privacy/key_store.h"
#include "platform/privacy/secret_key.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/enrollment/enrollment_service.h"

namespace learncity::bench {

// Knows the token that the client sends; its caller is a clerk.
const rpc::Tokens& BenchTokens();

// Enrollment over the ledger of a folder: its host, edge and server as a city has them, no feed
// followed and none followed by others.
class EnrollmentAlone {
 public:
  // Its ledger is a file in the folder, unless an engine says otherwise; its keys are there.
  EnrollmentAlone(const std::filesystem::path& folder, ledger::WriterLimits limits,
                  std::shared_ptr<ledger::Engine> engine = nullptr);
  ~EnrollmentAlone();

  int port() const { return server_->port(); }
  ledger::WriterCounts counts() { return host_->writer().counts(); }

 private:
  const privacy::SecretKey request_key_;
  telemetry::Registry metrics_;
  std::unique_ptr<privacy::KeyStore> keys_;
  std::unique_ptr<host::Host> host_;
  std::unique_ptr<persons::Persons> persons_;
  std::unique_ptr<enrollment::EnrollmentService> service_;
  std::unique_ptr<rpc::Server> server_;
};

// Answers with the same enrollment whatever is asked, at once, from a server with the same
// settings: what gRPC itself costs for these messages.
class Echo {
 public:
  explicit Echo(enrollment::v1::Enrollment answer);
  ~Echo();

  int port() const { return server_->port(); }

 private:
  class Service;
  std::unique_ptr<Service> service_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace learncity::bench
