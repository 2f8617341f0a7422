// The one reflective check of what the protos say about fields: required, lengths, numbers of
// items, ranges, formats, names of resources, known enum values. Past it a rule may rely on them.
#pragma once

#include <memory>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "learncity/options/v1/options.pb.h"
#include "platform/rpc/resource_name.h"

namespace learncity::rpc {

// What is to be checked in messages of one type. Made once per type, on first use; constant after
// that, used from any thread, and lives as long as the program.
class FieldPlan {
 public:
  // A proto whose options contradict each other is a bug and aborts: a length on a number, a date's
  // format on a text, a reference to a type that no linked proto declares, a map.
  static const FieldPlan& Of(const google::protobuf::Descriptor* type);

  // Adds every violation, with paths as "learner.person.birth_date" or "items[2].code". Fields that
  // are OUTPUT_ONLY are passed over.
  //
  // A field without presence is absent when it is empty or 0, but for a number whose range has 0 in
  // it; an absent field is checked for REQUIRED and range alone. A google.type.Date without a
  // format must be a full date.
  //
  // A request with `update_mask` states a resource anew: the resource's `name` says which, and must
  // be given; its other fields are required only where the mask names them.
  void Check(const google::protobuf::Message& message, google::rpc::BadRequest* violations) const;

  // Clears fields that are OUTPUT_ONLY at any depth, as AIP-203 asks for requests.
  void ClearOutputOnly(google::protobuf::Message* message) const;

 private:
  friend class FieldPlans;
  struct Field {
    const google::protobuf::FieldDescriptor* field = nullptr;
    bool required = false;
    bool required_if_masked = false;
    bool output_only = false;
    bool is_date = false;
    options::v1::FieldRules rules;
    // The type a name must be of, or nullptr.
    const ResourceType* reference = nullptr;
    // The plan of a message field that is not a date, or nullptr.
    const FieldPlan* nested = nullptr;
  };
  // Where a message stands in its request, as a chain of fields.
  struct Place;
  class Finder;

  std::vector<Field> fields_;
  // The update_mask of a request that has one, or nullptr.
  const google::protobuf::FieldDescriptor* mask_ = nullptr;
  // Whether ClearOutputOnly has anything to do here or below.
  bool has_output_only_ = false;
};

}  // namespace learncity::rpc
