#include "services/achievements/scope.h"

#include "learncity/achievements/v1/achievements_events.pb.h"
#include "platform/rpc/places.h"
#include "services/achievements/tables.h"

namespace learncity::achievements {
namespace {

using rpc::Scope;

// What a scope holds of achievements' documents.
class Holdings {
 public:
  Holdings(ledger::Readers& readers, const Scope& scope)
      : scope_(scope), places_(readers, AchievementsSchema(), scope) {}

  absl::StatusOr<bool> Holds(const std::string& resource) const {
    if (scope_.Is(resource)) return true;
    const std::string_view collection = rpc::CollectionOf(resource);
    if (collection == "certificates") {
      return Of<v1::Certificate>(resource, [this](const v1::Certificate& certificate) {
        return scope_.Is(certificate.learner()) ? true : places_.HoldsCenter(certificate.center());
      });
    }
    if (collection == "awards") {
      return Of<v1::Award>(
          resource, [this](const v1::Award& award) { return places_.HoldsCenter(award.center()); });
    }
    if (collection == "recognitions") {
      return Of<v1::Recognition>(resource, [this](const v1::Recognition& recognition) {
        return places_.HoldsUnit(recognition.unit());
      });
    }
    if (collection == "units") return places_.HoldsUnit(resource);
    if (collection == "centers") return places_.HoldsCenter(resource);
    return false;
  }

 private:
  // What `decide` says of a document; one that is absent is not held.
  template <class Document>
  absl::StatusOr<bool> Of(
      const std::string& name,
      const std::function<absl::StatusOr<bool>(const Document&)>& decide) const {
    const auto found = places_.Find<Document>(name);
    if (!found.ok()) return found.status();
    return found->has_value() ? decide(**found) : false;
  }

  const Scope& scope_;
  const rpc::Places<v1::UnitReference, v1::CenterReference> places_;
};

}  // namespace

rpc::Within AchievementsScope(ledger::Readers& readers) {
  return [&readers](const Scope& scope, const std::string& resource) {
    return Holdings(readers, scope).Holds(resource);
  };
}

}  // namespace learncity::achievements
