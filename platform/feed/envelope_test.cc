#include "platform/feed/envelope.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace learncity::feed {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

const FeedName kRegistry{.city = "hanoi", .feed = "registry"};

ledger::Record Opened() {
  return {.position = 42,
          .time = Time(std::chrono::microseconds(1'745'999'300'000'250)),
          .type = "learncity.registry.v1.CenterEvent",
          .subject = *Id::Parse("0198b7a2-6a00-7000-8000-00000000002a"),
          .version = 3,
          .data = std::string("\x0a\x00\xff", 3)};
}

// The message of Opened with one header changed, or without it.
Message With(const std::string& name, const std::string& value) {
  Message message = ToMessage(kRegistry, 1, Opened());
  for (auto& [header, is] : message.headers) {
    if (header == name) is = value;
  }
  return message;
}
Message Without(const std::string& name) {
  Message message = ToMessage(kRegistry, 1, Opened());
  std::erase_if(message.headers, [&](const auto& header) { return header.first == name; });
  return message;
}

TEST(Envelope, IsACloudEventInBinaryMode) {
  const Message message = ToMessage(kRegistry, 2, Opened());
  EXPECT_EQ(message.key, "0198b7a2-6a00-7000-8000-00000000002a");
  EXPECT_EQ(message.value, Opened().data);
  EXPECT_THAT(message.headers,
              AllOf(Contains(Pair("ce_specversion", "1.0")), Contains(Pair("ce_id", "2-42")),
                    Contains(Pair("ce_source", "urn:learncity:hanoi:registry")),
                    Contains(Pair("ce_type", "learncity.registry.v1.CenterEvent")),
                    Contains(Pair("ce_subject", message.key)),
                    Contains(Pair("ce_time", "2025-04-30T07:48:20.000250Z")),
                    Contains(Pair("ce_sequence", "0000000000000000042")),
                    Contains(Pair("ce_partitionkey", message.key)), Contains(Pair("ce_epoch", "2")),
                    Contains(Pair("ce_subjectversion", "3")),
                    Contains(Pair("content-type", "application/protobuf"))));
}

TEST(Envelope, CarriesARecordWhole) {
  const auto carried = FromMessage(kRegistry, ToMessage(kRegistry, 2, Opened()));
  ASSERT_TRUE(carried.ok()) << carried.status();
  EXPECT_EQ(carried->epoch, 2);
  EXPECT_EQ(carried->record.position, 42);
  EXPECT_EQ(carried->record.time, Opened().time);
  EXPECT_EQ(carried->record.type, Opened().type);
  EXPECT_EQ(carried->record.subject, Opened().subject);
  EXPECT_EQ(carried->record.version, 3);
  EXPECT_EQ(carried->record.data, Opened().data);
}

TEST(Envelope, NamesWhatIsMissing) {
  for (const char* name : {"ce_specversion", "ce_source", "ce_type", "ce_subject", "ce_time",
                           "ce_sequence", "ce_epoch", "ce_subjectversion", "content-type"}) {
    const absl::Status refused = FromMessage(kRegistry, Without(name)).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(std::string(name) + " is missing"));
  }
}

TEST(Envelope, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> wrong[] = {
      {"ce_specversion", "0.3"},
      {"ce_source", "urn:learncity:hanoi:enrollment"},
      {"ce_source", "urn:learncity:hue:registry"},
      {"ce_sequence", "0"},
      {"ce_sequence", "4.5"},
      {"ce_epoch", "-1"},
      {"ce_subjectversion", ""},
      {"ce_subject", "centers/a"},
      {"ce_time", "today"},
      {"content-type", "application/json"}};
  for (const auto& [name, value] : wrong) {
    const absl::Status refused = FromMessage(kRegistry, With(name, value)).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(std::string(name) + " is \"" + value));
  }
}

TEST(FeedName, NamesItsTopic) { EXPECT_EQ(kRegistry.Topic(), "learncity.hanoi.registry.v1"); }

}  // namespace
}  // namespace learncity::feed
