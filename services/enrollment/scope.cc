#include "services/enrollment/scope.h"

#include "platform/rpc/places.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/tables.h"

namespace learncity::enrollment {
namespace {

using rpc::Scope;

// Rows of a learner's enrollments that are read at a time.
constexpr int kEnrollmentsPerRead = 100;

// What a scope holds of enrollment's documents.
class Holdings {
 public:
  Holdings(ledger::Readers& readers, const Scope& scope)
      : readers_(readers), scope_(scope), places_(readers, EnrollmentSchema(), scope) {}

  absl::StatusOr<bool> Holds(const std::string& resource) const {
    if (scope_.Is(resource)) return true;
    const std::string_view collection = rpc::CollectionOf(resource);
    if (collection == "enrollments") return HoldsEnrollment(resource);
    // Of a person, nothing more is theirs alone.
    if (scope_.kind == Scope::Kind::kLearner) return false;
    if (collection == "units") return places_.HoldsUnit(resource);
    if (collection == "centers") return places_.HoldsCenter(resource);
    if (collection == "offerings") return HoldsOffering(resource);
    if (collection == "learners") return HoldsLearner(resource);
    return false;
  }

 private:
  absl::StatusOr<bool> HoldsOffering(const std::string& offering) const {
    const auto found = places_.Find<v1::Offering>(offering);
    if (!found.ok()) return found.status();
    return found->has_value() ? places_.HoldsCenter((*found)->center()) : false;
  }

  absl::StatusOr<bool> HoldsEnrollment(const std::string& enrollment) const {
    const auto found = places_.Find<v1::Enrollment>(enrollment);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return false;
    return scope_.Is((*found)->learner()) ? true : places_.HoldsCenter((*found)->center());
  }

  absl::StatusOr<bool> HoldsLearner(const std::string& learner) const {
    const auto found = places_.Find<v1::Learner>(learner);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return false;
    if (auto lives = places_.HoldsUnit((*found)->unit()); !lives.ok() || *lives) return lives;
    if (auto came = places_.HoldsCenter((*found)->center()); !came.ok() || *came) return came;
    return LearnsWithin(learner);
  }

  // Whether the learner has an enrollment at a center within the scope.
  absl::StatusOr<bool> LearnsWithin(const std::string& learner) const {
    const auto reader = readers_.Mine();
    if (!reader.ok()) return reader.status();
    const auto& table = *EnrollmentSchema().ByDocument(v1::Enrollment::descriptor());
    ledger::Reader::Page page{.after = std::nullopt,
                              .limit = kEnrollmentsPerRead,
                              .column = v1::kSeat,
                              .value = {},
                              .prefix = std::string(IdOf(learner).view())};
    while (true) {
      const auto rows = (*reader)->List(table, page);
      if (!rows.ok()) return rows.status();
      for (const ledger::Row& row : *rows) {
        v1::Enrollment enrollment;
        if (!enrollment.ParseFromString(row.bytes)) {
          return absl::DataLossError("an enrollment does not parse");
        }
        if (auto has = places_.HoldsCenter(enrollment.center()); !has.ok() || *has) return has;
      }
      if (rows->size() < static_cast<size_t>(page.limit)) return false;
      page.after = rows->back().id;
    }
  }

  ledger::Readers& readers_;
  const Scope& scope_;
  const rpc::Places<v1::UnitReference, v1::CenterReference> places_;
};

}  // namespace

rpc::Within EnrollmentScope(ledger::Readers& readers) {
  return [&readers](const Scope& scope, const std::string& resource) {
    return Holdings(readers, scope).Holds(resource);
  };
}

}  // namespace learncity::enrollment
