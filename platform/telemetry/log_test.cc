#include "platform/telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "absl/strings/string_view.h"
#include "platform/runtime/loop.h"

namespace learncity::telemetry {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::chrono::seconds kPatience{20};

TEST(Log, WritesOneObjectWithTypedFieldsInTheirOrder) {
  CapturedLog log;
  const std::string center = "0196-center";
  Log(Level::kWarning, "follower_fell_behind",
      {{"feed", "registry"},
       {"center", center},
       {"reason", absl::string_view("gap")},
       {"events", uint64_t{18446744073709551615u}},
       {"offset", -3},
       {"lag_seconds", 2.5},
       {"paused", false}});
  ASSERT_THAT(log.lines(), SizeIs(1));
  const std::string time = json::parse(log.lines()[0])["time"];
  EXPECT_THAT(time, MatchesRegex("....-..-..T..:..:..\\.......Z"));
  EXPECT_EQ(log.lines()[0],
            R"({"time":")" + time +
                R"(","level":"warning","event":"follower_fell_behind","feed":"registry",)"
                R"("center":"0196-center","reason":"gap","events":18446744073709551615,)"
                R"("offset":-3,"lag_seconds":2.5,"paused":false})");
}

TEST(Log, KeepsHostileTextInsideItsField) {
  CapturedLog log;
  Log(Level::kError, "request_refused",
      {{"reason", std::string("a\"\n\x1b[31m\0b", 10)}, {"name", "Nguy\xe1\xbb\x85n \xff\xc0."}});
  ASSERT_THAT(log.lines(), SizeIs(1));
  EXPECT_EQ(log.lines()[0].find_first_of(std::string("\n\x1b\0", 3)), std::string::npos);
  const json line = json::parse(log.lines()[0]);
  EXPECT_EQ(line["reason"], std::string("a\"\n\x1b[31m\0b", 10));
  EXPECT_EQ(line["name"], "Nguy\xe1\xbb\x85n \xef\xbf\xbd\xef\xbf\xbd.");
}

TEST(Log, WritesWhatJsonHasNoNumberForAsText) {
  CapturedLog log;
  Log(Level::kInfo, "measured",
      {{"ratio", std::nan("")}, {"most", std::numeric_limits<double>::infinity()}});
  ASSERT_THAT(log.lines(), SizeIs(1));
  EXPECT_EQ(json::parse(log.lines()[0])["ratio"], "NaN");
  EXPECT_EQ(json::parse(log.lines()[0])["most"], "+Inf");
}

TEST(Log, LeavesOutFieldsThatDoNotFitTheLineAndSaysSo) {
  CapturedLog log;
  const std::string text(5000, 'x');
  Log(Level::kInfo, "import_refused",
      {{"a", text}, {"b", text}, {"c", text}, {"d", text}, {"rows", 7}});
  ASSERT_THAT(log.lines(), SizeIs(1));
  EXPECT_LT(log.lines()[0].size(), kLineBytesMax);
  const json line = json::parse(log.lines()[0]);
  EXPECT_EQ(line["c"].get<std::string>().size(), kTextBytesMax);
  EXPECT_FALSE(line.contains("d"));
  EXPECT_EQ(line["rows"], 7);
  EXPECT_EQ(line["truncated"], true);
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  CapturedLog log;
  Log(Level::kDebug, "turn_started");
  EXPECT_THAT(log.lines(), IsEmpty());
  SetLogLevel(Level::kDebug);
  Log(Level::kDebug, "turn_started");
  SetLogLevel(Level::kInfo);
  EXPECT_THAT(log.lines(), SizeIs(1));
}

TEST(Log, GoesToStderrWhenNothingCapturesIt) {
  testing::internal::CaptureStderr();
  Log(Level::kInfo, "server_started", {{"port", uint16_t{8080}}});
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, StartsWith(R"({"time":")"));
  EXPECT_TRUE(written.ends_with("\"event\":\"server_started\",\"port\":8080}\n")) << written;
}

TEST(Log, KeepsLinesOfSeveralThreadsWhole) {
  CapturedLog log;
  {
    Mutex mutex;
    CondVar changed;
    int done = 0;
    const auto step = [&] {
      for (int i = 0; i < 200; ++i) Log(Level::kInfo, "turn_committed", {{"inputs", i}});
      MutexLock lock(&mutex);
      ++done;
      changed.NotifyAll();
      return false;
    };
    runtime::Loop first("first", step, std::chrono::hours(1));
    runtime::Loop second("second", step, std::chrono::hours(1));
    MutexLock lock(&mutex);
    ASSERT_TRUE(changed.WaitFor(&mutex, kPatience, [&] { return done == 2; }));
  }
  EXPECT_THAT(log.lines(), SizeIs(400));
  for (const std::string& line : log.lines()) EXPECT_TRUE(json::accept(line)) << line;
}

}  // namespace
}  // namespace learncity::telemetry
