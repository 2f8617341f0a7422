#include "platform/persons/persons.h"

#include <algorithm>

#include "google/api/resource.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::persons {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using privacy::ReserveOutcome;

constexpr std::chrono::minutes kLookEvery{1};
constexpr size_t kLookedIntoAtOnce = 100;
constexpr int kEventsAtOnce = 500;
constexpr size_t kWaitingMax = 4096;
constexpr size_t kSealedAtOnce = 256;

const FieldDescriptor* FieldOf(const Descriptor* type, const std::string& name) {
  const auto* field = type->FindFieldByName(name);
  LEARNCITY_CHECK(field != nullptr) << type->full_name() << " has no " << name;
  return field;
}

// What stands before the id in the document's name, as "learners/".
std::string CollectionOf(const Descriptor* document) {
  const std::string& pattern = document->options().GetExtension(google::api::resource).pattern(0);
  return pattern.substr(0, pattern.find('/') + 1);
}

// The paths of a request's update_mask; nullptr where the request has none.
const google::protobuf::FieldMask* MaskOf(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("update_mask");
  if (field == nullptr) return nullptr;
  return static_cast<const google::protobuf::FieldMask*>(
      &request.GetReflection()->GetMessage(request, field));
}

bool Names(const google::protobuf::FieldMask& mask, const std::string& path) {
  return std::find(mask.paths().begin(), mask.paths().end(), path) != mask.paths().end();
}

Refusal Undecided(const std::string& service) {
  return {.code = absl::StatusCode::kAborted,
          .domain = Concat(service, ".learncity"),
          .reason = "REGISTRATION_UNDECIDED",
          .message =
              "Another request with this national id, or this one with another national id, is not "
              "decided yet. Repeat it in ten minutes; to correct a national id, make a new "
              "request_id.",
          .resource = ""};
}

}  // namespace

Persons::Persons(const Terms& terms, privacy::KeyStore& keys, ledger::Writer& writer,
                 ledger::Readers& readers, Clock clock)
    : terms_(terms),
      collection_(CollectionOf(terms.document)),
      name_(FieldOf(terms.document, "name")),
      person_(FieldOf(terms.document, "person")),
      sealed_(FieldOf(terms.document, "sealed_person")),
      national_id_(FieldOf(person_->message_type(), "national_id")),
      keys_(keys),
      writer_(writer),
      readers_(readers),
      clock_(std::move(clock)) {}

const FieldDescriptor* Persons::DocumentIn(const Descriptor* type) const {
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() == terms_.document) return type->field(i);
  }
  return nullptr;
}

Message& Persons::DocumentOf(Message& request) const {
  const auto* field = DocumentIn(request.GetDescriptor());
  LEARNCITY_CHECK(field != nullptr) << request.GetTypeName() << " brings no person";
  return *request.GetReflection()->MutableMessage(&request, field);
}

std::string Persons::TextOf(const Message& document, const FieldDescriptor* field) const {
  return document.GetReflection()->GetString(document, field);
}

std::string Persons::NationalIdOf(const Message& document) const {
  return TextOf(document.GetReflection()->GetMessage(document, person_), national_id_);
}

std::string Persons::NameOf(const Id& person) const {
  return Concat(collection_, person.ToString());
}

absl::StatusOr<std::unique_ptr<Message>> Persons::InLedger(const Id& person) {
  auto reader = readers_.Mine();
  if (!reader.ok()) return reader.status();
  const ledger::Table& table = *terms_.schema.ByDocument(terms_.document);
  const auto row = (*reader)->Get(table, person);
  if (!row.ok()) return row.status();
  if (!row->has_value()) return nullptr;
  std::unique_ptr<Message> document(table.prototype->New());
  if (!document->ParseFromString((*row)->bytes)) {
    return absl::DataLossError(Concat(NameOf(person), " does not parse"));
  }
  return document;
}

absl::StatusOr<std::string> Persons::NationalIdInLedger(const Id& person) {
  auto document = InLedger(person);
  if (!document.ok()) return document.status();
  if (*document == nullptr) return "";
  if (auto status = Open(**document); !status.ok()) return status;
  return NationalIdOf(**document);
}

