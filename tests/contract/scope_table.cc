#include "tests/contract/scope_table.h"

namespace learncity::contract {
namespace {

using Kinds = std::set<std::string>;
const Kinds kUnit = {"unit"};
const Kinds kSelf = {"learner"};
const Kinds kWork = {"unit", "center"};
const Kinds kAll = {"unit", "center", "learner"};

const ScopeRow kPublic{.is_public = true, .own = kAll};
const ScopeRow kCityAlone{.is_public = false, .own = {}};

}  // namespace

// The scopes in which each method may be called. A new method needs a row here, decided by a
// person.
const std::map<std::string, ScopeRow>& ScopesThatMay() {
  static const ScopeRow kOfUnit{.is_public = false, .own = kUnit};
  static const ScopeRow kOfWork{.is_public = false, .own = kWork};
  static const ScopeRow kOfAll{.is_public = false, .own = kAll};
  static const std::map<std::string, ScopeRow> rows = {
      {"RegistryService.OpenUnit", kCityAlone},
      {"RegistryService.GetUnit", kPublic},
      {"RegistryService.ListUnits", kPublic},
      {"RegistryService.OpenCenter", kOfUnit},
      {"RegistryService.GetCenter", kPublic},
      {"RegistryService.ListCenters", kPublic},
      {"RegistryService.SearchUnits", kPublic},
      {"RegistryService.SearchCenters", kPublic},
      {"RegistryService.RecordUnitAct", kCityAlone},
      {"RegistryService.GetUnitAct", kPublic},
      {"RegistryService.ListUnitActs", kPublic},
      {"RegistryService.MoveCenter", kOfUnit},
      {"RegistryService.CloseCenter", kOfWork},
      {"RegistryService.GrantAccreditation", kCityAlone},
      {"RegistryService.WithdrawAccreditation", kCityAlone},
      {"RegistryService.GetAccreditation", kPublic},
      {"RegistryService.ListAccreditations", kPublic},
      {"RegistryService.RecordUnitCount", kOfUnit},
      {"RegistryService.GetUnitCount", kPublic},
      {"RegistryService.ListUnitCounts", kPublic},
      {"RegistryService.EmployStaff", kOfWork},
      {"RegistryService.UpdateStaff", kOfWork},
      {"RegistryService.EndEmployment", kOfWork},
      {"RegistryService.EraseStaff", kOfWork},
      {"RegistryService.GetStaff", kOfWork},
      {"RegistryService.ListStaff", kOfWork},
      {"EnrollmentService.RegisterLearner", kOfWork},
      {"EnrollmentService.GetLearner", kOfAll},
      {"EnrollmentService.ListLearners", kCityAlone},
      {"EnrollmentService.EraseLearner", kOfWork},
      {"EnrollmentService.OpenOffering", kOfWork},
      {"EnrollmentService.GetOffering", kPublic},
      {"EnrollmentService.ListOfferings", kPublic},
      {"EnrollmentService.EnrollLearner", kOfWork},
      {"EnrollmentService.CompleteEnrollment", kOfWork},
      {"EnrollmentService.TransferEnrollment", kOfWork},
      {"EnrollmentService.WithdrawEnrollment", kOfWork},
      {"EnrollmentService.GetEnrollment", kOfAll},
      {"EnrollmentService.ListEnrollments", kOfAll},
      {"EnrollmentService.UpdateLearner", kOfWork},
      {"EnrollmentService.MatchLearner", kOfWork},
      {"EnrollmentService.ImportEnrollments", kOfWork},
      {"AchievementsService.GetCertificate", kOfAll},
      {"AchievementsService.ListCertificates", {.is_public = false, .own = kSelf}},
      {"AchievementsService.RecordAward", kOfWork},
      {"AchievementsService.WithdrawAward", kOfWork},
      {"AchievementsService.GetAward", kPublic},
      {"AchievementsService.ListAwards", kPublic},
      {"AchievementsService.GrantRecognition", kOfUnit},
      {"AchievementsService.RenewRecognition", kOfUnit},
      {"AchievementsService.WithdrawRecognition", kOfUnit},
      {"AchievementsService.GetRecognition", kOfUnit},
      {"AchievementsService.ListRecognitions", kOfUnit},
      {"ReportingService.ListIndicators", kPublic},
      {"ReportingService.EvaluateIndicator", kPublic},
      {"ReportingService.FreezeReport", kCityAlone},
      {"ReportingService.GetReport", kPublic},
      {"ReportingService.ListReports", kPublic},
      {"ReportingService.DraftReport", kCityAlone},
      {"ReportingService.ReviseReport", kCityAlone},
      {"ReportingService.FinalizeReport", kCityAlone},
      {"ReportingService.RecordObservation", kCityAlone},
      {"ReportingService.WithdrawObservation", kCityAlone},
      {"ReportingService.GetObservation", kPublic},
      {"ReportingService.ListObservations", kPublic},
      {"ReportingService.GetOverview", kPublic},
      {"ReportingService.WatchOverview", kPublic},
      {"ReportingService.StartRecount", kCityAlone},
      {"ReportingService.GetRecount", kPublic},
      {"ReportingService.ListRecounts", kPublic},
      {"FeedService.Read", kCityAlone},
      {"FeedService.GetHead", kCityAlone},
      {"FeedService.Await", kPublic},
  };
  return rows;
}

}  // namespace learncity::contract
