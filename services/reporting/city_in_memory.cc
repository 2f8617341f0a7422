#include "services/reporting/city_in_memory.h"

#include <fstream>
#include <sstream>

#include "learncity/achievements/v1/achievements_events.pb.h"
#include "learncity/enrollment/v1/enrollment_events.pb.h"
#include "learncity/registry/v1/registry_events.pb.h"
#include "platform/calendar/calendar.h"
#include "platform/runtime/check.h"
#include "platform/testing/text.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/references.h"

namespace learncity::reporting {

std::string ReadSource(const std::string& path) {
  std::ifstream file(std::string(LEARNCITY_SOURCE_DIR "/") + path, std::ios::binary);
  LEARNCITY_CHECK(file.good()) << path;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void DraftInMemory::Run(const ledger::Record& record, const ledger::Rules& rules) {
  const auto* found = rules.ForEvent(record.type);
  if (found == nullptr) return;
  for (const auto& rule : *found) {
    std::unique_ptr<google::protobuf::Message> event(rule.prototype->New());
    LEARNCITY_CHECK(event->ParseFromString(record.data));
    asked_.clear();
    rule.gather(record.subject, *event, *this);
    rule.react(record.subject, *event, Moment{.now = record.time, .seed = ""}, *this);
  }
}

v1::Recount DraftInMemory::RunDue(const v1::Recount& recount, const Moment& moment,
                                  const ledger::Rules& rules) {
  walks_ = true;
  const Decision decision = rules.ForDue(v1::Recount::descriptor())->decide(recount, *this, moment);
  walks_ = false;
  v1::Recount after = recount;
  for (const Change& change : decision.changes()) {
    Evolve(after, static_cast<const v1::RecountEvent&>(*change.event));
  }
  return after;
}

void DraftInMemory::Disturb(const v1::CellKey& key, int64_t count) {
  v1::Contribution delta;
  *delta.mutable_key() = key;
  delta.set_count(count);
  asked_.insert(CellId(key));
  reporting::Apply(Put<v1::Cell>(CellId(key)), delta);
}

void DraftInMemory::Apply(const Decision& decision) { LEARNCITY_CHECK(decision.changes().empty()); }

const google::protobuf::Message* DraftInMemory::FindMessage(
    const google::protobuf::Descriptor* kind, const Id& id) {
  asked_.insert(id);
  const auto found = documents_[kind].find(id);
  return found == documents_[kind].end() ? nullptr : found->second.get();
}

const google::protobuf::Message* DraftInMemory::FindMessageBy(const google::protobuf::Descriptor*,
                                                              std::string_view column,
                                                              std::string_view) {
  LEARNCITY_CHECK(false) << column;
  return nullptr;
}

void DraftInMemory::Missing(const google::protobuf::Descriptor*, std::string_view name) {
  LEARNCITY_CHECK(false) << name;
}

google::protobuf::Message& DraftInMemory::PutMessage(const google::protobuf::Descriptor* kind,
                                                     const Id& id) {
  LEARNCITY_CHECK(walks_ || asked_.contains(id))
      << "a " << kind->name() << " that was not gathered";
  auto& document = documents_[kind][id];
  if (!document) {
    document.reset(ReportingSchema().ByDocument(kind)->prototype->New());
  }
  return *document;
}

ledger::Walk::Messages DraftInMemory::NextMessages(const google::protobuf::Descriptor* kind,
                                                   const Id& after, int limit) {
  Messages found;
  const Documents& documents = documents_[kind];
  for (auto next = documents.upper_bound(after);
       next != documents.end() && static_cast<int>(found.size()) < limit; ++next) {
    found.emplace_back(next->first, next->second.get());
  }
  return found;
}

CityInMemory::CityInMemory(RecountSlice slice) : rules_(ReportingRules(slice)) {
  auto catalogue = ParseCatalogue(ReadSource("data/indicators/catalogue.txtpb"), "catalogue.txtpb");
  LEARNCITY_CHECK_OK(catalogue.status());
  catalogue_ = *catalogue;
  auto denominators =
      ParseDenominators(ReadSource("data/hanoi/denominators.csv"), "denominators.csv");
  LEARNCITY_CHECK_OK(denominators.status());
  denominators_ = *denominators;
}

void CityInMemory::Happened(const std::string& feed, const std::string& subject,
                            const google::protobuf::Message& event) {
  auto& records = feeds_[feed];
  records.push_back({.position = static_cast<int64_t>(records.size()) + 1,
                     .type = event.GetTypeName(),
                     .subject = IdOf(subject),
                     .data = event.SerializeAsString()});
  draft_.Run(records.back(), rules_);
  FoldReference(subject, event);
}

void CityInMemory::FoldReference(const std::string& subject,
                                 const google::protobuf::Message& event) {
  const Id id = IdOf(subject);
  if (event.GetDescriptor() == registry::v1::UnitEvent::descriptor()) {
    Evolve(unit_references_[id], static_cast<const registry::v1::UnitEvent&>(event));
    units_.Add(unit_references_[id]);
  }
  if (event.GetDescriptor() == registry::v1::UnitCountEvent::descriptor()) {
    v1::UnitCountReference count;
    Evolve(count, static_cast<const registry::v1::UnitCountEvent&>(event));
    units_.Add(count);
  }
}

void CityInMemory::Registered(const std::string& learner, int birth_year, type::v1::Sex sex,
                              type::v1::YesNo has_disability) {
  enrollment::v1::LearnerEvent event;
  auto& registered = *event.mutable_registered()->mutable_learner();
  registered.set_name("learners/" + learner);
  registered.set_birth_year(birth_year);
  registered.set_sex(sex);
  registered.set_has_disability(has_disability);
  Happened("enrollment", registered.name(), event);
}

void CityInMemory::Erased(const std::string& learner) {
  enrollment::v1::LearnerEvent event;
  event.mutable_erased();
  Happened("enrollment", "learners/" + learner, event);
  event.mutable_erasure_confirmed();
  Happened("enrollment", "learners/" + learner, event);
}

void CityInMemory::Matched(const std::string& learner, const std::string& into) {
  enrollment::v1::LearnerEvent event;
  event.mutable_matched()->set_matched_to("learners/" + into);
  Happened("enrollment", "learners/" + learner, event);
}

void CityInMemory::Certified(const std::string& certificate, const std::string& learner,
                             type::v1::CredentialKind kind, const std::string& day) {
  achievements::v1::CertificateEvent event;
  auto& issued = *event.mutable_issued()->mutable_certificate();
  issued.set_name("certificates/" + certificate);
  issued.set_learner("learners/" + learner);
  issued.set_credential_kind(kind);
  *issued.mutable_completion_date() = DateOf(day);
  Happened("achievements", issued.name(), event);
}

void CityInMemory::Opened(const std::string& center, type::v1::CenterKind kind,
                          const std::string& first_day, const std::string& closed_from) {
  registry::v1::CenterEvent event;
  auto& opened = *event.mutable_opened()->mutable_center();
  opened.set_name("centers/" + center);
  opened.set_kind(kind);
  *opened.mutable_valid_from() = DateOf(first_day);
  if (!closed_from.empty()) *opened.mutable_valid_to() = DateOf(closed_from);
  Happened("registry", opened.name(), event);
}

void CityInMemory::Admitted(const std::string& enrollment, const std::string& learner,
                            const std::string& first_day, const Class& in) {
  enrollment::v1::EnrollmentEvent event;
  auto& admitted = *event.mutable_admitted()->mutable_enrollment();
  admitted.set_name("enrollments/" + enrollment);
  admitted.set_learner("learners/" + learner);
  admitted.set_offering("offerings/" + in.offering);
  admitted.set_center("centers/" + in.center);
  admitted.set_kind(in.kind);
  admitted.set_isced_level(in.isced_level);
  admitted.set_grade(in.grade);
  admitted.set_mode(in.mode);
  *admitted.mutable_start_date() = DateOf(first_day);
  *admitted.mutable_offering_end_date() = DateOf(in.last_day);
  enrollments_[enrollment] = admitted;
  Happened("enrollment", admitted.name(), event);
}

void CityInMemory::Completed(const std::string& enrollment, const std::string& end_day) {
  enrollment::v1::EnrollmentEvent event;
  *event.mutable_completed()->mutable_enrollment() = enrollments_.at(enrollment);
  *event.mutable_completed()->mutable_end_date() = DateOf(end_day);
  Happened("enrollment", "enrollments/" + enrollment, event);
}

void CityInMemory::Withdrawn(const std::string& enrollment, const std::string& end_day) {
  enrollment::v1::EnrollmentEvent event;
  *event.mutable_withdrawn()->mutable_enrollment() = enrollments_.at(enrollment);
  *event.mutable_withdrawn()->mutable_end_date() = DateOf(end_day);
  Happened("enrollment", "enrollments/" + enrollment, event);
}

void CityInMemory::Observed(const std::string& code, int year, double value) {
  v1::Observation& observation = observations_.emplace_back();
  observation.set_name("observations/" + std::to_string(observations_.size()));
  observation.set_indicator("indicators/" + code);
  *observation.mutable_period_start() = DateOf(std::to_string(year) + "-01-01");
  *observation.mutable_period_end() = DateOf(std::to_string(year + 1) + "-01-01");
  observation.set_value(value);
  observation.mutable_evidence()->set_source("a survey");
}

CellSums CityInMemory::SumsAsOf(const std::string& as_of) const {
  CellSums sums(DateOf(as_of));
  for (const auto& [id, cell] : draft_.Of(v1::Cell::descriptor())) {
    sums.Add(static_cast<const v1::Cell&>(*cell));
  }
  return sums;
}

Basis CityInMemory::BasisOf(const CellSums& cells) const {
  std::vector<v1::FeedPosition> positions;
  for (const auto& [feed, records] : feeds_) {
    auto& position = positions.emplace_back();
    position.set_feed(feed);
    position.set_epoch(1);
    position.set_position(static_cast<int64_t>(records.size()));
  }
  ObservedValues observed(DayOf(cells.as_of()));
  for (const auto& observation : observations_) observed.Add(observation);
  return {.place = "VN-HN",
          .cells = cells,
          .denominators = denominators_,
          .units = units_,
          .positions = positions,
          .observed = observed};
}

const v1::IndicatorDefinition& CityInMemory::DefinitionOf(const std::string& code) const {
  const auto* definition = FindIndicator(catalogue_, "indicators/" + code);
  LEARNCITY_CHECK(definition != nullptr) << code;
  return *definition;
}

v1::Evaluation CityInMemory::Evaluate(const std::string& code, const std::string& as_of) const {
  const CellSums cells = SumsAsOf(as_of);
  return reporting::Evaluate(DefinitionOf(code), catalogue_, BasisOf(cells));
}

v1::Figure CityInMemory::EvaluateTotal(const std::string& code, const std::string& as_of) const {
  const CellSums cells = SumsAsOf(as_of);
  return reporting::EvaluateTotal(DefinitionOf(code), catalogue_, BasisOf(cells));
}

v1::ReportContent CityInMemory::Report(const std::string& as_of) const {
  const CellSums cells = SumsAsOf(as_of);
  return BuildContent("A report", catalogue_, digests_, BasisOf(cells));
}

absl::StatusOr<v1::ReportContent> CityInMemory::Recomputed(const v1::ReportContent& frozen) const {
  return Recompute(frozen, catalogue_, denominators_, digests_,
                   [&](const std::string& name, int64_t, int64_t position, const auto& record) {
                     for (const auto& one : feed(name)) {
                       if (one.position <= position) record(one);
                     }
                     return absl::OkStatus();
                   });
}

const v1::Recount& CityInMemory::AdvanceRecount() {
  if (!recount_.has_due_time()) {
    const Moment moment{.now = {}, .seed = std::to_string(++recounts_)};
    const Decision begun = Decide(StartRecountCase(), v1::StartRecountRequest(), moment);
    Evolve(recount_, static_cast<const v1::RecountEvent&>(*begun.changes().front().event));
  }
  const Moment moment{.now = ToTime(recount_.due_time()), .seed = ""};
  recount_ = draft_.RunDue(recount_, moment, rules_);
  return recount_;
}

std::vector<std::string> CityInMemory::Differences() const {
  Recount recount;
  const auto add = [&](auto fact) {
    using Fact = decltype(fact);
    for (const auto& [id, stored] : draft_.Of(Fact::descriptor())) {
      recount.Add(id, static_cast<const Fact&>(*stored));
    }
  };
  add(v1::LearnerFact());
  add(v1::CenterFact());
  add(v1::RecognitionFact());
  add(v1::AwardFact());
  for (const auto& [id, cell] : draft_.Of(v1::Cell::descriptor())) {
    recount.Compare(static_cast<const v1::Cell&>(*cell));
  }
  return recount.Differences();
}

const std::vector<ledger::Record>& CityInMemory::feed(const std::string& name) const {
  return feeds_.at(name);
}

}  // namespace learncity::reporting
