#include "services/learncity/import/field_path.h"

#include "absl/strings/str_split.h"
#include "platform/runtime/check.h"

namespace learncity::importing {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

FieldPath::FieldPath(const google::protobuf::Descriptor* request, std::string_view path)
    : text_(path) {
  const google::protobuf::Descriptor* holder = request;
  const std::vector<std::string> names = absl::StrSplit(text_, '.');
  for (const std::string& name : names) {
    const FieldDescriptor* field = holder == nullptr ? nullptr : holder->FindFieldByName(name);
    LEARNCITY_CHECK(field != nullptr) << request->full_name() << " has no " << text_;
    fields_.push_back(field);
    holder = field->message_type();
  }
}

Message& FieldPath::Holder(Message& request) const {
  Message* holder = &request;
  for (size_t i = 0; i + 1 < fields_.size(); ++i) {
    holder = holder->GetReflection()->MutableMessage(holder, fields_[i]);
  }
  return *holder;
}

void FieldPath::Begin(Message& request) const {
  if (fields_.size() > 1) request.GetReflection()->MutableMessage(&request, fields_.front());
}

const Message* FieldPath::Found(const Message& request) const {
  const Message* holder = &request;
  for (size_t i = 0; i + 1 < fields_.size(); ++i) {
    if (!holder->GetReflection()->HasField(*holder, fields_[i])) return nullptr;
    holder = &holder->GetReflection()->GetMessage(*holder, fields_[i]);
  }
  return holder;
}

const google::type::Date* FieldPath::DateIn(const Message& request) const {
  const Message* holder = Found(request);
  if (holder == nullptr || !holder->GetReflection()->HasField(*holder, &field())) return nullptr;
  return static_cast<const google::type::Date*>(
      &holder->GetReflection()->GetMessage(*holder, &field()));
}

std::string FieldPath::ValueIn(const Message& request) const {
  const Message* holder = Found(request);
  if (holder == nullptr) return "";
  const auto& reflection = *holder->GetReflection();
  if (field().cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    return std::to_string(reflection.GetEnumValue(*holder, &field()));
  }
  return reflection.GetString(*holder, &field());
}

}  // namespace learncity::importing
