// What clerks ask again, and what they ask instead under the same request_id.
#include <algorithm>

#include "platform/runtime/concat.h"
#include "tests/simulation/client.h"

namespace learncity::simulation {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Answers are kept for seven days. In between nobody repeats.
constexpr std::chrono::hours kRepeatedWithin{24 * 6};
constexpr std::chrono::hours kForgottenAfter{24 * 8};

// The first of these fields that is set in the message, or in one below it; nullptr when none is.
const FieldDescriptor* FieldAmong(const std::vector<std::string>& names, Message*& message) {
  const auto* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(*message, &set);
  for (const FieldDescriptor* field : set) {
    if (std::find(names.begin(), names.end(), field->name()) != names.end()) return field;
  }
  for (const FieldDescriptor* field : set) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) continue;
    Message* below = reflection->MutableMessage(message, field);
    if (const auto* found = FieldAmong(names, below)) {
      message = below;
      return found;
    }
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<const Message> Client::Changed(const Message& request) {
  static const std::vector<std::string> kTexts = {"display_name", "legal_reference", "decision",
                                                  "competition", "source"};
  static const std::vector<std::string> kDates = {"end_date", "start_date", "valid_to", "from_date",
                                                  "withdrawn_date"};
  std::shared_ptr<Message> changed(request.New());
  changed->CopyFrom(request);
  Message* at = changed.get();
  if (auto* learner = dynamic_cast<enrollment::v1::RegisterLearnerRequest*>(at)) {
    *learner->mutable_learner() = SomeLearner();
  } else if (auto* updating = dynamic_cast<enrollment::v1::UpdateLearnerRequest*>(at)) {
    const std::string name = updating->learner().name();
    *updating->mutable_learner() = SomeLearner();
    updating->mutable_learner()->set_name(name);
  } else if (auto* enrolling = dynamic_cast<enrollment::v1::EnrollLearnerRequest*>(at)) {
    enrolling->set_learner(Some("learners"));
  } else if (const auto* text = FieldAmong(kTexts, at)) {
    at->GetReflection()->SetString(at, text, Concat("Khác ", ++known_.made));
  } else if (const auto* date = FieldAmong(kDates, at)) {
    at->GetReflection()->MutableMessage(at, date)->CopyFrom(DateNear(10, 60));
  }
  return changed;
}

int Client::GenerationOf(const Call& call) const {
  int newest = 0;
  Time first = Time::max(), last = Time::min();
  bool open = false;
  for (const Call& other : known_.history) {
    if (other.request_id != call.request_id || other.caller != call.caller) continue;
    if (other.generation > newest) first = Time::max();
    newest = std::max(newest, other.generation);
    first = std::min(first, other.asked_at);
    last = std::max(last, other.asked_at);
    open |= other.end == End::kUnknown;
  }
  if (world_.now() - first < kRepeatedWithin) return newest;
  return world_.now() - last > kForgottenAfter && !open ? newest + 1 : -1;
}

void Client::Repeat() {
  if (known_.history.empty()) return OpenUnit();
  // What was left open is asked again first of all.
  std::vector<const Call*> open;
  for (const Call& call : known_.history) {
    if (call.end == End::kUnknown) open.push_back(&call);
  }
  const Call& call = !open.empty() && chance_.OneIn(2)
                         ? *chance_.OneOf(open)
                         : known_.history[static_cast<size_t>(
                               chance_.Below(static_cast<int>(known_.history.size())))];
  Call again;
  again.generation = GenerationOf(call);
  if (again.generation < 0) return;
  again.caller = call.caller;
  again.request_id = call.request_id;
  again.request = chance_.OneIn(5) ? Changed(*call.request) : call.request;
  Send(std::move(again));
}

}  // namespace learncity::simulation
