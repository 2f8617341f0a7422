// What holds for every method that writes, walked from the service descriptors: it happens, happens
// once however often and from wherever it is repeated, and a wrong request changes nothing.
#include <algorithm>

#include "gmock/gmock.h"
#include "google/api/field_behavior.pb.h"
#include "gtest/gtest.h"
#include "learncity/options/v1/options.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/proof.h"
#include "tests/contract/at_once.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using ::testing::Contains;
using ::testing::UnorderedElementsAreArray;

constexpr int kCallersAtOnce = 8;

// A city, and a walk over every write method with a new example for each.
class EveryWriteMethod : public testing::Test {
 protected:
  using Visit = std::function<void(const MethodDescriptor&, Message& request)>;

  void Walk(const Visit& visit) {
    for (const auto* method : WriteMethods()) {
      SCOPED_TRACE(ShortName(*method));
      const Example* example = FindExample(*method);
      if (example == nullptr) continue;
      const auto request = example->make(grounds_);
      Name(request.get());
      city_.Settle();
      visit(*method, *request);
    }
  }

  TestCity city_;
  Grounds grounds_{city_};
};

TEST_F(EveryWriteMethod, Happens) {
  Walk([&](const MethodDescriptor& method, const Message& request) {
    const int64_t before = city_.Position(FeedOf(method));
    const Reply reply = city_.Call(request);
    ASSERT_TRUE(reply.ok()) << reply.status.error_message();
    EXPECT_NE(reply.name(), "");
    EXPECT_GT(reply.at(), before);
    EXPECT_EQ(reply.position, Concat(FeedOf(method), "/1/", reply.at()));
  });
  city_.Settle();
  const auto proof = Prove(city_.city(), city_.foundations());
  ASSERT_TRUE(proof.ok()) << std::string(proof.status().message());
  EXPECT_EQ(proof->divergences(), 0u);
}

TEST_F(EveryWriteMethod, RepeatedHappensOnceAndAnswersTheSame) {
  std::vector<std::pair<std::unique_ptr<Message>, Reply>> answered;
  Walk([&](const MethodDescriptor&, const Message& request) {
    Reply first = city_.Call(request);
    ASSERT_TRUE(first.ok()) << first.status.error_message();
    const std::string heads = city_.Heads();
    const Reply again = city_.Call(request);
    ASSERT_TRUE(again.ok()) << again.status.error_message();
    EXPECT_EQ(again.name(), first.name());
    EXPECT_GE(again.at(), first.at());
    EXPECT_EQ(city_.Heads(), heads);
    answered.emplace_back(New(request.GetDescriptor()), std::move(first));
    answered.back().first->CopyFrom(request);
  });
  // And after the process that answered is gone.
  const std::string heads = city_.Heads();
  city_.Stop();
  city_.Start();
  for (const auto& [request, first] : answered) {
    SCOPED_TRACE(request->GetTypeName());
    const Reply again = city_.Call(*request);
    ASSERT_TRUE(again.ok()) << again.status.error_message();
    EXPECT_EQ(again.name(), first.name());
    EXPECT_GE(again.at(), first.at());
  }
  EXPECT_EQ(city_.Heads(), heads);
}

TEST_F(EveryWriteMethod, IsRefusedAnotherPayloadUnderAUsedRequestId) {
  Walk([&](const MethodDescriptor& method, Message& request) {
    if (!FindExample(method)->change) return;
    ASSERT_TRUE(city_.Call(request).ok());
    const std::string heads = city_.Heads();
    FindExample(method)->change(&request);
    const Reply other = city_.Call(request);
    EXPECT_EQ(other.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(other.reason(), "REQUEST_ID_REUSED") << other.status.error_message();
    EXPECT_EQ(city_.Heads(), heads);
  });
}

TEST_F(EveryWriteMethod, TakesTheSameIdOfAnotherCallerForAnotherRequest) {
  Walk([&](const MethodDescriptor& method, Message& request) {
    const std::string role = RoleFor(method);
    ASSERT_TRUE(city_.Call(request, TokenOf(role, 1)).ok());
    city_.Settle();
    // Another one, so that the rules have no reason to refuse it.
    const auto other = FindExample(method)->make(grounds_);
    SetRequestId(other.get(), RequestIdOf(request));
    const int64_t before = city_.Position(FeedOf(method));
    const Reply reply = city_.Call(*other, TokenOf(role, 2));
    ASSERT_TRUE(reply.ok()) << reply.status.error_message();
    EXPECT_GT(reply.at(), before);
  });
}

int Begun(TestCity& city) {
  const Reply reply = city.Call(reporting::v1::ListRecountsRequest());
  return reply.As<reporting::v1::ListRecountsResponse>().recounts_size();
}

TEST_F(EveryWriteMethod, SentByManyAtOnceHappensOnce) {
  Walk([&](const MethodDescriptor& method, const Message& request) {
    const std::string feed = FeedOf(method);
    const std::string token = TokenOf(RoleFor(method));
    // How far the feed goes by one of these alone, all that follows by itself included.
    const auto alone = FindExample(method)->make(grounds_);
    Name(alone.get());
    city_.Settle();
    const int64_t start = city_.Position(feed);
    const int begun = Begun(city_);
    ASSERT_TRUE(city_.Call(*alone).ok());
    city_.Settle();
    const int64_t one = city_.Position(feed) - start;

    std::vector<Reply> replies(kCallersAtOnce);
    AtOnce(kCallersAtOnce, [&](int i) {
      replies[static_cast<size_t>(i)] = Send(city_.NewChannel(), request, token);
    });
    for (const Reply& reply : replies) {
      ASSERT_TRUE(reply.ok()) << reply.status.error_message();
      EXPECT_EQ(reply.name(), replies.front().name());
    }
    ASSERT_TRUE(city_.Call(request).ok());
    city_.Settle();
    if (method.output_type() == reporting::v1::Recount::descriptor()) {
      // It goes on by itself in as many slices as there is to count by then: its own begin counts.
      EXPECT_EQ(Begun(city_), begun + 2);
    } else {
      EXPECT_EQ(city_.Position(feed), start + 2 * one);
    }
  });
}

bool IsDate(const FieldDescriptor& field) {
  return field.message_type() != nullptr && field.message_type()->full_name() == "google.type.Date";
}

// The paths of fields that must be given and are not, of a message that is there and empty.
void AddRequired(const Descriptor& type, const std::string& above,
                 std::vector<std::string>* paths) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const auto& options = field.options();
    for (int b = 0; b < options.ExtensionSize(google::api::field_behavior); ++b) {
      if (options.GetExtension(google::api::field_behavior, b) == google::api::REQUIRED) {
        paths->push_back(above + field.name());
      }
    }
  }
}

