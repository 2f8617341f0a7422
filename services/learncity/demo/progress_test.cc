#include "services/learncity/demo/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace learncity::demo {
namespace {

using std::chrono::milliseconds;

TEST(Progress, WritesThousandsApart) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(-1000), "-1,000");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
}

TEST(Progress, SaysRateAndTimeLeft) {
  EXPECT_EQ(ProgressLine("learners", 500, 1'000, milliseconds(250)),
            "  learners                               500 of 1,000         2,000/s  1 s left");
  EXPECT_EQ(ProgressLine("learners", 1'000, 1'000, milliseconds(500)),
            "  learners                             1,000 of 1,000         2,000/s  0.5 s");
  EXPECT_EQ(ProgressLine("learners", 0, 1'000, milliseconds(0)),
            "  learners                                 0 of 1,000             0/s  ");
  EXPECT_EQ(ProgressLine("reporting follows registry", 1, 1, milliseconds(40)),
            "  reporting follows registry               1 of 1                      0.0 s");
}

class ProgressOfAStage : public testing::Test {
 protected:
  void Run(bool is_terminal) {
    Progress progress(out_, is_terminal, [this] { return now_; });
    progress.Begin("units", 4);
    for (int done = 1; done <= 4; ++done) {
      now_ += milliseconds(60);
      progress.Update(done);
    }
    EXPECT_DOUBLE_EQ(progress.End(), 0.24);
  }

  std::ostringstream out_;
  std::chrono::steady_clock::time_point now_;
};

TEST_F(ProgressOfAStage, RewritesOneLineOnATerminal) {
  Run(true);
  EXPECT_EQ(
      out_.str(),
      "\r\x1b[K  units                                    0 of 4                 0/s  "
      "\r\x1b[K  units                                    2 of 4                17/s  1 s left"
      "\r\x1b[K  units                                    4 of 4                17/s  0.2 s"
      "\r\x1b[K  units                                    4 of 4                17/s  0.2 s\n");
}

TEST_F(ProgressOfAStage, WritesOneLineElsewhere) {
  Run(false);
  EXPECT_EQ(out_.str(),
            "  units                                    4 of 4                17/s  0.2 s\n");
}

TEST(Progress, IsNotOnATerminalInAString) { EXPECT_FALSE(IsTerminal(std::ostringstream())); }

}  // namespace
}  // namespace learncity::demo
