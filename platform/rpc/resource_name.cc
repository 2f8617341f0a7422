#include "platform/rpc/resource_name.h"

#include <algorithm>
#include <map>
#include <vector>

#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "platform/ledger/id.h"
#include "platform/rpc/formats.h"
#include "platform/runtime/check.h"

namespace learncity::rpc {
namespace {

struct Exception {
  std::string_view type;
  IdForm form;
};
constexpr Exception kExceptions[] = {{"learncity/Unit", IdForm::kDatedCode},
                                     {"learncity/Indicator", IdForm::kCode}};

using Types = std::map<std::string, ResourceType, std::less<>>;

void AddResource(const google::protobuf::Descriptor& message, Types* types) {
  if (!message.options().HasExtension(google::api::resource)) return;
  const auto& option = message.options().GetExtension(google::api::resource);
  LEARNCITY_CHECK_EQ(option.pattern_size(), 1) << message.full_name();
  ResourceType type{.type = option.type(), .collection = "", .pattern = option.pattern(0)};
  const size_t slash = type.pattern.find("/{");
  LEARNCITY_CHECK(slash != std::string::npos && type.pattern.ends_with('}') &&
                  type.pattern.find('/') == slash && type.pattern.rfind('/') == slash)
      << type.pattern << " is not collection/{id}";
  type.collection = type.pattern.substr(0, slash);
  for (const Exception& exception : kExceptions) {
    if (exception.type == type.type) type.id_form = exception.form;
  }
  types->emplace(type.type, type);
}

// Every linked proto is asked, since a reference may name a resource of a file it does not import.
Types AllTypes() {
  std::vector<std::string> files;
  google::protobuf::DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  Types types;
  for (const std::string& name : files) {
    if (name.starts_with("google/")) continue;
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; i < file->message_type_count(); ++i) {
      AddResource(*file->message_type(i), &types);
    }
  }
  return types;
}

const Types& KnownTypes() {
  static const auto* types = new Types(AllTypes());
  return *types;
}

bool AllOf(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool IsDatedCode(std::string_view id) {
  const size_t hyphen = id.rfind('-');
  return hyphen != std::string_view::npos && IsUnitCode(id.substr(0, hyphen)) &&
         IsCompactDate(id.substr(hyphen + 1));
}

bool IsId(IdForm form, std::string_view id) {
  if (id.empty() || id.size() > kIdLengthMax) return false;
  switch (form) {
    case IdForm::kPlain:
      return AllOf(id, [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || c == '-'; }) ||
             Id::Parse(id).has_value();
    case IdForm::kDatedCode:
      return IsDatedCode(id);
    case IdForm::kCode:
      return AllOf(id, [](char c) {
        return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '_' || c == '-';
      });
  }
  return false;
}

}  // namespace

const ResourceType* FindResourceType(std::string_view type) {
  const auto found = KnownTypes().find(type);
  return found == KnownTypes().end() ? nullptr : &found->second;
}

const ResourceType* FindResourceTypeOfName(std::string_view name) {
  const std::string_view collection = name.substr(0, name.find('/'));
  for (const auto& [type, known] : KnownTypes()) {
    if (known.collection == collection) return &known;
  }
  return nullptr;
}

bool IsNameOf(const ResourceType& type, std::string_view name) {
  return name.starts_with(type.collection) && name.size() > type.collection.size() + 1 &&
         name[type.collection.size()] == '/' &&
         IsId(type.id_form, name.substr(type.collection.size() + 1));
}

}  // namespace learncity::rpc
