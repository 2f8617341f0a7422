// Names of resources, as "learners/0198c0de-…": which types there are, and what their names look
// like. Taken from the google.api.resource options of every linked proto. From any thread.
#pragma once

#include <string>
#include <string_view>

namespace learncity::rpc {

// What stands after the collection.
enum class IdForm {
  // A UUID, or a natural key of [a-z0-9-].
  kPlain,
  // A unit's code, '-', and a day that exists, as "00004-20250701" or "00004-12-20250701".
  kDatedCode,
  // [A-Za-z0-9._-], as "OAEPG.1".
  kCode,
};

// Longest part after the collection: room for a natural key that is made of others, as
// "residential-group-00004-12-20250701-1203".
constexpr size_t kIdLengthMax = 80;

struct ResourceType {
  // "learncity/Learner".
  std::string type;
  // "learners".
  std::string collection;
  // "learners/{learner}".
  std::string pattern;
  IdForm id_form = IdForm::kPlain;
};

// nullptr when no linked proto declares it. Lives as long as the program.
const ResourceType* FindResourceType(std::string_view type);
// By what stands before the first '/'.
const ResourceType* FindResourceTypeOfName(std::string_view name);

bool IsNameOf(const ResourceType& type, std::string_view name);

}  // namespace learncity::rpc
