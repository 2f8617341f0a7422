#include "platform/telemetry/http_request.h"

#include <algorithm>

#include "platform/runtime/concat.h"

namespace learncity::telemetry {
namespace {

HttpReading Refuse(std::string_view status) {
  return {.refusal = HttpAnswer{.status = status, .body = Concat(status, "\n")}};
}

// The text before the first blank, which is cut off `line` together with it.
std::string_view TakeWord(std::string_view* line) {
  const std::string_view word = line->substr(0, line->find(' '));
  line->remove_prefix(std::min(word.size() + 1, line->size()));
  return word;
}

}  // namespace

HttpReading ReadHttpRequest(std::string_view received) {
  const size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos ? received.size() >= kRequestBytesMax
                                    : end + 4 > kRequestBytesMax) {
    return Refuse("431 Request Header Fields Too Large");
  }
  if (end == std::string_view::npos) return {};

  std::string_view line = received.substr(0, received.find("\r\n"));
  const std::string_view method = TakeWord(&line);
  const std::string_view target = TakeWord(&line);
  if (method.empty() || !target.starts_with('/')) return Refuse("400 Bad Request");
  if (line != "HTTP/1.1" && line != "HTTP/1.0") return Refuse("505 HTTP Version Not Supported");
  if (method != "GET" && method != "HEAD") return Refuse("405 Method Not Allowed");
  return {.request = HttpRequest{.wants_body = method == "GET",
                                 .path = std::string(target.substr(0, target.find('?')))}};
}

std::string HttpText(const HttpAnswer& answer, bool with_body) {
  return Concat("HTTP/1.1 ", answer.status, "\r\nContent-Type: ", answer.content_type,
                "\r\nContent-Length: ", answer.body.size(),
                answer.status.starts_with("405") ? "\r\nAllow: GET, HEAD" : "",
                "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
                with_body ? std::string_view(answer.body) : std::string_view());
}

}  // namespace learncity::telemetry
