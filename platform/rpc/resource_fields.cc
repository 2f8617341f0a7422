#include "platform/rpc/resource_fields.h"

#include <algorithm>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/field_mask_util.h"
#include "platform/rpc/status.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

const FieldDescriptor* FieldOf(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

google::protobuf::FieldMask MaskOf(const std::vector<std::string>& paths) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

}  // namespace

std::string TextOf(const Message& message, const std::string& field) {
  const auto* descriptor = FieldOf(message, field);
  LEARNCITY_CHECK(descriptor != nullptr) << message.GetTypeName() << " has no " << field;
  return message.GetReflection()->GetString(message, descriptor);
}

void SetText(Message* message, const std::string& field, const std::string& value) {
  const auto* descriptor = FieldOf(*message, field);
  if (descriptor != nullptr) message->GetReflection()->SetString(message, descriptor, value);
}

void ClearField(Message* message, const std::string& field) {
  const auto* descriptor = FieldOf(*message, field);
  if (descriptor != nullptr) message->GetReflection()->ClearField(message, descriptor);
}

bool HasMessage(const Message& message, const std::string& field) {
  const auto* descriptor = FieldOf(message, field);
  return descriptor != nullptr && message.GetReflection()->HasField(message, descriptor);
}

grpc::Status CheckUpdateMask(const google::protobuf::FieldMask& mask,
                             const std::vector<std::string>& allowed) {
  const bool fits = std::all_of(mask.paths().begin(), mask.paths().end(), [&](const auto& path) {
    return std::find(allowed.begin(), allowed.end(), path) != allowed.end();
  });
  google::rpc::BadRequest violations;
  if (!fits || mask.paths().empty()) {
    std::string paths;
    for (const std::string& path : allowed) paths += Concat(paths.empty() ? "" : ", ", path);
    AddViolation(
        &violations, "update_mask", fits ? "REQUIRED" : "UNKNOWN_PATH",
        Concat(fits ? "names nothing" : "has a path that cannot be updated", ": give of ", paths));
  }
  return ToStatus(violations);
}

std::string EtagOf(int64_t version) { return Concat("\"v", version, "\""); }

std::string DeterministicBytes(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    LEARNCITY_CHECK(message.SerializeToCodedStream(&coded)) << message.GetTypeName();
  }
  return bytes;
}

ReadMask::ReadMask(const Message& request) {
  const auto* field = FieldOf(request, "read_mask");
  if (field == nullptr) return;
  const auto& mask = static_cast<const google::protobuf::FieldMask&>(
      request.GetReflection()->GetMessage(request, field));
  paths_.assign(mask.paths().begin(), mask.paths().end());
  if (std::find(paths_.begin(), paths_.end(), "*") != paths_.end()) paths_.clear();
}

grpc::Status ReadMask::Check(const google::protobuf::Descriptor* resource) const {
  google::rpc::BadRequest violations;
  for (const std::string& path : paths_) {
    if (FieldMaskUtil::GetFieldDescriptors(resource, path, nullptr)) continue;
    AddViolation(&violations, "read_mask", "UNKNOWN_PATH",
                 Concat("has a path that is no field of a ", resource->name()));
    break;
  }
  return ToStatus(violations);
}

bool ReadMask::Wants(const std::string& field) const {
  return paths_.empty() || std::any_of(paths_.begin(), paths_.end(), [&](const std::string& path) {
           return path == field || path.starts_with(Concat(field, "."));
         });
}

void ReadMask::Trim(Message* resource) const {
  if (!paths_.empty()) FieldMaskUtil::TrimMessage(MaskOf(paths_), resource);
}

}  // namespace learncity::rpc
