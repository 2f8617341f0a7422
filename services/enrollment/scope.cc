#include "services/enrollment/scope.h"

#include "platform/rpc/stored.h"
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
  Holdings(ledger::Readers& readers, const Scope& scope) : readers_(readers), scope_(scope) {}

  absl::StatusOr<bool> Holds(const std::string& resource) const {
    if (scope_.Is(resource)) return true;
    const std::string_view collection = rpc::CollectionOf(resource);
    if (collection == "enrollments") return HoldsEnrollment(resource);
    // Of a person, nothing more is theirs alone.
    if (scope_.kind == Scope::Kind::kLearner) return false;
    if (collection == "units") return HoldsUnit(resource);
    if (collection == "centers") return HoldsCenter(resource);
    if (collection == "offerings") return HoldsOffering(resource);
    if (collection == "learners") return HoldsLearner(resource);
    return false;
  }

 private:
  template <class Document>
  absl::StatusOr<std::optional<Document>> Find(const std::string& name) const {
    return rpc::Stored<Document>(readers_, EnrollmentSchema(), name);
  }

  absl::StatusOr<std::string> Next(const std::string& unit) const {
    const auto found = Find<v1::UnitReference>(unit);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return std::string();
    return (*found)->successor().empty() ? (*found)->parent() : (*found)->successor();
  }

  absl::StatusOr<bool> HoldsUnit(const std::string& unit) const {
    return rpc::IsUnitWithin(scope_, unit, [this](const std::string& of) { return Next(of); });
  }

  absl::StatusOr<bool> HoldsCenter(const std::string& center) const {
    if (scope_.Is(center)) return true;
    if (scope_.kind != Scope::Kind::kUnit || center.empty()) return false;
    const auto found = Find<v1::CenterReference>(center);
    if (!found.ok()) return found.status();
    return found->has_value() ? HoldsUnit((*found)->unit()) : false;
  }

  absl::StatusOr<bool> HoldsOffering(const std::string& offering) const {
    const auto found = Find<v1::Offering>(offering);
    if (!found.ok()) return found.status();
    return found->has_value() ? HoldsCenter((*found)->center()) : false;
  }

  absl::StatusOr<bool> HoldsEnrollment(const std::string& enrollment) const {
    const auto found = Find<v1::Enrollment>(enrollment);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return false;
    return scope_.Is((*found)->learner()) ? true : HoldsCenter((*found)->center());
  }

  absl::StatusOr<bool> HoldsLearner(const std::string& learner) const {
    const auto found = Find<v1::Learner>(learner);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return false;
    if (auto lives = HoldsUnit((*found)->unit()); !lives.ok() || *lives) return lives;
    if (auto came = HoldsCenter((*found)->center()); !came.ok() || *came) return came;
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
        if (auto has = HoldsCenter(enrollment.center()); !has.ok() || *has) return has;
      }
      if (rows->size() < static_cast<size_t>(page.limit)) return false;
      page.after = rows->back().id;
    }
  }

  ledger::Readers& readers_;
  const Scope& scope_;
};

}  // namespace

rpc::Within EnrollmentScope(ledger::Readers& readers) {
  return [&readers](const Scope& scope, const std::string& resource) {
    return Holdings(readers, scope).Holds(resource);
  };
}

}  // namespace learncity::enrollment
