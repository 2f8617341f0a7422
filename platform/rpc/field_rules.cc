#include "platform/rpc/field_rules.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "google/protobuf/field_mask.pb.h"
#include "google/type/date.pb.h"
#include "platform/rpc/formats.h"
#include "platform/rpc/status.h"
#include "platform/runtime/concat.h"

namespace learncity::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Index of a field that is not repeated.
constexpr int kSingular = -1;

int64_t NumberIn(const Message& message, const FieldDescriptor* field, int index) {
  const auto& r = *message.GetReflection();
  const bool one = index == kSingular;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return one ? r.GetInt32(message, field) : r.GetRepeatedInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_INT64:
      return one ? r.GetInt64(message, field) : r.GetRepeatedInt64(message, field, index);
    case FieldDescriptor::CPPTYPE_UINT32:
      return one ? r.GetUInt32(message, field) : r.GetRepeatedUInt32(message, field, index);
    case FieldDescriptor::CPPTYPE_UINT64: {
      const uint64_t number =
          one ? r.GetUInt64(message, field) : r.GetRepeatedUInt64(message, field, index);
      constexpr auto kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
      return static_cast<int64_t>(std::min(number, kMax));
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return one ? r.GetEnumValue(message, field) : r.GetRepeatedEnumValue(message, field, index);
    default:
      return 0;
  }
}

}  // namespace

struct FieldPlan::Place {
  const Place* above = nullptr;
  const FieldDescriptor* field = nullptr;
  int index = kSingular;

  std::string Path() const {
    std::string path = above == nullptr ? "" : above->Path();
    if (field == nullptr) return path;
    if (!path.empty()) path += '.';
    path += field->name();
    if (index != kSingular) path += Concat("[", index, "]");
    return path;
  }
};

// Walks one message and those in it.
class FieldPlan::Finder {
 public:
  explicit Finder(google::rpc::BadRequest* violations) : violations_(violations) {}

  void Walk(const FieldPlan& plan, const Message& message, const Place* above) {
    if (plan.mask_ != nullptr) {
      mask_ = &static_cast<const google::protobuf::FieldMask&>(
          message.GetReflection()->GetMessage(message, plan.mask_));
    }
    for (const Field& field : plan.fields_) {
      if (field.output_only) continue;
      if (field.field->is_repeated()) {
        WalkItems(field, message, above);
      } else {
        CheckSingular(field, message, above);
      }
    }
  }

 private:
  void Add(const Place& place, std::string reason, std::string description) {
    AddViolation(violations_, place.Path(), std::move(reason), std::move(description));
  }

  void WalkItems(const Field& field, const Message& message, const Place* above) {
    const int items = message.GetReflection()->FieldSize(message, field.field);
    const Place place{above, field.field, kSingular};
    if (items == 0 && field.required) Add(place, "REQUIRED", "is required");
    const auto items_max = static_cast<int>(field.rules.max_items());
    if (items_max > 0 && items > items_max) {
      Add(place, "TOO_MANY", Concat("has ", items, " items, at most ", items_max, " are allowed"));
      return;
    }
    for (int i = 0; i < items; ++i) CheckValue(field, message, {above, field.field, i});
  }

  void CheckSingular(const Field& field, const Message& message, const Place* above) {
    const Place place{above, field.field, kSingular};
    if (IsAbsent(field, message)) {
      if (field.required || (field.required_if_masked && IsMasked(*field.field))) {
        Add(place, "REQUIRED", "is required");
      } else if (field.rules.has_range() && !field.field->has_presence()) {
        CheckRange(field, 0, place);
      }
      return;
    }
    CheckValue(field, message, place);
  }

  bool IsMasked(const FieldDescriptor& field) const {
    return mask_ != nullptr && std::find(mask_->paths().begin(), mask_->paths().end(),
                                         field.name()) != mask_->paths().end();
  }

  // Without presence, protobuf's HasField says whether the value differs from its default.
  static bool IsAbsent(const Field& field, const Message& message) {
    if (message.GetReflection()->HasField(message, field.field)) return false;
    const bool zero_is_a_value = !field.field->has_presence() && field.rules.has_range() &&
                                 field.rules.min() <= 0 && field.rules.max() >= 0;
    const bool is_bool = field.field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
    return !zero_is_a_value && !(is_bool && !field.field->has_presence());
  }

