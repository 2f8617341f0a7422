#include "tests/simulation/client.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/calendar/calendar.h"
#include "platform/persons/papers.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/registry/domain/unit.h"

namespace learncity::simulation {
namespace {

using google::protobuf::Message;
namespace enroll = enrollment::v1;
using enroll::RegisterLearnerRequest;

// As the surface has it: no call waits for longer.
constexpr std::chrono::seconds kCallTimeMax{30};
constexpr int kThemes = 4;

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

// What a transfer stays within. Of an offering or an enrollment.
template <class Resource>
std::string ProgrammeOf(const Resource& resource) {
  return Concat(static_cast<int>(resource.kind()), " ", static_cast<int>(resource.isced_level()),
                " ", resource.grade(), " ", resource.school_year(), " ",
                static_cast<int>(resource.literacy_stage()));
}

std::string HashOf(const City& city, const Message& request) {
  const std::unique_ptr<Message> hashed(request.New());
  hashed->CopyFrom(request);
  SetField(*hashed, "request_id", "");
  return city.HashRequest(hashed->SerializeAsString());
}

}  // namespace

Client::Client(World& world, Chance& chance, Known known)
    : world_(world), chance_(chance), theme_(chance.Below(kThemes)), known_(std::move(known)) {}

void Client::Act() {
  // Weights by theme: of everything; units and centers; seats and waitlists; recognitions and
  // reports.
  struct Choice {
    void (Client::*act)();
    std::array<int, kThemes> weight;
  };
  static constexpr Choice kChoices[] = {
      {&Client::OpenUnit, {2, 4, 1, 2}},
      {&Client::RecordUnitAct, {2, 8, 0, 2}},
      {&Client::OpenCenter, {3, 6, 2, 1}},
      {&Client::MoveCenter, {1, 5, 0, 0}},
      {&Client::CloseCenter, {1, 3, 2, 0}},
      {&Client::GrantAccreditation, {1, 4, 0, 0}},
      {&Client::WithdrawAccreditation, {1, 3, 0, 0}},
      {&Client::RecordUnitCount, {1, 2, 0, 1}},
      {&Client::RegisterLearner, {5, 3, 4, 4}},
      {&Client::OpenOffering, {4, 3, 3, 0}},
      {&Client::EnrollLearner, {10, 4, 18, 0}},
      {&Client::CompleteEnrollment, {4, 2, 3, 0}},
      {&Client::TransferEnrollment, {3, 1, 6, 0}},
      {&Client::WithdrawEnrollment, {3, 1, 7, 0}},
      {&Client::UpdateLearner, {4, 1, 2, 3}},
      {&Client::EraseLearner, {2, 1, 2, 2}},
      {&Client::EmployStaff, {2, 2, 0, 0}},
      {&Client::UpdateStaff, {1, 1, 0, 0}},
      {&Client::EndEmployment, {1, 1, 0, 0}},
      {&Client::EraseStaff, {1, 1, 0, 0}},
      {&Client::MatchLearner, {3, 1, 3, 2}},
      {&Client::RecordAward, {2, 0, 0, 6}},
      {&Client::WithdrawAward, {1, 0, 0, 4}},
      {&Client::GrantRecognition, {2, 0, 0, 7}},
      {&Client::RenewRecognition, {1, 0, 0, 5}},
      {&Client::WithdrawRecognition, {1, 0, 0, 4}},
      {&Client::StartRecount, {2, 2, 2, 2}},
      {&Client::RecordObservation, {1, 0, 0, 3}},
      {&Client::WithdrawObservation, {1, 0, 0, 2}},
      {&Client::FreezeReport, {1, 0, 0, 2}},
      {&Client::DraftReport, {1, 0, 0, 2}},
      {&Client::ReviseReport, {1, 0, 0, 2}},
      {&Client::FinalizeReport, {1, 0, 0, 3}},
      {&Client::Repeat, {9, 9, 9, 9}},
  };
  int weights = 0;
  for (const Choice& choice : kChoices) weights += choice.weight[theme_];
  int drawn = chance_.Below(weights);
  for (const Choice& choice : kChoices) {
    drawn -= choice.weight[theme_];
    if (drawn < 0) return (this->*choice.act)();
  }
}

void Client::StartRecount() { Ask(reporting::v1::StartRecountRequest()); }

const Call& Client::Ask(const Message& asked, std::string caller) {
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

// What the surface does with a request: hash it, seal what is personal, compute what a rule decides
// over in its place, hand it to the writer.
Call& Client::Send(Call call) {
  call.service = ServiceOf(*call.request);
  call.method = MethodOf(*call.request);
  call.hash = HashOf(world_.city(), *call.request);
  call.asked_at = world_.now();
  Call& mine = known_.history.emplace_back(std::move(call));
  world_.Say(Concat("call ", known_.history.size(), " ", Describe(mine)));
  std::unique_ptr<Message> request(mine.request->New());
  request->CopyFrom(*mine.request);
  if (persons::Persons* edge = EdgeOf(*request); edge != nullptr) {
    Seal(mine, std::move(request), *edge);
  } else {
    SendSealed(mine, std::move(request), std::nullopt);
  }
  return mine;
}

persons::Persons* Client::EdgeOf(const Message& request) {
  if (dynamic_cast<const RegisterLearnerRequest*>(&request) != nullptr ||
      dynamic_cast<const enroll::UpdateLearnerRequest*>(&request) != nullptr) {
    return &world_.city().persons();
  }
  const bool employs = dynamic_cast<const registry::v1::EmployStaffRequest*>(&request) != nullptr;
  return employs ? &world_.city().staff() : nullptr;
}

void Client::Seal(Call& call, std::unique_ptr<Message> request, persons::Persons& edge) {
  Message* sealed = request.get();
  if (auto* registering = dynamic_cast<RegisterLearnerRequest*>(sealed)) {
    enroll::Learner& learner = *registering->mutable_learner();
    learner.set_birth_year(persons::BirthYearOf(persons::PapersOf(learner)));
  }
  // The city holds it until it is sealed. With the power it goes too.
  const auto waiting = std::make_shared<std::unique_ptr<Message>>(std::move(request));
  const absl::Status taken = edge.SealLater(
      sealed, call.caller, [this, &call, waiting](absl::StatusOr<std::optional<Refusal>> refusal) {
        if (refusal.ok()) return SendSealed(call, std::move(*waiting), std::move(*refusal));
        call.why = refusal.status().ToString();
        world_.Say(Concat("  not sealed: ", call.why));
      });
  LEARNCITY_CHECK_OK(taken);
}

void Client::SendSealed(Call& call, std::unique_ptr<Message> request,
                        std::optional<Refusal> refusal) {
  const Time now = world_.now();
  host::Host& host = *world_.city().Owner(call.service);
  auto computed = Computed(std::move(request));
  if (!computed.ok()) {
    call.end = End::kFailed;
    call.why = computed.status().ToString();
    world_.Say(Concat("  not computed: ", call.why));
    return;
  }
  const absl::Status submitted = host.writer().Submit(ledger::RequestInput{
      .method = call.method,
      .caller = call.caller,
      .request_id = call.request_id,
      .request_hash = call.hash,
      .request = std::move(*computed),
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
  Learn(*answer.document, name);
}

bool Client::Learn(const std::string& name) {
  auto& names = known_.names[name.substr(0, name.find('/'))];
  if (std::find(names.begin(), names.end(), name) != names.end()) return false;
  names.push_back(name);
  return true;
}

void Client::Learn(const Message& document, const std::string& name) {
  if (!Learn(name)) return;
  if (const auto* center = dynamic_cast<const registry::v1::Center*>(&document)) {
    known_.kinds_of_centers[name] = center->kind();
  } else if (const auto* act = dynamic_cast<const registry::v1::UnitAct*>(&document)) {
    for (const auto& opened : act->opened()) (void)Learn(registry::v1::UnitName(opened));
  } else if (const auto* offering = dynamic_cast<const enroll::Offering*>(&document)) {
    known_.programmes[name] = ProgrammeOf(*offering);
    known_.offerings_of[known_.programmes[name]].push_back(name);
  } else if (const auto* enrollment = dynamic_cast<const enroll::Enrollment*>(&document)) {
    known_.programmes[name] = ProgrammeOf(*enrollment);
    known_.offering_of[name] = enrollment->offering();
    known_.enrollments_in[enrollment->offering()].push_back(name);
    if (enrollment->state() == enroll::Enrollment::STATE_WAITING) {
      known_.waited_for.push_back(enrollment->offering());
    }
  }
}

Day Client::NearToday(int days_before, int days_after) {
  return Today(world_.now()) +
         std::chrono::days(chance_.Below(days_before + days_after + 1) - days_before);
}

google::type::Date Client::DateNear(int days_before, int days_after) {
  return ToDate(NearToday(days_before, days_after));
}

std::string Client::Describe(const Call& call) const {
  const std::string& method = call.method;
  std::string text = Concat(call.caller, " ", method.substr(method.rfind('/') + 1), " {",
                            call.request->ShortDebugString(), "}");
  if (call.generation > 0) text += Concat(" generation ", call.generation);
  return text;
}

const Call& Client::Probe(const std::string& national_id) {
  RegisterLearnerRequest request;
  request.mutable_learner()->mutable_person()->set_national_id(national_id);
  return Ask(request, "probe");
}

}  // namespace learncity::simulation
