// What a tool like grpcurl needs: the server lists and describes every service and method, and each
// can be called with nothing else known. Health answers.
#include <set>

#include "gmock/gmock.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "gtest/gtest.h"
#include "platform/rpc/access.h"
#include "platform/rpc/every_service.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "tests/contract/examples.h"

namespace learncity::contract {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::DynamicMessageFactory;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::IsSupersetOf;

// Reflection of the linked gRPC, whose headers are not shipped.
std::unique_ptr<Message> NewReflection(const std::string& type) {
  const auto* descriptor = DescriptorPool::generated_pool()->FindMessageTypeByName(
      Concat("grpc.reflection.v1alpha.", type));
  LEARNCITY_CHECK(descriptor != nullptr) << type;
  return New(descriptor);
}

const Message& Part(const Message& message, const std::string& field) {
  return message.GetReflection()->GetMessage(message,
                                             message.GetDescriptor()->FindFieldByName(field));
}

// Asks the reflection service one thing: `field` is one of ServerReflectionRequest's.
std::unique_ptr<Message> AskReflection(const std::shared_ptr<grpc::Channel>& channel,
                                       const std::string& field, const std::string& value) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTime);
  grpc::CompletionQueue queue;
  const auto step = [&] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  grpc::TemplatedGenericStub<Message, Message> stub(channel);
  auto stream = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  auto request = NewReflection("ServerReflectionRequest");
  SetText(request.get(), field, value);
  auto response = NewReflection("ServerReflectionResponse");
  grpc::Status status;
  stream->StartCall(nullptr);
  EXPECT_TRUE(step());
  stream->Write(*request, nullptr);
  EXPECT_TRUE(step());
  stream->Read(response.get(), nullptr);
  EXPECT_TRUE(step());
  stream->WritesDone(nullptr);
  EXPECT_TRUE(step());
  stream->Finish(&status, nullptr);
  EXPECT_TRUE(step());
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

std::set<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  const auto response = AskReflection(channel, "list_services", "*");
  const Message& list = Part(*response, "list_services_response");
  const auto* services = list.GetDescriptor()->FindFieldByName("service");
  std::set<std::string> names;
  for (int i = 0; i < list.GetReflection()->FieldSize(list, services); ++i) {
    const Message& service = list.GetReflection()->GetRepeatedMessage(list, services, i);
    const auto* name = service.GetDescriptor()->FindFieldByName("name");
    names.insert(service.GetReflection()->GetString(service, name));
  }
  return names;
}

// Adds the files that describe a symbol, imports first, to a pool that knows nothing else.
void Describe(const std::shared_ptr<grpc::Channel>& channel, const std::string& symbol,
              DescriptorPool* pool) {
  const auto response = AskReflection(channel, "file_containing_symbol", symbol);
  const Message& answer = Part(*response, "file_descriptor_response");
  const auto* files = answer.GetDescriptor()->FindFieldByName("file_descriptor_proto");
  std::map<std::string, google::protobuf::FileDescriptorProto> protos;
  for (int i = 0; i < answer.GetReflection()->FieldSize(answer, files); ++i) {
    google::protobuf::FileDescriptorProto proto;
    ASSERT_TRUE(proto.ParseFromString(answer.GetReflection()->GetRepeatedString(answer, files, i)));
    protos[proto.name()] = proto;
  }
  const std::function<void(const std::string&)> add = [&](const std::string& name) {
    if (pool->FindFileByName(name) != nullptr) return;
    ASSERT_TRUE(protos.contains(name)) << name << " is not described";
    for (const std::string& import : protos[name].dependency()) add(import);
    ASSERT_NE(pool->BuildFile(protos[name]), nullptr) << name;
  };
  for (const auto& [name, proto] : protos) add(name);
}

grpc::Status CallDynamic(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                         const std::string& token, const Message& request, Message* response,
                         const google::protobuf::MethodDescriptor* method = nullptr) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTime);
  if (!token.empty()) context.AddMetadata("authorization", Concat("Bearer ", token));
  return CallOnce(channel, path, method, request, &context, response);
}

TEST(Reflection, ListsEveryService) {
  TestCity city;
  std::set<std::string> expected = {"grpc.health.v1.Health",
                                    "grpc.reflection.v1alpha.ServerReflection"};
  for (const auto* service : rpc::EveryService()) expected.insert(service->full_name());
  EXPECT_THAT(ListServices(city.NewChannel()), IsSupersetOf(expected));
}

TEST(Reflection, DescribesEveryMethodAndEachCanBeCalledByThat) {
  TestCity city;
  Grounds grounds(city);
  const auto channel = city.NewChannel();
  DescriptorPool pool;
  DynamicMessageFactory factory(&pool);
  for (const auto* service : rpc::EveryService()) Describe(channel, service->full_name(), &pool);
  for (const auto* method : EveryMethod()) {
    SCOPED_TRACE(ShortName(*method));
    const auto* described = pool.FindMethodByName(method->full_name());
    ASSERT_NE(described, nullptr);
    EXPECT_EQ(described->DebugString(), method->DebugString());
    EXPECT_EQ(described->input_type()->DebugString(), method->input_type()->DebugString());
    const Example* example = FindExample(*method);
    ASSERT_NE(example, nullptr);
    const auto request = example->make(grounds);
    Name(request.get());
    city.Settle();
    // As a person would write it.
    std::string json;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*request, &json).ok());
    std::unique_ptr<Message> sent(factory.GetPrototype(described->input_type())->New());
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, sent.get()).ok()) << json;
    std::unique_ptr<Message> answer(factory.GetPrototype(described->output_type())->New());
    const auto status = CallDynamic(channel, rpc::PathOf(*method), TokenOf(RoleFor(*method)), *sent,
                                    answer.get(), method);
    EXPECT_TRUE(status.ok()) << status.error_message();
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*answer, &json).ok());
  }
}

TEST(Health, AnswersForTheServerAndEachService) {
  TestCity city;
  DescriptorPool pool;
  const auto* file = pool.BuildFile(FromText<google::protobuf::FileDescriptorProto>(
      "name: 'health.proto' package: 'grpc.health.v1' syntax: 'proto3'"
      "message_type { name: 'HealthCheckRequest'"
      "  field { name: 'service' number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }"
      "message_type { name: 'HealthCheckResponse'"
      "  field { name: 'status' number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL } }"));
  DynamicMessageFactory factory(&pool);
  std::vector<std::string> names = {""};
  for (const auto* service : rpc::EveryService()) names.push_back(service->full_name());
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    std::unique_ptr<Message> request(factory.GetPrototype(file->message_type(0))->New());
    std::unique_ptr<Message> response(factory.GetPrototype(file->message_type(1))->New());
    SetText(request.get(), "service", name);
    const auto status = CallDynamic(city.NewChannel(), "/grpc.health.v1.Health/Check", "", *request,
                                    response.get());
    ASSERT_TRUE(status.ok()) << status.error_message();
    constexpr int kServing = 1;
    EXPECT_EQ(response->GetReflection()->GetInt32(*response, file->message_type(1)->field(0)),
              kServing);
  }
}

}  // namespace
}  // namespace learncity::contract
