#include "tests/contract/call.h"

#include <future>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "gtest/gtest.h"
#include "platform/ledger/id.h"
#include "platform/rpc/access.h"
#include "platform/rpc/every_service.h"
#include "platform/runtime/concat.h"

namespace learncity::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

const FieldDescriptor* TextField(const Message& message, const std::string& name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING ? field : nullptr;
}

std::string Trailer(const grpc::ClientContext& context, const std::string& key) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(key);
  return found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
}

// Whether sealed bytes stand in a resource anywhere.
bool HoldsSealed(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->name() == "sealed_person") return true;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const auto& r = *message.GetReflection();
    if (!field->is_repeated()) {
      if (HoldsSealed(r.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < r.FieldSize(message, field); ++i) {
      if (HoldsSealed(r.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

}  // namespace

std::string Reply::name() const {
  const auto* field = TextField(*message, "name");
  return field == nullptr ? "" : message->GetReflection()->GetString(*message, field);
}

int64_t Reply::at() const {
  int64_t number = 0;
  const std::vector<std::string> parts = absl::StrSplit(position, '/');
  return parts.size() == 3 && absl::SimpleAtoi(parts[2], &number) ? number : 0;
}

std::vector<const MethodDescriptor*> EveryMethod() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* service : rpc::EveryService()) {
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return methods;
}

std::vector<const MethodDescriptor*> WriteMethods() {
  auto methods = EveryMethod();
  std::erase_if(methods, [](const MethodDescriptor* method) {
    return method->input_type()->FindFieldByName("request_id") == nullptr;
  });
  return methods;
}

const MethodDescriptor& MethodOf(const Message& request) {
  for (const auto* method : EveryMethod()) {
    if (method->input_type() == request.GetDescriptor()) return *method;
  }
  LEARNCITY_CHECK(false) << "no method takes a " << request.GetTypeName();
  return *EveryMethod().front();
}

std::string ShortName(const MethodDescriptor& method) {
  return Concat(method.service()->name(), ".", method.name());
}

std::string FeedOf(const MethodDescriptor& method) {
  const std::vector<std::string> parts = absl::StrSplit(method.full_name(), '.');
  return parts.at(1);
}

std::unique_ptr<Message> New(const google::protobuf::Descriptor* type) {
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<Message>(factory->GetPrototype(type)->New());
}

std::string NewRequestId() { return RandomId(SystemNow()).ToString(); }

void Name(Message* request) {
  const auto* field = TextField(*request, "request_id");
  if (field == nullptr || request->GetReflection()->HasField(*request, field)) return;
  SetText(request, "request_id", NewRequestId());
}

void SetText(Message* message, const std::string& field, const std::string& text) {
  message->GetReflection()->SetString(message, TextField(*message, field), text);
}

Reply Send(const std::shared_ptr<grpc::Channel>& channel, const Message& request,
           const std::string& token, std::chrono::milliseconds time) {
  const MethodDescriptor& method = MethodOf(request);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + time);
  if (!token.empty()) context.AddMetadata("authorization", Concat("Bearer ", token));
  Reply reply{.status = {}, .message = New(method.output_type()), .position = "", .warnings = {}};
  std::promise<grpc::Status> answered;
  grpc::TemplatedGenericStub<Message, Message> stub(channel);
  stub.UnaryCall(&context, rpc::PathOf(method), grpc::StubOptions(), &request, reply.message.get(),
                 [&](grpc::Status status) { answered.set_value(std::move(status)); });
  reply.status = answered.get_future().get();
  if (!reply.ok()) reply.message->Clear();
  reply.position = Trailer(context, "learncity-position");
  reply.warnings.ParseFromString(Trailer(context, "learncity-warnings-bin"));
  EXPECT_FALSE(HoldsSealed(*reply.message)) << ShortName(method) << " lets sealed bytes out";
  return reply;
}

std::vector<std::string> FieldsOf(const google::rpc::BadRequest& violations) {
  std::vector<std::string> fields;
  for (const auto& violation : violations.field_violations()) fields.push_back(violation.field());
  return fields;
}

}  // namespace learncity::contract
