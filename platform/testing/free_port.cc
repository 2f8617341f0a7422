#include "platform/testing/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "platform/runtime/check.h"
#include "platform/runtime/unique_fd.h"

namespace learncity {

int FreePort() {
  const runtime::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  LEARNCITY_CHECK_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  LEARNCITY_CHECK_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

}  // namespace learncity
