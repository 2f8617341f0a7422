// The little of HTTP/1.1 that probes and Prometheus speak, without sockets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace learncity::telemetry {

// Request line and headers together.
constexpr size_t kRequestBytesMax = 8 * 1024;

struct HttpAnswer {
  // "200 OK"
  std::string_view status;
  std::string body;
  std::string_view content_type = "text/plain; charset=utf-8";
};

struct HttpRequest {
  // False: HEAD, which gets the headers of GET alone.
  bool wants_body = true;
  // Without query.
  std::string path;
};

// What the bytes received so far amount to. Neither is set: read on. `refusal` says why it is no
// request that is served: malformed, too long, another method or version.
struct HttpReading {
  std::optional<HttpRequest> request;
  std::optional<HttpAnswer> refusal;
};
HttpReading ReadHttpRequest(std::string_view received);

// The bytes of the answer; says that the connection closes.
std::string HttpText(const HttpAnswer& answer, bool with_body);

}  // namespace learncity::telemetry
