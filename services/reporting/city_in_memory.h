// A city for tests: what happens in it goes through reporting's rules, as the ledger would run
// them, and its figures are asked for. Days are written "2026-09-05". One thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "learncity/enrollment/v1/enrollment.pb.h"
#include "platform/ledger/record.h"
#include "services/reporting/domain/report.h"
#include "services/reporting/recount.h"
#include "services/reporting/tables.h"

namespace learncity::reporting {

// Reads a file of the repository.
std::string ReadSource(const std::string& path);

// What an enrollment is in.
struct Class {
  std::string offering = "10A1";
  std::string center = "Kim Lien";
  type::v1::OfferingKind kind = type::v1::OFFERING_KIND_SCHOOL_CLASS;
  type::v1::IscedLevel isced_level = type::v1::ISCED_LEVEL_1;
  int grade = 1;
  std::string last_day = "2027-05-31";
  type::v1::OfferingMode mode = type::v1::OFFERING_MODE_UNSPECIFIED;
};

// Derived documents in maps. Holds a reaction to what the ledger asks of it: it changes only what
// its gathering asked for. A walk may change any.
class DraftInMemory : public ledger::Walk {
 public:
  using Documents = std::map<Id, std::unique_ptr<google::protobuf::Message>>;

  // Runs the rules for one event.
  void Run(const ledger::Record& record, const ledger::Rules& rules);
  // Runs the rule for a recount that is due, and tells what it becomes.
  v1::Recount RunDue(const v1::Recount& recount, const Moment& moment, const ledger::Rules& rules);
  const Documents& Of(const google::protobuf::Descriptor* kind) { return documents_[kind]; }
  // Adds to a cell behind the rules' back.
  void Disturb(const v1::CellKey& key, int64_t count);
  void Apply(const Decision& decision) override;

 protected:
  const google::protobuf::Message* FindMessage(const google::protobuf::Descriptor* kind,
                                               const Id& id) override;
  const google::protobuf::Message* FindMessageBy(const google::protobuf::Descriptor* kind,
                                                 std::string_view column,
                                                 std::string_view value) override;
  void Missing(const google::protobuf::Descriptor* kind, std::string_view name) override;
  google::protobuf::Message& PutMessage(const google::protobuf::Descriptor* kind,
                                        const Id& id) override;
  Messages NextMessages(const google::protobuf::Descriptor* kind, const Id& after,
                        int limit) override;

 private:
  std::map<const google::protobuf::Descriptor*, Documents> documents_;
  std::set<Id> asked_;
  bool walks_ = false;
};

class CityInMemory {
 public:
  explicit CityInMemory(RecountSlice slice = {});

  // Names are words that the test chooses.
  void Registered(const std::string& learner, int birth_year, type::v1::Sex sex,
                  type::v1::YesNo has_disability = type::v1::YES_NO_UNSPECIFIED);
  void Erased(const std::string& learner);
  void Matched(const std::string& learner, const std::string& into);
  void Certified(const std::string& certificate, const std::string& learner,
                 type::v1::CredentialKind kind, const std::string& day);
  void Opened(const std::string& center, type::v1::CenterKind kind, const std::string& first_day,
              const std::string& closed_from = "");
  void Admitted(const std::string& enrollment, const std::string& learner,
                const std::string& first_day, const Class& in);
  void Completed(const std::string& enrollment, const std::string& end_day);
  void Withdrawn(const std::string& enrollment, const std::string& end_day);
  // Somebody enters a value of an indicator, as "LR.AG15T99", for a year.
  void Observed(const std::string& code, int year, double value);
  // Any other event.
  void Happened(const std::string& feed, const std::string& subject,
                const google::protobuf::Message& event);

  // The indicator of the shipped catalogue, over the shipped denominators.
  v1::Evaluation Evaluate(const std::string& code, const std::string& as_of) const;
  v1::Figure EvaluateTotal(const std::string& code, const std::string& as_of) const;
  v1::ReportContent Report(const std::string& as_of) const;
  absl::StatusOr<v1::ReportContent> Recomputed(const v1::ReportContent& frozen) const;
  // Does the next slice of a recount, of a new one when none runs; what it is after that.
  const v1::Recount& AdvanceRecount();
  // What a recount at once finds wrong with the cells.
  std::vector<std::string> Differences() const;
  CellSums SumsAsOf(const std::string& as_of) const;
  const std::vector<ledger::Record>& feed(const std::string& name) const;
  DraftInMemory& draft() { return draft_; }
  Digests& digests() { return digests_; }

 private:
  Basis BasisOf(const CellSums& cells) const;
  const v1::IndicatorDefinition& DefinitionOf(const std::string& code) const;
  void FoldReference(const std::string& subject, const google::protobuf::Message& event);

  const ledger::Rules rules_;
  v1::Catalogue catalogue_;
  Denominators denominators_;
  std::map<Id, v1::UnitReference> unit_references_;
  Units units_;
  Digests digests_ = {.catalogue = "of the catalogue", .denominators = "of the denominators"};
  v1::Recount recount_;
  int recounts_ = 0;
  mutable DraftInMemory draft_;
  std::map<std::string, std::vector<ledger::Record>> feeds_ = {
      {"achievements", {}}, {"enrollment", {}}, {"registry", {}}};
  std::map<std::string, enrollment::v1::Enrollment> enrollments_;
  std::vector<v1::Observation> observations_;
};

}  // namespace learncity::reporting
