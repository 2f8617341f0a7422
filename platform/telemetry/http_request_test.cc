#include "platform/telemetry/http_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace learncity::telemetry {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string_view Refusal(std::string_view received) {
  const HttpReading reading = ReadHttpRequest(received);
  return reading.refusal.has_value() ? reading.refusal->status : "none";
}

TEST(ReadHttpRequest, WaitsForEveryByteOfTheRequest) {
  const std::string_view whole = "GET /readyz?full=1 HTTP/1.1\r\nHost: a\r\n\r\n";
  for (size_t size = 0; size < whole.size(); ++size) {
    const HttpReading reading = ReadHttpRequest(whole.substr(0, size));
    EXPECT_FALSE(reading.request.has_value() || reading.refusal.has_value()) << size;
  }
  const HttpReading reading = ReadHttpRequest(whole);
  ASSERT_TRUE(reading.request.has_value());
  EXPECT_EQ(reading.request->path, "/readyz");
  EXPECT_TRUE(reading.request->wants_body);
}

TEST(ReadHttpRequest, RefusesWhatItDoesNotServe) {
  EXPECT_EQ(Refusal("POST /livez HTTP/1.1\r\n\r\n"), "405 Method Not Allowed");
  EXPECT_EQ(Refusal("GET /livez HTTP/2.0\r\n\r\n"), "505 HTTP Version Not Supported");
  EXPECT_EQ(Refusal("GET livez HTTP/1.1\r\n\r\n"), "400 Bad Request");
  EXPECT_EQ(Refusal("GET\r\n\r\n"), "400 Bad Request");
  EXPECT_EQ(Refusal("\r\n\r\n"), "400 Bad Request");
  EXPECT_EQ(Refusal(std::string_view("\0\xff\r\n\r\n", 6)), "400 Bad Request");
}

TEST(ReadHttpRequest, RefusesARequestAboveItsLimit) {
  const std::string start = "GET /livez HTTP/1.1\r\nX: ";
  const std::string fits = start + std::string(kRequestBytesMax - start.size() - 4, 'x');
  EXPECT_EQ(Refusal(fits + "\r\n\r\n"), "none");
  EXPECT_EQ(Refusal(fits + "x\r\n\r\n"), "431 Request Header Fields Too Large");
  EXPECT_EQ(Refusal(std::string(kRequestBytesMax, 'x')), "431 Request Header Fields Too Large");
}

TEST(HttpText, KeepsTheLengthButNotTheBodyForHead) {
  const std::string text = HttpText({.status = "200 OK", .body = "alive\n"}, false);
  EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 6\r\n"));
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace learncity::telemetry
