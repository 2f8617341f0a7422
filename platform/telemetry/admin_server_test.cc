#include "platform/telemetry/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <list>

#include "platform/runtime/mutex.h"
#include "platform/runtime/unique_fd.h"

namespace learncity::telemetry {
namespace {

using runtime::UniqueFd;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// A connection to the server; every receive gives up after 20 seconds.
class Client {
 public:
  explicit Client(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience = {.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }

  bool connected() const { return connected_; }

  void Send(std::string_view text) {
    EXPECT_EQ(::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // Everything until the server closes.
  std::string ReceiveAll() {
    std::string all;
    char bytes[4096];
    ssize_t count;
    while ((count = ::recv(fd_.get(), bytes, sizeof(bytes), 0)) > 0) {
      all.append(bytes, static_cast<size_t>(count));
    }
    EXPECT_EQ(count, 0) << "the server did not close in order; had " << all;
    return all;
  }

 private:
  UniqueFd fd_;
  bool connected_ = false;
};

class AdminServerTest : public testing::Test {
 protected:
  AdminServerTest() {
    absl::StatusOr<std::unique_ptr<AdminServer>> server =
        AdminServer::Start({}, &registry_, [this] {
          MutexLock lock(&mutex_);
          return reasons_;
        });
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::string Ask(std::string_view request_line) {
    Client client(server_->port());
    client.Send(std::string(request_line) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client.ReceiveAll();
  }

  void SetReasons(std::vector<std::string> reasons) {
    MutexLock lock(&mutex_);
    reasons_ = std::move(reasons);
  }

  Registry registry_;
  Mutex mutex_;
  std::vector<std::string> reasons_ LEARNCITY_GUARDED_BY(mutex_);
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, IsReadyOnceThereIsNoReasonAgainstIt) {
  SetReasons({"registry: 120 events behind", "ledger: behind its topic"});
  const std::string not_ready = Ask("GET /readyz");
  EXPECT_THAT(not_ready, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(not_ready,
              EndsWith("\r\n\r\nregistry: 120 events behind\nledger: behind its topic\n"));
  EXPECT_THAT(Ask("GET /livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
  SetReasons({});
  EXPECT_THAT(Ask("GET /readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(AdminServerTest, ServesMetricsToPrometheus) {
  registry_.AddGauge({.name = "learncity_queue_inputs", .help = "Inputs that wait."}).Set(3);
  const std::string answer = Ask("GET /metrics");
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(answer, EndsWith("\nlearncity_queue_inputs 3\n"));
  const std::string head = Ask("HEAD /metrics");
  EXPECT_THAT(answer, StartsWith(head));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST_F(AdminServerTest, ServesAnAnswerLargerThanASocketBuffer) {
  std::vector<std::string> reasons(20, std::string(1 << 20, 'r'));
  SetReasons(std::move(reasons));
  EXPECT_GT(Ask("GET /readyz").size(), size_t{20} << 20);
}

TEST_F(AdminServerTest, RefusesOtherPathsAndMethods) {
  EXPECT_THAT(Ask("GET /"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(Ask("GET /../etc/passwd"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(Ask("DELETE /metrics"), HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

TEST_F(AdminServerTest, AnswersARequestThatComesInPieces) {
  Client client(server_->port());
  for (const char c : std::string_view("GET /livez HTTP/1.0\r\n\r\n")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_THAT(client.ReceiveAll(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(AdminServerTest, TellsWhoSendsTooMuchWithoutLosingTheAnswer) {
  Client client(server_->port());
  client.Send(std::string(64 * 1024, 'x'));
  EXPECT_THAT(client.ReceiveAll(), StartsWith("HTTP/1.1 431 "));
}

TEST_F(AdminServerTest, OutlivesClientsThatSendSlowlyOrNothing) {
  std::list<Client> slow;
  for (int i = 0; i < 8; ++i) slow.emplace_back(server_->port()).Send("GET /livez HT");
  for (int i = 0; i < 8; ++i) slow.emplace_back(server_->port());
  // All 16 connections are taken: this one waits until they have run into their time-out.
  EXPECT_THAT(Ask("GET /livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
  for (int i = 0; i < 8; ++i) {
    EXPECT_THAT(slow.front().ReceiveAll(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
    slow.pop_front();
  }
  for (Client& client : slow) EXPECT_THAT(client.ReceiveAll(), IsEmpty());
}

TEST_F(AdminServerTest, ClosesItsPortWhenItStops) {
  Client open(server_->port());
  const uint16_t port = server_->port();
  EXPECT_THAT(Ask("GET /livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
  server_->Stop();
  EXPECT_THAT(open.ReceiveAll(), IsEmpty());
  EXPECT_FALSE(Client(port).connected());
  server_->Stop();
}

TEST_F(AdminServerTest, SaysWhyItCannotListen) {
  const auto start = [this](const AdminOptions& options) {
    return AdminServer::Start(options, &registry_, [] { return std::vector<std::string>(); })
        .status()
        .code();
  };
  EXPECT_EQ(start({.port = server_->port()}), absl::StatusCode::kUnavailable);
  EXPECT_EQ(start({.address = "hanoi.example"}), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace learncity::telemetry
