#include "tests/simulation/client.h"

#include <algorithm>
#include <cctype>

#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/enrollment/domain/person.h"

namespace learncity::simulation {
namespace {

using google::protobuf::Message;
namespace enroll = enrollment::v1;
using enroll::RegisterLearnerRequest;

// As the surface has it: no call waits for longer.
constexpr std::chrono::seconds kCallTimeMax{30};
// Answers are kept for seven days. In between nobody repeats.
constexpr std::chrono::hours kRepeatedWithin{24 * 6};
constexpr std::chrono::hours kForgottenAfter{24 * 8};

std::string FieldOf(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  LEARNCITY_CHECK(field != nullptr) << message.GetTypeName() << "." << name;
  return message.GetReflection()->GetString(message, field);
}

void SetField(Message& message, const char* name, const std::string& value) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  message.GetReflection()->SetString(&message, field, value);
}

// "enrollment", from the request's package.
std::string ServiceOf(const Message& request) {
  const std::string& package = request.GetDescriptor()->file()->package();
  const size_t begin = package.find('.') + 1;
  return package.substr(begin, package.find('.', begin) - begin);
}

// "/learncity.enrollment.v1.EnrollmentService/EnrollLearner".
std::string MethodOf(const Message& request) {
  std::string service = ServiceOf(request);
  service[0] = static_cast<char>(std::toupper(service[0]));
  const std::string& name = request.GetDescriptor()->name();
  return Concat("/", request.GetDescriptor()->file()->package(), ".", service, "Service/",
                name.substr(0, name.size() - std::string_view("Request").size()));
}

std::string HashOf(const City& city, const Message& request) {
  const std::unique_ptr<Message> hashed(request.New());
  hashed->CopyFrom(request);
  SetField(*hashed, "request_id", "");
  return city.HashRequest(hashed->SerializeAsString());
}

}  // namespace

void Client::Act() {
  struct Choice {
    int weight;
    void (Client::*act)();
  };
  static constexpr Choice kChoices[] = {
      {2, &Client::OpenUnit},
      {3, &Client::OpenCenter},
      {6, &Client::RegisterLearner},
      {4, &Client::OpenOffering},
      {10, &Client::EnrollLearner},
      {4, &Client::CompleteEnrollment},
      {3, &Client::WithdrawEnrollment},
      {2, &Client::EraseLearner},
      {9, &Client::Repeat},
  };
  int weights = 0;
  for (const Choice& choice : kChoices) weights += choice.weight;
  int drawn = chance_.Below(weights);
  for (const Choice& choice : kChoices) {
    drawn -= choice.weight;
    if (drawn < 0) return (this->*choice.act)();
  }
}

Call& Client::Ask(const Message& asked, std::string caller) {
  Call call;
  call.caller = std::move(caller);
  call.request_id = RandomId(world_.now());
  std::shared_ptr<Message> request(asked.New());
  request->CopyFrom(asked);
  SetField(*request, "request_id", call.request_id.ToString());
  call.request = std::move(request);
  return Send(std::move(call));
}

void Client::Ask(const Message& asked) { Ask(asked, Concat("clerk-", chance_.Below(2))); }

// What the surface does with a request: hash it, seal what is personal, hand it to the writer.
Call& Client::Send(Call call) {
  call.service = ServiceOf(*call.request);
  call.method = MethodOf(*call.request);
  call.hash = HashOf(world_.city(), *call.request);
  call.asked_at = world_.now();
  Call& mine = history_.emplace_back(std::move(call));
  world_.Say(Concat("call ", history_.size(), " ", Describe(mine)));
  std::unique_ptr<Message> request(mine.request->New());
  request->CopyFrom(*mine.request);
  std::optional<Refusal> refusal;
  if (auto* registering = dynamic_cast<RegisterLearnerRequest*>(request.get())) {
    enroll::FillBirthYear(*registering->mutable_learner());
    auto sealed = world_.city().persons().Seal(*registering, mine.caller);
    if (!sealed.ok()) {
      mine.why = sealed.status().ToString();
      world_.Say(Concat("  not sealed: ", mine.why));
      return mine;
    }
    refusal = std::move(*sealed);
  }
  SendSealed(mine, std::move(request), std::move(refusal));
  return mine;
}

