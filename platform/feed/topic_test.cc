// What every topic keeps.
#include "platform/feed/test_topics.h"

namespace learncity::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TopicTest : public testing::TestWithParam<TopicKind> {
 protected:
  // Sends messages from..to, and waits until they are there.
  void Send(int64_t from, int64_t to) {
    auto writer = topic->OpenWriter().value();
    for (int64_t n = from; n <= to; ++n) ASSERT_TRUE(writer->Send(NumberedMessage(n), n).ok());
    const auto delivered = WaitUntilDelivered(*writer, to);
    ASSERT_TRUE(delivered.ok()) << delivered.status();
    ASSERT_EQ(*delivered, to);
  }
  std::vector<Message> ReadFrom(int64_t offset, size_t count) {
    auto reader = topic->OpenReader().value();
    EXPECT_TRUE(reader->Seek(offset).ok());
    return TakeAll(*reader, count);
  }

  std::shared_ptr<Topic> topic = GetParam().make(true);
};

TEST_P(TopicTest, IsEmptyWhenItIsNew) {
  auto reader = topic->OpenReader().value();
  EXPECT_EQ(reader->Ends().value(), (TopicEnds{.first = 0, .next = 0}));
  ASSERT_TRUE(reader->Seek(0).ok());
  EXPECT_THAT(reader->Take(10).value(), IsEmpty());
}

TEST_P(TopicTest, GivesMessagesAsTheyWereSentAndInThatOrder) {
  auto writer = topic->OpenWriter().value();
  EXPECT_EQ(writer->Delivered().value(), 0);
  const std::string bytes("\0\xff\n", 3);
  const Message odd{.key = bytes, .value = bytes, .headers = {{"a", bytes}, {"a", ""}}};
  const Message empty;
  ASSERT_TRUE(writer->Send(NumberedMessage(1), 1).ok());
  ASSERT_TRUE(writer->Send(odd, 2).ok());
  ASSERT_TRUE(writer->Send(empty, 3).ok());
  EXPECT_EQ(WaitUntilDelivered(*writer, 3).value(), 3);
  EXPECT_THAT(ReadFrom(0, 3), ElementsAre(NumberedMessage(1), odd, empty));
}

TEST_P(TopicTest, TellsItsEnds) {
  Send(1, 5);
  EXPECT_EQ(topic->OpenReader().value()->Ends().value(), (TopicEnds{.first = 0, .next = 5}));
}

TEST_P(TopicTest, IsReadFromAnyOffsetAndOnAsMessagesCome) {
  Send(1, 5);
  auto reader = topic->OpenReader().value();
  ASSERT_TRUE(reader->Seek(3).ok());
  EXPECT_THAT(TakeAll(*reader, 2), ElementsAre(NumberedMessage(4), NumberedMessage(5)));
  Send(6, 6);
  EXPECT_THAT(TakeAll(*reader, 1), ElementsAre(NumberedMessage(6)));
  ASSERT_TRUE(reader->Seek(0).ok());
  EXPECT_THAT(TakeAll(*reader, 1), ElementsAre(NumberedMessage(1)));
}

TEST_P(TopicTest, BeginsAtItsFirstWhereItHasNoSuchOffset) {
  Send(1, 3);
  EXPECT_THAT(ReadFrom(1000, 1), ElementsAre(NumberedMessage(1)));
}

TEST_P(TopicTest, TakesOnlySoManyOnTheirWay) {
  auto writer = topic->OpenWriter().value();
  absl::Status status;
  int64_t sent = 0;
  while (status.ok() && sent < 100'000) {
    status = writer->Send(NumberedMessage(sent + 1), sent + 1);
    if (status.ok()) ++sent;
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(WaitUntilDelivered(*writer, sent).value(), sent);
  EXPECT_TRUE(writer->Send(NumberedMessage(sent + 1), sent + 1).ok());
}

TEST_P(TopicTest, IsNotFoundUnlessSomebodyMadeIt) {
  const auto absent = GetParam().make(false);
  EXPECT_EQ(absent->OpenWriter().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(absent->OpenReader().status().code(), absl::StatusCode::kNotFound);
}

TEST_P(TopicTest, KeepsTheOrderOfTwoWritersThatTakeTurns) {
  Send(1, 2);
  Send(2, 3);
  EXPECT_THAT(ReadFrom(0, 4), ElementsAre(NumberedMessage(1), NumberedMessage(2),
                                          NumberedMessage(2), NumberedMessage(3)));
}

INSTANTIATE_TEST_SUITE_P(Topics, TopicTest, testing::ValuesIn(TopicKinds()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace learncity::feed
