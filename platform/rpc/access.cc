#include "platform/rpc/access.h"

#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"
#include "learncity/options/v1/options.pb.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// What the proto says that a text field names: another resource, or, as its `name`, its own.
const ResourceType* NamedBy(const FieldDescriptor& field) {
  if (field.options().HasExtension(google::api::resource_reference)) {
    return FindResourceType(field.options().GetExtension(google::api::resource_reference).type());
  }
  const auto& message = field.containing_type()->options();
  if (field.name() != "name" || !message.HasExtension(google::api::resource)) return nullptr;
  return FindResourceType(message.GetExtension(google::api::resource).type());
}

std::optional<Subject> SubjectAt(const google::protobuf::Descriptor* message,
                                 const std::string& path) {
  Subject subject;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (const std::string& name : names) {
    const auto* field = message == nullptr ? nullptr : message->FindFieldByName(name);
    if (field == nullptr || field->is_repeated()) return std::nullopt;
    subject.path.push_back(field);
    message = field->message_type();
  }
  const FieldDescriptor& last = *subject.path.back();
  if (last.type() != FieldDescriptor::TYPE_STRING) return std::nullopt;
  subject.type = NamedBy(last);
  if (subject.type == nullptr) return std::nullopt;
  return subject;
}

// The lines of a method's option; what stands in them and is no subject goes to `unknown`.
std::vector<std::vector<Subject>> LinesOf(const MethodDescriptor& method,
                                          std::vector<std::string>* unknown) {
  std::vector<std::vector<Subject>> lines;
  for (const std::string& line : method.options().GetExtension(options::v1::access).subjects()) {
    auto& subjects = lines.emplace_back();
    const std::vector<std::string> paths = absl::StrSplit(line, '|');
    for (const std::string& path : paths) {
      auto subject = SubjectAt(method.input_type(), path);
      if (subject) {
        subjects.push_back(*std::move(subject));
      } else {
        unknown->push_back(Concat(method.full_name(), " ", path));
      }
    }
  }
  return lines;
}

std::string NamedIn(const Message& request, const Subject& subject) {
  const Message* at = &request;
  for (size_t i = 0; i + 1 < subject.path.size(); ++i) {
    at = &at->GetReflection()->GetMessage(*at, subject.path[i]);
  }
  return at->GetReflection()->GetString(*at, subject.path.back());
}

// The field rules have not been checked yet: a name of another kind of resource is held by nobody.
absl::StatusOr<bool> IsHeld(const Subject& subject, const Scope& scope, const Message& request,
                            const Within& within) {
  const std::string name = NamedIn(request, subject);
  if (!IsNameOf(*subject.type, name)) return false;
  return within(scope, name);
}

}  // namespace

std::optional<std::string> PermissionOf(const MethodDescriptor& method) {
  const std::string& permission = method.options().GetExtension(options::v1::access).permission();
  if (permission.empty()) return std::nullopt;
  return permission;
}

std::vector<std::string> MethodsWithoutPermission(
    const google::protobuf::ServiceDescriptor& service) {
  std::vector<std::string> names;
  for (int i = 0; i < service.method_count(); ++i) {
    if (!PermissionOf(*service.method(i))) names.push_back(service.method(i)->full_name());
  }
  return names;
}

Reach ReachOf(const MethodDescriptor& method) {
  std::vector<std::string> unknown;
  return {.is_public = method.options().GetExtension(options::v1::access).is_public(),
          .lines = LinesOf(method, &unknown)};
}

std::vector<std::string> SubjectsUnknown(const google::protobuf::ServiceDescriptor& service) {
  std::vector<std::string> unknown;
  for (int i = 0; i < service.method_count(); ++i) LinesOf(*service.method(i), &unknown);
  return unknown;
}

absl::StatusOr<bool> IsReached(const Reach& reach, const Scope& scope, const Message& request,
                               const Within& within) {
  if (reach.is_public) return true;
  if (reach.lines.empty() || !within) return false;
  for (const auto& line : reach.lines) {
    bool is_held = false;
    for (const Subject& subject : line) {
      const auto held = IsHeld(subject, scope, request, within);
      if (!held.ok()) return held.status();
      is_held |= *held;
    }
    if (!is_held) return false;
  }
  return true;
}

Refusal Denied(const std::optional<std::string>& permission, std::string_view resource) {
  return PlatformRefusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                         Concat("Permission '", permission.value_or("none"),
                                "' denied on resource '", resource, "' (or it might not exist)."));
}

std::optional<Refusal> Authorise(const Caller& caller, const std::optional<std::string>& permission,
                                 std::string_view resource) {
  if (permission && caller.May(*permission)) return std::nullopt;
  return Denied(permission, resource);
}

std::string PathOf(const MethodDescriptor& method) {
  return Concat("/", method.service()->full_name(), "/", method.name());
}

}  // namespace learncity::rpc
