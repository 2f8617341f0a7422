#include "platform/runtime/quantity.h"

#include <gtest/gtest.h>

namespace learncity::runtime {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, TakesANumberWithItsUnit) {
  EXPECT_EQ(ParseDuration("250ms"), 250ms);
  EXPECT_EQ(ParseDuration("5m"), 5min);
  EXPECT_EQ(ParseDuration("7d"), 168h);
  EXPECT_EQ(ParseDuration("0s"), 0ms);
}

TEST(ParseDuration, RefusesWhatCouldMeanTwoThings) {
  for (const char* text : {"", "5", "ms", "-5s", "+5s", "1.5s", " 5s", "5 s", "5S", "5s ", "1h30m",
                           "9999999999999d", "99999999999999999999ms"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(ParseBytes, TakesBinaryUnitsOnly) {
  EXPECT_EQ(ParseBytes("4MiB"), 4 << 20);
  EXPECT_EQ(ParseBytes("512B"), 512);
  for (const char* text : {"4MB", "4M", "4", "4mib", "8388608TiB"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
}

TEST(ParseInt, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(ParseInt("-12"), -12);
  EXPECT_EQ(ParseInt("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "9223372036854775808", "1x", "0x10", " 1", "1e3", "+1"}) {
    EXPECT_EQ(ParseInt(text), std::nullopt) << text;
  }
}

TEST(FormatQuantity, ReadsBackToTheSame) {
  for (const auto duration : {0ms, 1ms, 1500ms, 90'000ms, 3'600'000ms, 604'800'000ms}) {
    EXPECT_EQ(ParseDuration(FormatDuration(duration)), duration);
  }
  EXPECT_EQ(FormatDuration(168h), "7d");
  EXPECT_EQ(FormatBytes(4 << 20), "4MiB");
  EXPECT_EQ(FormatBytes(1025), "1025B");
}

}  // namespace
}  // namespace learncity::runtime
