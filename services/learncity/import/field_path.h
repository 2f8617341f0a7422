// A field of a request, found by its path from the request. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/type/date.pb.h"

namespace learncity::importing {

// Constant after construction.
class FieldPath {
 public:
  // "learner.person.birth_date". A path that leads to no field is a bug and aborts.
  FieldPath(const google::protobuf::Descriptor* request, std::string_view path);

  const std::string& text() const { return text_; }
  // The last field of the path.
  const google::protobuf::FieldDescriptor& field() const { return *fields_.back(); }

  // The message that the last field is of; made when it is absent.
  google::protobuf::Message& Holder(google::protobuf::Message& request) const;
  // Makes the message that the first field holds, where the path goes on below it.
  void Begin(google::protobuf::Message& request) const;

  // The date that the last field holds, or nullptr when it is absent.
  const google::type::Date* DateIn(const google::protobuf::Message& request) const;
  // The text or number that the last field holds, as bytes to compare by.
  std::string ValueIn(const google::protobuf::Message& request) const;

 private:
  // nullptr when a message on the way is absent.
  const google::protobuf::Message* Found(const google::protobuf::Message& request) const;

  std::string text_;
  std::vector<const google::protobuf::FieldDescriptor*> fields_;
};

}  // namespace learncity::importing
