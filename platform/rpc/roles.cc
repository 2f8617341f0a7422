#include "platform/rpc/roles.h"

namespace learncity::rpc {
namespace {

// Permissions are what the protos' methods ask for, and `<service>.persons.read`, which opens
// personal data in answers. No role has everything.
constexpr PermissionPattern kRegistrar[] = {"registry.read",         "registry.write",
                                            "registry.staff.read",   "registry.staff.write",
                                            "registry.persons.read", "feed.await"};
constexpr PermissionPattern kClerk[] = {
    "registry.read",           "enrollment.learners.read",  "enrollment.learners.write",
    "enrollment.persons.read", "enrollment.offerings.*",    "enrollment.enrollments.*",
    "achievements.read",       "achievements.awards.write", "feed.await"};
constexpr PermissionPattern kLearningPromoter[] = {"registry.read", "achievements.read",
                                                   "achievements.recognitions.write", "feed.await"};
constexpr PermissionPattern kPrivacyOfficer[] = {
    "registry.staff.read",      "registry.staff.erase",      "registry.persons.read",
    "enrollment.learners.read", "enrollment.learners.erase", "enrollment.persons.read"};
constexpr PermissionPattern kStatistician[] = {"registry.read", "reporting.*", "feed.await"};
constexpr PermissionPattern kAuditor[] = {"registry.read",
                                          "registry.staff.read",
                                          "enrollment.learners.read",
                                          "enrollment.offerings.read",
                                          "enrollment.enrollments.read",
                                          "achievements.read",
                                          "reporting.read",
                                          "feed.read"};
constexpr PermissionPattern kOperator[] = {"feed.*", "reporting.read"};
constexpr PermissionPattern kService[] = {"registry.read",
                                          "registry.staff.read",
                                          "enrollment.learners.read",
                                          "enrollment.offerings.read",
                                          "enrollment.enrollments.read",
                                          "achievements.read",
                                          "reporting.read",
                                          "feed.*"};
constexpr PermissionPattern kLearner[] = {"registry.read",
                                          "enrollment.learners.read",
                                          "enrollment.persons.read",
                                          "enrollment.offerings.read",
                                          "enrollment.enrollments.read",
                                          "achievements.read",
                                          "feed.await"};

constexpr Role kRoles[] = {
    {"registrar", "Keeps units, centers and their staff; sees personal data of staff.", kRegistrar},
    {"clerk", "Registers learners, gives out seats, records awards; sees personal data.", kClerk},
    {"learning_promoter", "Recognises families, communities and citizens as learning.",
     kLearningPromoter},
    {"privacy_officer", "Answers to persons about their data, and erases it.", kPrivacyOfficer},
    {"statistician", "Reads figures and freezes reports; sees no person.", kStatistician},
    {"auditor", "Reads everything but personal data; writes nothing.", kAuditor},
    {"operator", "Keeps the servers running; sees feeds and figures.", kOperator},
    {"service", "Another service of the city: reads, and follows feeds.", kService},
    {kLearnerRole, "A learner, or who acts for one: sees what is theirs, and what is public.",
     kLearner},
};

}  // namespace

std::span<const Role> AllRoles() { return kRoles; }

const Role* FindRole(std::string_view name) {
  for (const Role& role : kRoles) {
    if (role.name == name) return &role;
  }
  return nullptr;
}

bool Grants(PermissionPattern pattern, std::string_view permission) {
  if (!pattern.ends_with(".*")) return pattern == permission;
  const std::string_view prefix = pattern.substr(0, pattern.size() - 1);
  return permission.size() > prefix.size() && permission.starts_with(prefix);
}

}  // namespace learncity::rpc