TEST_F(EveryWriteMethod, TellsEveryMissingFieldAtOnce) {
  const std::string heads = city_.Heads();
  for (const auto* method : WriteMethods()) {
    SCOPED_TRACE(ShortName(*method));
    const auto request = New(method->input_type());
    std::vector<std::string> expected;
    AddRequired(*method->input_type(), "", &expected);
    EXPECT_THAT(FieldsOf(city_.Call(*request).details().violations),
                UnorderedElementsAreArray(expected));

    // With its resource there, and nothing in it.
    const size_t without = expected.size();
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const auto* field = method->input_type()->field(i);
      if (field->is_repeated() || field->message_type() == nullptr || IsDate(*field)) continue;
      request->GetReflection()->MutableMessage(request.get(), field);
      std::erase(expected, field->name());
      // Of a resource that is stated anew, only which one it is. A row is told what its method
      // would tell.
      const std::string prefix = method->client_streaming() ? "" : Concat(field->name(), ".");
      if (method->input_type()->FindFieldByName("update_mask") == nullptr) {
        AddRequired(*field->message_type(), prefix, &expected);
      } else if (field->message_type()->FindFieldByName("name") != nullptr) {
        expected.push_back(Concat(field->name(), ".name"));
      }
    }
    if (expected.size() < without) continue;
    const Reply reply = city_.Call(*request);
    EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(FieldsOf(reply.details().violations), UnorderedElementsAreArray(expected));
  }
  EXPECT_EQ(city_.Heads(), heads);
}

// Calls `visit` for each text that a caller may send, with the message it stands in.
void EachText(
    Message* message, const std::string& above,
    const std::function<void(Message*, const FieldDescriptor*, const std::string&)>& visit) {
  const Descriptor& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    bool is_input = true;
    for (int b = 0; b < field->options().ExtensionSize(google::api::field_behavior); ++b) {
      is_input &=
          field->options().GetExtension(google::api::field_behavior, b) != google::api::OUTPUT_ONLY;
    }
    if (!is_input || field->is_repeated()) continue;
    const std::string path = above + field->name();
    if (field->type() == FieldDescriptor::TYPE_STRING) visit(message, field, path);
    if (field->message_type() != nullptr && !IsDate(*field)) {
      EachText(message->GetReflection()->MutableMessage(message, field), path + ".", visit);
    }
  }
}

TEST_F(EveryWriteMethod, RefusesTextsThatAreTooLong) {
  int texts = 0;
  Walk([&](const MethodDescriptor& method, const Message& request) {
    const std::string heads = city_.Heads();
    const auto walked = New(request.GetDescriptor());
    // Visits an empty message, and sends the example with only this text made long.
    EachText(walked.get(), "", [&](Message*, const FieldDescriptor*, const std::string& wanted) {
      SCOPED_TRACE(wanted);
      const auto sent = New(request.GetDescriptor());
      sent->CopyFrom(request);
      EachText(sent.get(), "",
               [&](Message* holder, const FieldDescriptor* field, const std::string& path) {
                 if (path == wanted) {
                   holder->GetReflection()->SetString(holder, field, std::string(10'000, 'x'));
                 }
               });
      const Reply reply = city_.Call(*sent);
      EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
          << ShortName(method) << " takes " << wanted << " without a limit";
      EXPECT_THAT(
          FieldsOf(reply.details().violations),
          Contains(method.client_streaming() ? wanted.substr(wanted.find('.') + 1) : wanted));
      ++texts;
    });
    EXPECT_EQ(city_.Heads(), heads);
  });
  EXPECT_GT(texts, 20);
}

}  // namespace
}  // namespace learncity::contract