absl::StatusOr<std::optional<privacy::Reservation>> Persons::NeededFor(Message& request,
                                                                       const std::string& caller) {
  Message& document = DocumentOf(request);
  const auto& reflection = *document.GetReflection();
  const auto* mask = MaskOf(request);
  const bool is_restated = mask != nullptr && Names(*mask, "person");
  const bool has_data = reflection.GetMessage(document, person_).ByteSizeLong() > 0;
  privacy::Reservation needed{
      .is_restated = is_restated, .caller = caller, .reserved_at = clock_()};
  bool is_needed = false;
  if (is_restated) {
    needed.person = IdOf(TextOf(document, name_));
    const auto known = InLedger(needed.person);
    if (!known.ok()) return known.status();
    is_needed = *known != nullptr;
  } else if (mask == nullptr) {
    needed.person = RandomId(clock_());
    reflection.SetString(&document, name_, NameOf(needed.person));
    is_needed = has_data;
  }
  if (is_needed) {
    needed.request_id = TextOf(request, FieldOf(request.GetDescriptor(), "request_id"));
    needed.national_id = NationalIdOf(document);
    return needed;
  }
  reflection.ClearField(&document, person_);
  return std::nullopt;
}

// The holder may be on the way to another national id, or to this one: the ledger knows.
absl::StatusOr<std::optional<Refusal>> Persons::RefuseHeld(const Message& document,
                                                           const Id& holder) {
  const auto held = NationalIdInLedger(holder);
  if (!held.ok()) return held.status();
  if (*held != NationalIdOf(document)) {
    AskAbout(holder, clock_() - kReservationKept);
    return Undecided(terms_.schema.service());
  }
  const std::string name = NameOf(holder);
  return MakeRefusal(terms_.national_id_taken, name,
                     Concat("The national id belongs to ", name, "; use that one."));
}

absl::StatusOr<std::optional<Refusal>> Persons::SealReserved(Message& request,
                                                             const ReserveOutcome& reserved) {
  Message& document = DocumentOf(request);
  const auto& reflection = *document.GetReflection();
  if (reserved.kind == ReserveOutcome::Kind::kHeldByAnother) {
    return RefuseHeld(document, reserved.person);
  }
  if (reserved.kind == ReserveOutcome::Kind::kOtherNationalId) {
    // Who is registered goes on: the ledger knows by which payload, and refuses another.
    const auto registered = InLedger(reserved.person);
    if (!registered.ok()) return registered.status();
    if (*registered == nullptr) return Undecided(terms_.schema.service());
  }
  reflection.SetString(&document, name_, NameOf(reserved.person));
  const std::string person = reflection.GetMessage(document, person_).SerializeAsString();
  reflection.ClearField(&document, person_);
  if (reserved.kind == ReserveOutcome::Kind::kErased || person.empty()) return std::nullopt;
  auto sealed = keys_.Seal(reserved.person, person);
  // Erased meanwhile.
  if (absl::IsNotFound(sealed.status()) && MaskOf(request) != nullptr) return std::nullopt;
  if (!sealed.ok()) return sealed.status();
  reflection.SetString(&document, sealed_, std::move(*sealed));
  return std::nullopt;
}

absl::StatusOr<std::optional<Refusal>> Persons::Seal(Message& request, const std::string& caller) {
  const auto needed = NeededFor(request, caller);
  if (!needed.ok()) return needed.status();
  if (!needed->has_value()) return std::nullopt;
  const auto reserved = keys_.Reserve(**needed);
  if (!reserved.ok()) return reserved.status();
  return SealReserved(request, *reserved);
}

absl::Status Persons::SealLater(Message* request, std::string caller, Sealed done) {
  {
    MutexLock lock(&mutex_);
    if (waiting_.size() >= kWaitingMax) {
      return absl::ResourceExhaustedError("too many registrations are waiting; ask again later");
    }
    waiting_.push_back({request, std::move(caller), std::move(done)});
  }
  if (wake_) wake_();
  return absl::OkStatus();
}