void Client::SendSealed(Call& call, std::unique_ptr<Message> request,
                        std::optional<Refusal> refusal) {
  const Time now = world_.now();
  host::Host& host = *world_.city().Owner(call.service);
  const absl::Status submitted = host.writer().Submit(ledger::RequestInput{
      .method = call.method,
      .caller = call.caller,
      .request_id = call.request_id,
      .request_hash = call.hash,
      .request = std::move(request),
      .refusal = std::move(refusal),
      .moment = {.now = now, .seed = RandomId(now).ToString()},
      .deadline = now + kCallTimeMax,
      .done = [this, &call](const ledger::Answer& answer) { Answered(call, answer); }});
  if (submitted.ok()) return;
  call.end = End::kFailed;
  call.why = submitted.ToString();
  world_.Say(Concat("  not taken: ", call.why));
}

void Client::Refused(Call& call, const std::string& why) {
  call.end = End::kRefused;
  call.why = why;
  world_.Say(Concat("  refused: ", why));
}

void Client::Answered(Call& call, const ledger::Answer& answer) {
  ++call.answers;
  if (answer.refusal) return Refused(call, answer.refusal->reason);
  if (!answer.ok()) {
    call.why = answer.fault.ToString();
    // Told before anything was run, or by a disk that has undone it.
    const bool nothing =
        absl::IsDeadlineExceeded(answer.fault) || absl::IsResourceExhausted(answer.fault);
    if (nothing) call.end = End::kFailed;
    world_.Say(Concat("  fault: ", call.why));
    return;
  }
  const std::string name = FieldOf(*answer.document, "name");
  call.end = End::kOk;
  call.document = IdOf(name);
  call.position = answer.position;
  world_.Say(Concat("  ok at ", answer.position, answer.repeated ? " again: " : ": ", name));
  if (const auto* center = dynamic_cast<const registry::v1::Center*>(answer.document)) {
    kinds_of_centers_[name] = center->kind();
  }
  const std::string collection = name.substr(0, name.find('/'));
  auto& names = collection == "units"       ? units_
                : collection == "centers"   ? centers_
                : collection == "learners"  ? learners_
                : collection == "offerings" ? offerings_
                                            : enrollments_;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::string Client::Describe(const Call& call) const {
  const std::string& method = call.method;
  std::string text = Concat(call.caller, " ", method.substr(method.rfind('/') + 1), " {",
                            call.request->ShortDebugString(), "}");
  if (call.generation > 0) text += Concat(" generation ", call.generation);
  return text;
}

int Client::GenerationOf(const Call& call) const {
  int newest = 0;
  Time first = Time::max(), last = Time::min();
  bool open = false;
  for (const Call& other : history_) {
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
  if (history_.empty()) return OpenUnit();
  // What was left open is asked again first of all.
  std::vector<const Call*> open;
  for (const Call& call : history_) {
    if (call.end == End::kUnknown) open.push_back(&call);
  }
  const Call& call =
      !open.empty() && chance_.OneIn(2)
          ? *chance_.OneOf(open)
          : history_[static_cast<size_t>(chance_.Below(static_cast<int>(history_.size())))];
  Call again;
  again.generation = GenerationOf(call);
  if (again.generation < 0) return;
  again.caller = call.caller;
  again.request_id = call.request_id;
  again.request = chance_.OneIn(5) ? Changed(*call.request) : call.request;
  Send(std::move(again));
}

const Call& Client::Probe(const std::string& national_id) {
  RegisterLearnerRequest request;
  request.mutable_learner()->mutable_person()->set_national_id(national_id);
  return Ask(request, "probe");
}

}  // namespace learncity::simulation
