// Calls of any method of the city over gRPC, found by the type of the request.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/grpcpp.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"

namespace learncity::contract {

// Longest time a call of a test may take.
constexpr std::chrono::seconds kCallTime{30};

// What came back. `message` is of the method's response type, empty unless ok.
struct Reply {
  grpc::Status status;
  std::unique_ptr<google::protobuf::Message> message;
  // "registry/1/5"; empty when the server sent none.
  std::string position;
  google::rpc::BadRequest warnings;

  bool ok() const { return status.ok(); }
  rpc::Details details() const { return rpc::Details(status); }
  // The reason of ErrorInfo, as "OFFERING_FULL".
  std::string reason() const { return details().error.reason(); }
  // The resource's name.
  std::string name() const;
  // The third part of `position`; 0 when there is none.
  int64_t at() const;

  template <class Message>
  const Message& As() const {
    LEARNCITY_CHECK(message->GetDescriptor() == Message::descriptor());
    return static_cast<const Message&>(*message);
  }
};

// Every method of the city's own services, and those of them whose request, or row of a stream, has
// a request_id.
std::vector<const google::protobuf::MethodDescriptor*> EveryMethod();
std::vector<const google::protobuf::MethodDescriptor*> WriteMethods();

// The method that takes this request: each has a request type of its own.
const google::protobuf::MethodDescriptor& MethodOf(const google::protobuf::Message& request);
// "RegistryService.OpenUnit".
std::string ShortName(const google::protobuf::MethodDescriptor& method);
// "registry": the service's ledger and feed.
std::string FeedOf(const google::protobuf::MethodDescriptor& method);

// The type that has what a write method asks for: of a stream of rows what stands in a row, else
// the request's.
const google::protobuf::Descriptor& AskedType(const google::protobuf::MethodDescriptor& method);

std::unique_ptr<google::protobuf::Message> New(const google::protobuf::Descriptor* type);
// A UUIDv7 that nobody has used.
std::string NewRequestId();
// Gives the request a request_id of its own if it takes one and has none yet.
void Name(google::protobuf::Message* request);
void SetText(google::protobuf::Message* message, const std::string& field, const std::string& text);
// Of a request or row that takes one.
std::string RequestIdOf(const google::protobuf::Message& request);
void SetRequestId(google::protobuf::Message* request, const std::string& request_id);

// Sends one request and waits for one answer. A stream of rows is ended then, and one that goes on
// by itself is left. `path` is "/service/method".
grpc::Status CallOnce(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                      const google::protobuf::MethodDescriptor* method,
                      const google::protobuf::Message& request, grpc::ClientContext* context,
                      google::protobuf::Message* response);

// Calls the request's method. A stream is sent one row, and what became of it is the answer; of a
// watched value the answer is the first message. No token sends no authorization. Adds a failure
// when the answer holds sealed bytes. From any thread.
Reply Send(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::Message& request,
           const std::string& token, std::chrono::milliseconds time = kCallTime);

// The fields of violations or warnings, in order.
std::vector<std::string> FieldsOf(const google::rpc::BadRequest& violations);

}  // namespace learncity::contract
