#include "platform/telemetry/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "platform/runtime/concat.h"

namespace learncity::telemetry {
namespace {

absl::Status SystemError(const std::string& what, int error) {
  const std::string text = Concat(what, ": ", std::strerror(error));
  switch (error) {
    case EADDRINUSE:
      return absl::UnavailableError(text);
    case EADDRNOTAVAIL:
      return absl::InvalidArgumentError(text);
    case EACCES:
      return absl::PermissionDeniedError(text);
    default:
      return absl::InternalError(text);
  }
}

}  // namespace

absl::StatusOr<Listener> Listen(const std::string& address, uint16_t port) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string name = Concat(address, " port ", port);
  if (::getaddrinfo(address.c_str(), Concat(port).c_str(), &hints, &found) != 0) {
    return absl::InvalidArgumentError(Concat(name, ": is no numeric address"));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> place(found, ::freeaddrinfo);

  Listener listener;
  listener.fd = runtime::UniqueFd(
      ::socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int reuse = 1;
  sockaddr_storage bound = {};
  socklen_t bound_bytes = sizeof(bound);
  if (!listener.fd.valid() ||
      ::setsockopt(listener.fd.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse)) != 0 ||
      ::bind(listener.fd.get(), place->ai_addr, place->ai_addrlen) != 0 ||
      ::listen(listener.fd.get(), kListenQueueMax) != 0 ||
      ::getsockname(listener.fd.get(), reinterpret_cast<sockaddr*>(&bound), &bound_bytes) != 0) {
    return SystemError(name, errno);
  }
  listener.port =
      ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                        : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
  return listener;
}

}  // namespace learncity::telemetry
