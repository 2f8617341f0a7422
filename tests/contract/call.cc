#include "tests/contract/call.h"

#include <future>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "gtest/gtest.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
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

using RowResult = enrollment::v1::ImportEnrollmentsResponse;

// Where a request has its request_id: in itself, or in the row's one field.
Message* AskedIn(Message* request) {
  const auto* type = request->GetDescriptor();
  if (&AskedType(MethodOf(*request)) == type) return request;
  return request->GetReflection()->MutableMessage(request, type->field(0));
}

grpc::Status StreamOnce(grpc::TemplatedGenericStub<Message, Message>& stub, const std::string& path,
                        bool goes_on, const Message& request, grpc::ClientContext* context,
                        Message* response) {
  grpc::CompletionQueue queue;
  const auto step = [&] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto stream = stub.PrepareCall(context, path, &queue);
  stream->StartCall(nullptr);
  step();
  stream->Write(request, nullptr);
  step();
  stream->WritesDone(nullptr);
  step();
  stream->Read(response, nullptr);
  const bool received = step();
  if (received && goes_on) context->TryCancel();
  if (received && !goes_on) {
    const std::unique_ptr<Message> more(response->New());
    stream->Read(more.get(), nullptr);
    EXPECT_FALSE(step()) << path << " has two answers to one row";
  }
  grpc::Status status;
  stream->Finish(&status, nullptr);
  step();
  return received && goes_on ? grpc::Status::OK : status;
}

// A row's result as the unary method would have given it.
void TakeResult(Reply* reply) {
  const auto& result = reply->As<RowResult>();
  if (result.has_error()) {
    reply->status = {static_cast<grpc::StatusCode>(result.error().code()), result.error().message(),
                     result.error().SerializeAsString()};
  }
  reply->message = std::make_unique<enrollment::v1::Enrollment>(result.enrollment());
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
    return AskedType(*method).FindFieldByName("request_id") == nullptr;
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

const google::protobuf::Descriptor& AskedType(const MethodDescriptor& method) {
  return method.client_streaming() ? *method.input_type()->field(0)->message_type()
                                   : *method.input_type();
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
  if (TextField(*AskedIn(request), "request_id") == nullptr) return;
  if (RequestIdOf(*request).empty()) SetRequestId(request, NewRequestId());
}

void SetText(Message* message, const std::string& field, const std::string& text) {
  message->GetReflection()->SetString(message, TextField(*message, field), text);
}

std::string RequestIdOf(const Message& request) {
  const auto own = New(request.GetDescriptor());
  own->CopyFrom(request);
  const Message& asked = *AskedIn(own.get());
  return asked.GetReflection()->GetString(asked, TextField(asked, "request_id"));
}

void SetRequestId(Message* request, const std::string& request_id) {
  SetText(AskedIn(request), "request_id", request_id);
}

grpc::Status CallOnce(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                      const MethodDescriptor* method, const Message& request,
                      grpc::ClientContext* context, Message* response) {
  grpc::TemplatedGenericStub<Message, Message> stub(channel);
  if (method != nullptr && method->server_streaming()) {
    return StreamOnce(stub, path, !method->client_streaming(), request, context, response);
  }
  std::promise<grpc::Status> answered;
  stub.UnaryCall(context, path, grpc::StubOptions(), &request, response,
                 [&](grpc::Status status) { answered.set_value(std::move(status)); });
  return answered.get_future().get();
}

Reply Send(const std::shared_ptr<grpc::Channel>& channel, const Message& request,
           const std::string& token, std::chrono::milliseconds time) {
  const MethodDescriptor& method = MethodOf(request);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + time);
  if (!token.empty()) context.AddMetadata("authorization", Concat("Bearer ", token));
  Reply reply{.status = {}, .message = New(method.output_type()), .position = "", .warnings = {}};
  reply.status =
      CallOnce(channel, rpc::PathOf(method), &method, request, &context, reply.message.get());
  if (reply.ok() && method.client_streaming()) TakeResult(&reply);
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
