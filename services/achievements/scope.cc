#include "services/achievements/scope.h"

#include "learncity/achievements/v1/achievements_events.pb.h"
#include "platform/rpc/stored.h"
#include "services/achievements/tables.h"

namespace learncity::achievements {
namespace {

using rpc::Scope;

// What a scope holds of achievements' documents.
class Holdings {
 public:
  Holdings(ledger::Readers& readers, const Scope& scope) : readers_(readers), scope_(scope) {}

  absl::StatusOr<bool> Holds(const std::string& resource) const {
    if (scope_.Is(resource)) return true;
    const std::string_view collection = rpc::CollectionOf(resource);
    if (collection == "certificates") {
      return Of<v1::Certificate>(resource, [this](const v1::Certificate& certificate) {
        return scope_.Is(certificate.learner()) ? true : HoldsCenter(certificate.center());
      });
    }
    if (collection == "awards") {
      return Of<v1::Award>(resource,
                           [this](const v1::Award& award) { return HoldsCenter(award.center()); });
    }
    if (collection == "recognitions") {
      return Of<v1::Recognition>(resource, [this](const v1::Recognition& recognition) {
        return HoldsUnit(recognition.unit());
      });
    }
    if (collection == "units") return HoldsUnit(resource);
    if (collection == "centers") return HoldsCenter(resource);
    return false;
  }

 private:
  // What `decide` says of a document; one that is absent is not held.
  template <class Document>
  absl::StatusOr<bool> Of(
      const std::string& name,
      const std::function<absl::StatusOr<bool>(const Document&)>& decide) const {
    const auto found = rpc::Stored<Document>(readers_, AchievementsSchema(), name);
    if (!found.ok()) return found.status();
    return found->has_value() ? decide(**found) : false;
  }

  absl::StatusOr<bool> HoldsUnit(const std::string& unit) const {
    return rpc::IsUnitWithin(
        scope_, unit, [this](const std::string& of) -> absl::StatusOr<std::string> {
          const auto found = rpc::Stored<v1::UnitReference>(readers_, AchievementsSchema(), of);
          if (!found.ok()) return found.status();
          if (!found->has_value()) return std::string();
          return (*found)->successor().empty() ? (*found)->parent() : (*found)->successor();
        });
  }

  absl::StatusOr<bool> HoldsCenter(const std::string& center) const {
    if (scope_.Is(center)) return true;
    if (scope_.kind != Scope::Kind::kUnit || center.empty()) return false;
    return Of<v1::CenterReference>(center, [this](const v1::CenterReference& reference) {
      return HoldsUnit(reference.unit());
    });
  }

  ledger::Readers& readers_;
  const Scope& scope_;
};

}  // namespace

rpc::Within AchievementsScope(ledger::Readers& readers) {
  return [&readers](const Scope& scope, const std::string& resource) {
    return Holdings(readers, scope).Holds(resource);
  };
}

}  // namespace learncity::achievements
