#include "services/learncity/topic_plans.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/testing/temp_folder.h"

namespace learncity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class TopicPlansTest : public testing::Test {
 protected:
  absl::StatusOr<std::vector<feed::TopicPlan>> Load(const std::string& text) {
    std::ofstream(folder / "topics.yaml") << text;
    return LoadTopicPlans(folder / "topics.yaml");
  }
  std::string Refusal(const std::string& text) {
    const absl::Status status = Load(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  }

  const TempFolder folder{"topics"};
};

TEST_F(TopicPlansTest, ReadsThePlanThatIsShipped) {
  const auto plans = LoadTopicPlans(LEARNCITY_SOURCE_DIR "/deploy/kafka/topics.yaml");
  ASSERT_TRUE(plans.ok()) << plans.status();
  ASSERT_EQ(plans->size(), 4);
  EXPECT_EQ(plans->front().name, "learncity.hanoi.registry.v1");
  EXPECT_EQ(plans->front().settings.at("cleanup.policy"), "delete");
}

TEST_F(TopicPlansTest, LetsATopicDifferFromAll) {
  const auto plans = Load(
      "city: hue\nreplication: 3\nsettings: {retention.ms: 1, min.insync.replicas: 2}\ntopics:\n"
      "  - service: registry\n  - {service: enrollment, replication: 1, settings: {retention.ms: "
      "7}}");
  ASSERT_TRUE(plans.ok()) << plans.status();
  EXPECT_EQ((*plans)[0].replication, 3);
  EXPECT_EQ((*plans)[1].replication, 1);
  EXPECT_THAT((*plans)[1].settings,
              ElementsAre(Pair("min.insync.replicas", "2"), Pair("retention.ms", "7")));
}

TEST_F(TopicPlansTest, IsRefusedWithItsLine) {
  EXPECT_THAT(Refusal("city: hue\ntopics:\n  - service: registry\n    partitions: 6\n"),
              HasSubstr("topics.yaml:4: registry has 6 partitions; a feed is one"));
  EXPECT_THAT(Refusal("city: hue\ntopics:\n  - service: a\n  - service: a\n"),
              HasSubstr("topics.yaml:4: a is there twice"));
  EXPECT_THAT(Refusal("city: hue\ntopcs: []\n"),
              HasSubstr("topics.yaml:2: topcs means nothing here"));
  EXPECT_THAT(Refusal("topics: []\n"), HasSubstr("city is missing"));
  EXPECT_THAT(Refusal("city: hue\ntopics:\n  - name: a\n"), HasSubstr("topics.yaml:3:"));
  EXPECT_THAT(Refusal("city: [hue\n"), HasSubstr("topics.yaml:"));
  EXPECT_THAT(Refusal("- city\n"), HasSubstr("names and values are expected"));
}

TEST_F(TopicPlansTest, IsNotFoundWhereThereIsNone) {
  EXPECT_EQ(LoadTopicPlans(folder / "none").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace learncity
