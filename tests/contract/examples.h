// An example request for every method.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "tests/contract/grounds.h"

namespace learncity::contract {

struct Example {
  // A new request that is accepted. With what it names made, and without request_id.
  std::function<std::unique_ptr<google::protobuf::Message>(Grounds&)> make;
  // Of a write method: makes it another request that would be accepted too. Empty where a request
  // says nothing but its id.
  std::function<void(google::protobuf::Message*)> change;
};

// By ShortName of the method.
const std::map<std::string, Example>& Examples();

// The example of a method, or nullptr with a failure that says what to add.
const Example* FindExample(const google::protobuf::MethodDescriptor& method);

}  // namespace learncity::contract
