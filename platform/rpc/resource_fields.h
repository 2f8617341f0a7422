// The fields of requests and resources that the AIPs name, found by reflection. A field that a
// message must have and has not is a bug and aborts. Pure.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"

namespace learncity::rpc {

// The value of a text field.
std::string TextOf(const google::protobuf::Message& message, const std::string& field);
// The others do nothing, or say no, when the message has no such field.
void SetText(google::protobuf::Message* message, const std::string& field,
             const std::string& value);
void ClearField(google::protobuf::Message* message, const std::string& field);
bool HasMessage(const google::protobuf::Message& message, const std::string& field);

// INVALID_ARGUMENT, with the paths that may stand there, when an update_mask has none or another.
grpc::Status CheckUpdateMask(const google::protobuf::FieldMask& mask,
                             const std::vector<std::string>& allowed);

// `"v17"`, with the quotes, as AIP-154 asks.
std::string EtagOf(int64_t version);

// Serialized deterministically: equal messages without maps give equal bytes, in every process.
std::string DeterministicBytes(const google::protobuf::Message& message);

// A request's read_mask; without one, everything is wanted.
class ReadMask {
 public:
  explicit ReadMask(const google::protobuf::Message& request);
  // INVALID_ARGUMENT when a path is none of this resource's.
  grpc::Status Check(const google::protobuf::Descriptor* resource) const;
  // Whether anything of a field of the resource is wanted.
  bool Wants(const std::string& field) const;
  void Trim(google::protobuf::Message* resource) const;

 private:
  std::vector<std::string> paths_;
};

}  // namespace learncity::rpc