bool Persons::SealWaiting() {
  std::vector<Waiting> taken;
  {
    MutexLock lock(&mutex_);
    while (!waiting_.empty() && taken.size() < kSealedAtOnce) {
      taken.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }
  if (taken.empty()) return false;
  std::vector<const Waiting*> reserving;
  std::vector<privacy::Reservation> reservations;
  for (const Waiting& one : taken) {
    auto needed = NeededFor(*one.request, one.caller);
    if (!needed.ok()) {
      one.done(needed.status());
    } else if (!needed->has_value()) {
      one.done(std::nullopt);
    } else {
      reserving.push_back(&one);
      reservations.push_back(**std::move(needed));
    }
  }
  if (reserving.empty()) return true;
  const auto reserved = keys_.ReserveMany(reservations);
  for (size_t i = 0; i < reserving.size(); ++i) {
    // Of a batch that fails each is tried alone, so that a bad one harms itself only.
    reserving[i]->done(reserved.ok() ? SealReserved(*reserving[i]->request, (*reserved)[i])
                                     : Seal(*reserving[i]->request, reserving[i]->caller));
  }
  return true;
}

absl::Status Persons::Open(Message& document) {
  const auto& reflection = *document.GetReflection();
  const std::string sealed = TextOf(document, sealed_);
  if (sealed.empty()) return absl::OkStatus();
  const std::string name = TextOf(document, name_);
  auto opened = keys_.Open(IdOf(name), sealed);
  reflection.ClearField(&document, sealed_);
  if (absl::IsNotFound(opened.status())) return absl::OkStatus();
  if (!opened.ok()) return opened.status();
  if (!reflection.MutableMessage(&document, person_)->ParseFromString(*opened)) {
    return absl::DataLossError(Concat("the personal data of ", name, " does not parse"));
  }
  return absl::OkStatus();
}

absl::Status Persons::Settle(const Id& person, Time older_than) {
  auto national_id = NationalIdInLedger(person);
  if (!national_id.ok()) return national_id.status();
  const privacy::Settlement settlement{.person = person, .national_id = *std::move(national_id)};
  return keys_.Settle({&settlement, 1}, clock_(), older_than);
}

void Persons::AskAbout(const Id& person, Time older_than) {
  // No input that is older than what is decided here still waits, and one that took it up again
  // runs before the check or after it has freed the reservation, which then fails as undecided.
  (void)writer_.Submit(ledger::CheckInput{
      .kind = terms_.document, .id = person, .act = [this, person, older_than](bool present) {
        // What fails here is found again by a later look.
        (void)(present ? Settle(person, older_than) : keys_.Free(person, older_than));
      }});
}

void Persons::LookInto() {
  const Time older_than = clock_() - kReservationKept;
  const auto reservations = keys_.Unconfirmed(older_than, kLookedIntoAtOnce);
  if (!reservations.ok()) return;
  for (const auto& reservation : *reservations) AskAbout(reservation.person, older_than);
  const auto claims = keys_.Unsettled(older_than, kLookedIntoAtOnce);
  if (!claims.ok()) return;
  for (const Id& person : *claims) AskAbout(person, older_than);
}

bool Persons::NoteWritten() {
  auto reader = readers_.Mine();
  if (!reader.ok()) return false;
  if (!seen_) {
    const auto head = (*reader)->ReadHead();
    if (head.ok()) seen_ = head->position;
    return false;
  }
  const auto records = (*reader)->Read(*seen_, kEventsAtOnce);
  if (!records.ok() || records->empty()) return false;
  const ledger::Table& table = *terms_.schema.ByDocument(terms_.document);
  const std::unique_ptr<Message> event(table.event_prototype->New());
  const auto& reflection = *event->GetReflection();
  std::vector<Id> made;
  std::vector<privacy::Settlement> restated;
  for (const auto& record : *records) {
    if (record.type != event->GetTypeName() || !event->ParseFromString(record.data)) continue;
    const auto* what =
        reflection.GetOneofFieldDescriptor(*event, event->GetDescriptor()->oneof_decl(0));
    const auto* field = what == nullptr ? nullptr : DocumentIn(what->message_type());
    if (field == nullptr) continue;
    // The ledger has more than this event by now, perhaps; what it has is what counts.
    if (record.version > 1) {
      auto national_id = NationalIdInLedger(record.subject);
      if (national_id.ok()) restated.push_back({record.subject, *std::move(national_id)});
      continue;
    }
    const Message& happened = reflection.GetMessage(*event, what);
    const Message& document = happened.GetReflection()->GetMessage(happened, field);
    if (!TextOf(document, sealed_).empty()) made.push_back(record.subject);
  }
  // What cannot be confirmed or settled now is looked into in ten minutes.
  if (!made.empty()) (void)keys_.ConfirmMany(made);
  if (!restated.empty()) (void)keys_.Settle(restated, clock_());
  seen_ = records->back().position;
  return true;
}

bool Persons::Step() {
  bool more = SealWaiting();
  more |= NoteWritten();
  const Time now = clock_();
  if (now >= next_look_) {
    next_look_ = now + kLookEvery;
    LookInto();
  }
  return more;
}

}  // namespace learncity::persons
