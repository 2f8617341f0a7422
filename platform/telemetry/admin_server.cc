#include "platform/telemetry/admin_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <list>
#include <utility>

#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/loop.h"
#include "platform/runtime/unique_fd.h"
#include "platform/telemetry/http_request.h"
#include "platform/telemetry/listener.h"

namespace learncity::telemetry {
namespace {

using SteadyClock = std::chrono::steady_clock;
using runtime::UniqueFd;

constexpr size_t kConnectionsMax = 16;
constexpr std::chrono::seconds kReadTimeout{2};
constexpr std::chrono::seconds kWriteTimeout{2};
// How long no connection is accepted after the process had no descriptor left for one.
constexpr std::chrono::milliseconds kAcceptPause{100};
// The longest sleep in poll when no deadline is nearer.
constexpr std::chrono::milliseconds kPollMax{1000};

struct Connection {
  enum class Phase {
    kReading,
    kWriting,
    // The answer is out. What the client still sends is read and dropped: closing before would
    // reset the connection and could lose the answer.
    kDraining,
  };
  UniqueFd fd;
  Phase phase = Phase::kReading;
  SteadyClock::time_point deadline;
  std::string received;
  // Not yet written bytes of the answer.
  std::string answer;
};

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

// All sockets; used by the loop's thread alone, but for Stop.
class AdminServer::Connections {
 public:
  Connections(Listener listener, UniqueFd stop_fd, const Registry* registry, Readiness readiness)
      : registry_(registry),
        readiness_(std::move(readiness)),
        stop_fd_(std::move(stop_fd)),
        listener_(std::move(listener)),
        loop_(
            "admin", [this] { return Step(); }, kPollMax) {}

  // The event stays readable, so no poll sleeps from here on.
  void Stop() {
    const uint64_t one = 1;
    LEARNCITY_CHECK_EQ(::write(stop_fd_.get(), &one, sizeof(one)), ssize_t{sizeof(one)});
    loop_.Stop();
  }

 private:
  // One round of poll; it is the poll that rests, so there is always more to do.
  bool Step();
  void Accept();
  // False: the connection is over.
  bool Advance(Connection& connection);
  bool Read(Connection& connection);
  bool Write(Connection& connection);
  bool Drain(Connection& connection);
  // False: it has nothing to say any more.
  bool TimeOut(Connection& connection);
  void Answer(Connection& connection, const HttpAnswer& answer, bool with_body);
  HttpAnswer Serve(const std::string& path) const;

  const Registry* const registry_;
  const Readiness readiness_;
  const UniqueFd stop_fd_;

  // The loop's thread only.
  Listener listener_;
  std::list<Connection> connections_;
  SteadyClock::time_point accept_after_;

