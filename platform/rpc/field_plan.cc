// How a FieldPlan is made from a type's options.
#include <map>

#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "platform/rpc/field_rules.h"
#include "platform/rpc/formats.h"
#include "platform/runtime/check.h"
#include "platform/runtime/mutex.h"

namespace learncity::rpc {

using google::protobuf::FieldDescriptor;

// Plans by type. Any thread; a plan stays where it is once made.
class FieldPlans {
 public:
  const FieldPlan& Get(const google::protobuf::Descriptor* type) LEARNCITY_EXCLUDES(mutex_) {
    MutexLock lock(&mutex_);
    return Make(type);
  }

 private:
  const FieldPlan& Make(const google::protobuf::Descriptor* type) LEARNCITY_REQUIRES(mutex_);
  // The plan of a resource in a request with update_mask.
  const FieldPlan& MakeUpdated(const google::protobuf::Descriptor* resource)
      LEARNCITY_REQUIRES(mutex_);
  FieldPlan::Field MakeField(const FieldDescriptor& field) LEARNCITY_REQUIRES(mutex_);

  Mutex mutex_;
  std::map<const google::protobuf::Descriptor*, std::unique_ptr<FieldPlan>> plans_
      LEARNCITY_GUARDED_BY(mutex_);
  std::map<const google::protobuf::Descriptor*, std::unique_ptr<FieldPlan>> updated_
      LEARNCITY_GUARDED_BY(mutex_);
};

namespace {

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool IsResource(const google::protobuf::Descriptor& type) {
  return type.options().HasExtension(google::api::resource);
}

bool IsWholeNumber(const FieldDescriptor& field) {
  const auto type = field.cpp_type();
  return type == FieldDescriptor::CPPTYPE_INT32 || type == FieldDescriptor::CPPTYPE_INT64 ||
         type == FieldDescriptor::CPPTYPE_UINT32 || type == FieldDescriptor::CPPTYPE_UINT64;
}

// The rules fit the field's type.
void CheckRules(const FieldDescriptor& field, const options::v1::FieldRules& rules, bool is_date) {
  const bool is_text = field.type() == FieldDescriptor::TYPE_STRING;
  LEARNCITY_CHECK(rules.max_length() == 0 || is_text) << field.full_name();
  LEARNCITY_CHECK(rules.max_bytes() == 0 || field.type() == FieldDescriptor::TYPE_BYTES)
      << field.full_name();
  LEARNCITY_CHECK(rules.max_items() == 0 || field.is_repeated()) << field.full_name();
  LEARNCITY_CHECK(!rules.has_range() || IsWholeNumber(field)) << field.full_name();
  LEARNCITY_CHECK_LE(rules.min(), rules.max()) << field.full_name();
  if (rules.format() != options::v1::FORMAT_UNSPECIFIED) {
    LEARNCITY_CHECK(IsDateFormat(rules.format()) ? is_date : is_text) << field.full_name();
  }
}

}  // namespace

FieldPlan::Field FieldPlans::MakeField(const FieldDescriptor& field) {
  FieldPlan::Field plan;
  plan.field = &field;
  plan.output_only = Behaves(field, google::api::OUTPUT_ONLY);
  if (plan.output_only) return plan;
  LEARNCITY_CHECK(!field.is_map()) << field.full_name() << ": requests have no maps";
  const auto* message = field.message_type();
  plan.required = Behaves(field, google::api::REQUIRED);
  plan.is_date = message != nullptr && message->full_name() == "google.type.Date";
  plan.rules = field.options().GetExtension(options::v1::rules);
  CheckRules(field, plan.rules, plan.is_date);
  if (plan.is_date && plan.rules.format() == options::v1::FORMAT_UNSPECIFIED) {
    plan.rules.set_format(options::v1::FORMAT_FULL_DATE);
  }
  if (field.options().HasExtension(google::api::resource_reference)) {
    const std::string& type = field.options().GetExtension(google::api::resource_reference).type();
    plan.reference = FindResourceType(type);
    LEARNCITY_CHECK(plan.reference != nullptr)
        << field.full_name() << " refers to " << type << ", which no linked proto declares";
  }
  const bool well_known = message != nullptr && message->file()->package() == "google.protobuf";
  if (message == nullptr || plan.is_date || well_known) return plan;
  const bool is_updated = field.containing_type()->FindFieldByName("update_mask") != nullptr;
  plan.nested = is_updated && IsResource(*message) ? &MakeUpdated(message) : &Make(message);
  return plan;
}

const FieldPlan& FieldPlans::Make(const google::protobuf::Descriptor* type) {
  auto& plan = plans_[type];
  if (plan) return *plan;
  plan = std::make_unique<FieldPlan>();
  FieldPlan& made = *plan;
  made.mask_ = type->FindFieldByName("update_mask");
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldPlan::Field field = MakeField(*type->field(i));
    // A message that contains itself meets its own unfinished plan here; the walk is then made in
    // vain, but not wrongly.
    made.has_output_only_ |= field.output_only || field.nested != nullptr;
    made.fields_.push_back(field);
  }
  return made;
}

const FieldPlan& FieldPlans::MakeUpdated(const google::protobuf::Descriptor* resource) {
  const FieldPlan& plan = Make(resource);
  auto& updated = updated_[resource];
  if (updated) return *updated;
  updated = std::make_unique<FieldPlan>(plan);
  for (FieldPlan::Field& field : updated->fields_) {
    field.required_if_masked = field.required;
    field.required = field.field->name() == "name";
    if (!field.required) continue;
    field.output_only = false;
    field.reference =
        FindResourceType(resource->options().GetExtension(google::api::resource).type());
  }
  return *updated;
}

const FieldPlan& FieldPlan::Of(const google::protobuf::Descriptor* type) {
  static auto* plans = new FieldPlans();
  return plans->Get(type);
}

}  // namespace learncity::rpc