  void CheckValue(const Field& field, const Message& message, const Place& place) {
    switch (field.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        CheckText(field, message, place);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        CheckEnum(field, message, place);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        CheckMessage(field, message, place);
        break;
      default:
        if (field.rules.has_range()) {
          CheckRange(field, NumberIn(message, field.field, place.index), place);
        }
    }
  }

  void CheckRange(const Field& field, int64_t number, const Place& place) {
    if (number >= field.rules.min() && number <= field.rules.max()) return;
    Add(place, "OUT_OF_RANGE",
        Concat("is ", number, ", must be ", field.rules.min(), " to ", field.rules.max()));
  }

  void CheckText(const Field& field, const Message& message, const Place& place) {
    const auto& r = *message.GetReflection();
    std::string scratch;
    const std::string& text =
        place.index == kSingular
            ? r.GetStringReference(message, field.field, &scratch)
            : r.GetRepeatedStringReference(message, field.field, place.index, &scratch);
    const auto& rules = field.rules;
    if (rules.max_bytes() > 0 && text.size() > rules.max_bytes()) {
      Add(place, "TOO_LONG",
          Concat("has ", text.size(), " bytes, at most ", rules.max_bytes(), " are allowed"));
    }
    // Counting is needed only for texts that have more bytes than they may have characters.
    if (rules.max_length() > 0 && text.size() > rules.max_length()) {
      const size_t length = CountCharacters(text);
      if (length > rules.max_length()) {
        Add(place, "TOO_LONG",
            Concat("has ", length, " characters, at most ", rules.max_length(), " are allowed"));
      }
    }
    if (rules.format() != options::v1::FORMAT_UNSPECIFIED && !HasFormat(rules.format(), text)) {
      Add(place, "FORMAT", Concat("must be ", Describe(rules.format())));
    }
    if (field.reference != nullptr && !IsNameOf(*field.reference, text)) {
      Add(place, "RESOURCE_NAME",
          Concat("must be the name of a ", field.reference->type, ", ", field.reference->pattern));
    }
  }

  void CheckEnum(const Field& field, const Message& message, const Place& place) {
    const auto number = static_cast<int>(NumberIn(message, field.field, place.index));
    if (field.field->enum_type()->FindValueByNumber(number) != nullptr) return;
    Add(place, "UNKNOWN_VALUE",
        Concat("is ", number, ", which is no ", field.field->enum_type()->full_name()));
  }

  void CheckMessage(const Field& field, const Message& message, const Place& place) {
    const auto& r = *message.GetReflection();
    const Message& value = place.index == kSingular
                               ? r.GetMessage(message, field.field)
                               : r.GetRepeatedMessage(message, field.field, place.index);
    if (field.nested != nullptr) {
      Walk(*field.nested, value, &place);
    } else if (field.is_date &&
               !HasFormat(field.rules.format(), static_cast<const google::type::Date&>(value))) {
      Add(place, "FORMAT", Concat("must be ", Describe(field.rules.format())));
    }
  }

  google::rpc::BadRequest* const violations_;
  // The request's, once it is met.
  const google::protobuf::FieldMask* mask_ = nullptr;
};

void FieldPlan::Check(const Message& message, google::rpc::BadRequest* violations) const {
  Finder(violations).Walk(*this, message, nullptr);
}

void FieldPlan::ClearOutputOnly(Message* message) const {
  if (!has_output_only_) return;
  const auto& r = *message->GetReflection();
  for (const Field& field : fields_) {
    if (field.output_only) {
      r.ClearField(message, field.field);
    } else if (field.nested == nullptr || !field.nested->has_output_only_) {
      continue;
    } else if (field.field->is_repeated()) {
      for (int i = 0; i < r.FieldSize(*message, field.field); ++i) {
        field.nested->ClearOutputOnly(r.MutableRepeatedMessage(message, field.field, i));
      }
    } else if (r.HasField(*message, field.field)) {
      field.nested->ClearOutputOnly(r.MutableMessage(message, field.field));
    }
  }
}

}  // namespace learncity::rpc