  runtime::Loop loop_;
};

bool AdminServer::Connections::Step() {
  const auto before = SteadyClock::now();
  auto wake = before + kPollMax;
  if (accept_after_ > before) wake = std::min(wake, accept_after_);
  const bool accepting = connections_.size() < kConnectionsMax && before >= accept_after_;

  std::vector<pollfd> polled = {{stop_fd_.get(), POLLIN, 0},
                                {accepting ? listener_.fd.get() : -1, POLLIN, 0}};
  for (const Connection& connection : connections_) {
    const bool writing = connection.phase == Connection::Phase::kWriting;
    polled.push_back({connection.fd.get(), static_cast<short>(writing ? POLLOUT : POLLIN), 0});
    wake = std::min(wake, connection.deadline);
  }
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(wake - before);
  const int ready =
      ::poll(polled.data(), polled.size(), std::max(0, static_cast<int>(rest.count())));
  LEARNCITY_CHECK(ready >= 0 || errno == EINTR) << "poll: errno " << errno;
  if (ready < 0) return true;

  const auto now = SteadyClock::now();
  size_t index = 2;
  for (auto it = connections_.begin(); it != connections_.end(); ++index) {
    bool open = polled[index].revents == 0 || Advance(*it);
    if (open && now >= it->deadline) open = TimeOut(*it);
    it = open ? std::next(it) : connections_.erase(it);
  }
  if (polled[1].revents != 0) Accept();
  return true;
}

void AdminServer::Connections::Accept() {
  while (connections_.size() < kConnectionsMax) {
    UniqueFd fd(::accept4(listener_.fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid()) {
      // Other errors are those of a connection that is gone already: poll tells when one is there.
      const bool exhausted =
          errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
      if (exhausted) accept_after_ = SteadyClock::now() + kAcceptPause;
      return;
    }
    connections_.push_back({.fd = std::move(fd), .deadline = SteadyClock::now() + kReadTimeout});
  }
}

bool AdminServer::Connections::Advance(Connection& connection) {
  switch (connection.phase) {
    case Connection::Phase::kReading:
      return Read(connection);
    case Connection::Phase::kWriting:
      return Write(connection);
    case Connection::Phase::kDraining:
      return Drain(connection);
  }
  return false;
}

bool AdminServer::Connections::Read(Connection& connection) {
  char bytes[kRequestBytesMax];
  const ssize_t count =
      ::recv(connection.fd.get(), bytes, kRequestBytesMax - connection.received.size(), 0);
  if (count < 0) return WouldBlock();
  if (count == 0) return false;
  connection.received.append(bytes, static_cast<size_t>(count));
  const HttpReading reading = ReadHttpRequest(connection.received);
  if (reading.refusal.has_value()) {
    Answer(connection, *reading.refusal, true);
  } else if (reading.request.has_value()) {
    Answer(connection, Serve(reading.request->path), reading.request->wants_body);
  }
  return true;
}

bool AdminServer::Connections::Write(Connection& connection) {
  const ssize_t count =
      ::send(connection.fd.get(), connection.answer.data(), connection.answer.size(), MSG_NOSIGNAL);
  if (count < 0) return WouldBlock();
  connection.answer.erase(0, static_cast<size_t>(count));
  if (!connection.answer.empty()) return true;
  connection.phase = Connection::Phase::kDraining;
  return ::shutdown(connection.fd.get(), SHUT_WR) == 0;
}

bool AdminServer::Connections::Drain(Connection& connection) {
  char bytes[kRequestBytesMax];
  const ssize_t count = ::recv(connection.fd.get(), bytes, sizeof(bytes), 0);
  return count > 0 || (count < 0 && WouldBlock());
}

bool AdminServer::Connections::TimeOut(Connection& connection) {
  if (connection.phase != Connection::Phase::kReading) return false;
  if (connection.received.empty()) return false;
  constexpr std::string_view kStatus = "408 Request Timeout";
  Answer(connection, {.status = kStatus, .body = Concat(kStatus, "\n")}, true);
  return true;
}

void AdminServer::Connections::Answer(Connection& connection, const HttpAnswer& answer,
                                      bool with_body) {
  connection.answer = HttpText(answer, with_body);
  connection.phase = Connection::Phase::kWriting;
  connection.deadline = SteadyClock::now() + kWriteTimeout;
}

HttpAnswer AdminServer::Connections::Serve(const std::string& path) const {
  if (path == "/livez") return {.status = "200 OK", .body = "alive\n"};
  if (path == "/readyz") {
    const std::vector<std::string> reasons = readiness_();
    if (reasons.empty()) return {.status = "200 OK", .body = "ready\n"};
    return {.status = "503 Service Unavailable", .body = Join(reasons, "\n") + "\n"};
  }
  if (path == "/metrics") {
    return {.status = "200 OK",
            .body = registry_->Expose(),
            .content_type = "text/plain; version=0.0.4; charset=utf-8"};
  }
  return {.status = "404 Not Found", .body = "/livez /readyz /metrics\n"};
}

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(const AdminOptions& options,
                                                                const Registry* registry,
                                                                Readiness readiness) {
  absl::StatusOr<Listener> listener = Listen(options.address, options.port);
  if (!listener.ok()) return listener.status();
  UniqueFd stop_fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!stop_fd.valid()) return absl::InternalError(Concat("eventfd: errno ", errno));
  const uint16_t port = listener->port;
  auto connections = std::make_unique<Connections>(*std::move(listener), std::move(stop_fd),
                                                   registry, std::move(readiness));
  return std::unique_ptr<AdminServer>(new AdminServer(port, std::move(connections)));
}

AdminServer::AdminServer(uint16_t port, std::unique_ptr<Connections> connections)
    : port_(port), connections_(std::move(connections)) {}

AdminServer::~AdminServer() { Stop(); }

void AdminServer::Stop() {
  if (connections_ == nullptr) return;
  connections_->Stop();
  connections_.reset();
}

}  // namespace learncity::telemetry
