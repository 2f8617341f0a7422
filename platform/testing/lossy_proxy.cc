#include "platform/testing/lossy_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>

#include "platform/runtime/check.h"

namespace learncity {
namespace {

constexpr int kLookMs = 50;

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  LEARNCITY_CHECK_LT(path.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

runtime::UniqueFd NewSocket() {
  runtime::UniqueFd made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  LEARNCITY_CHECK(made.valid());
  return made;
}

}  // namespace

LossyProxy::LossyProxy(const std::string& path, std::string server)
    : server_(std::move(server)),
      listening_([&] {
        runtime::UniqueFd made = NewSocket();
        const sockaddr_un address = AddressOf(path);
        LEARNCITY_CHECK_EQ(
            ::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
            << path;
        LEARNCITY_CHECK_EQ(::listen(made.get(), 8), 0);
        return made;
      }()),
      loop_(
          "lossy-proxy", [this] { return Step(); }, std::chrono::milliseconds(1)) {}

LossyProxy::~LossyProxy() { loop_.Stop(); }

void LossyProxy::Accept() {
  client_ = runtime::UniqueFd(::accept(listening_.get(), nullptr, nullptr));
  upstream_ = NewSocket();
  const sockaddr_un address = AddressOf(server_);
  if (::connect(upstream_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0) {
    client_ = {};
  }
}

bool LossyProxy::Carry(int from, int to) {
  std::array<char, 65536> bytes;
  const ssize_t got = ::recv(from, bytes.data(), bytes.size(), 0);
  return got > 0 && ::send(to, bytes.data(), static_cast<size_t>(got), MSG_NOSIGNAL) == got;
}

bool LossyProxy::Step() {
  if (!client_.valid()) {
    pollfd coming{.fd = listening_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&coming, 1, kLookMs) == 1) Accept();
    return true;
  }
  std::array<pollfd, 2> sides{pollfd{.fd = client_.get(), .events = POLLIN, .revents = 0},
                              pollfd{.fd = upstream_.get(), .events = POLLIN, .revents = 0}};
  if (::poll(sides.data(), sides.size(), kLookMs) <= 0) return true;
  bool goes_on = true;
  if (sides[0].revents != 0) goes_on = Carry(client_.get(), upstream_.get());
  if (goes_on && sides[1].revents != 0) {
    // The server has done what it was asked once it answers.
    if (loses_.exchange(false)) {
      ++lost_;
      goes_on = false;
    } else {
      goes_on = Carry(upstream_.get(), client_.get());
    }
  }
  if (!goes_on) {
    client_ = {};
    upstream_ = {};
  }
  return true;
}

}  // namespace learncity
