#include "services/learncity/demo/loader.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "learncity/achievements/v1/achievements_service.grpc.pb.h"
#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/stages.h"

namespace learncity::demo {
namespace {

using achievements::v1::AchievementsService;
using enrollment::v1::EnrollmentService;
using registry::v1::RegistryService;

// A request is absent when something that it is about was refused.
template <class Request>
using Requests = std::vector<std::optional<Request>>;

class Loader {
 public:
  Loader(const Plan& plan, const std::shared_ptr<grpc::Channel>& channel,
         const LoadOptions& options, Progress& progress)
      : plan_(plan),
        registry_(RegistryService::NewStub(channel)),
        enrollment_(EnrollmentService::NewStub(channel)),
        achievements_(AchievementsService::NewStub(channel)),
        stages_(channel, options, progress) {}

  // The stages in their order, up to the first that fails.
  absl::Status Load() {
    absl::Status status = Units("districts", plan_.districts);
    if (status.ok()) status = Units("units", plan_.units);
    for (size_t i = 0; status.ok() && i < plan_.acts.size(); ++i) status = Act(i);
    if (status.ok()) status = Centers();
    if (status.ok()) status = Accreditations();
    if (status.ok()) status = Counts();
    if (status.ok()) status = stages_.Follow("enrollment", "registry");
    if (status.ok()) status = Learners();
    if (status.ok()) status = Offerings();
    if (status.ok()) status = Enrollments();
    if (status.ok()) status = Completions();
    if (status.ok()) status = Withdrawals();
    if (status.ok()) status = stages_.Follow("achievements", "registry");
    if (status.ok()) status = stages_.Follow("achievements", "enrollment");
    if (status.ok()) status = Awards();
    if (status.ok()) status = Recognitions();
    if (status.ok()) status = stages_.Follow("reporting", "registry");
    if (status.ok()) status = stages_.Follow("reporting", "enrollment");
    if (status.ok()) status = stages_.Follow("reporting", "achievements");
    return status;
  }

  const std::vector<StageSummary>& summaries() const { return stages_.summaries(); }

 private:
  // `send(context, request, response, done)` starts a call.
  template <class Response, class Request, class Send>
  absl::Status SendAll(const char* title, const char* method, const Requests<Request>& requests,
                       const Send& send, Names& names) {
    std::vector<size_t> wanted;
    for (size_t i = 0; i < requests.size(); ++i) {
      if (requests[i]) wanted.push_back(i);
    }
    std::vector<Response> responses(requests.size());
    names.assign(requests.size(), "");
    return stages_.Run({.title = title,
                        .method = method,
                        .wanted = std::move(wanted),
                        .send =
                            [&](size_t i, grpc::ClientContext* context, Calls::Done done) {
                              send(context, &*requests[i], &responses[i], std::move(done));
                            },
                        .name_of =
                            [&](size_t i) {
                              std::string name = std::move(*responses[i].mutable_name());
                              responses[i].Clear();
                              return name;
                            }},
                       names);
  }

  absl::Status Units(const char* title, const std::vector<registry::v1::OpenUnitRequest>& units) {
    Names made;
    const Requests<registry::v1::OpenUnitRequest> requests(units.begin(), units.end());
    return SendAll<registry::v1::Unit>(
        title, "OpenUnit", requests,
        [&](auto&&... call) { registry_->async()->OpenUnit(std::move(call)...); }, made);
  }

  // Alone, since each rests on the one before.
  absl::Status Act(size_t i) {
    Names made;
    const Requests<registry::v1::RecordUnitActRequest> requests = {plan_.acts[i]};
    return SendAll<registry::v1::UnitAct>(
        "acts", "RecordUnitAct", requests,
        [&](auto&&... call) { registry_->async()->RecordUnitAct(std::move(call)...); }, made);
  }

  absl::Status Centers() {
    Requests<registry::v1::OpenCenterRequest> requests;
    for (const PlannedCenter& planned : plan_.centers) {
      requests.emplace_back(planned.request)
          ->mutable_center()
          ->set_unit(plan_.places[planned.unit]);
    }
    return SendAll<registry::v1::Center>(
        "centers", "OpenCenter", requests,
        [&](auto&&... call) { registry_->async()->OpenCenter(std::move(call)...); }, centers_);
  }

  absl::Status Accreditations() {
    Requests<registry::v1::GrantAccreditationRequest> requests;
    for (const PlannedAccreditation& planned : plan_.accreditations) {
      requests.emplace_back(planned.request)
          ->mutable_accreditation()
          ->set_center(centers_[planned.center]);
    }
    Names made;
    return SendAll<registry::v1::Accreditation>(
        "accreditations", "GrantAccreditation", requests,
        [&](auto&&... call) { registry_->async()->GrantAccreditation(std::move(call)...); }, made);
  }

  absl::Status Counts() {
    Names made;
    const Requests<registry::v1::RecordUnitCountRequest> requests(plan_.counts.begin(),
                                                                  plan_.counts.end());
    return SendAll<registry::v1::UnitCount>(
        "counts", "RecordUnitCount", requests,
        [&](auto&&... call) { registry_->async()->RecordUnitCount(std::move(call)...); }, made);
  }

  absl::Status Awards() {
    Names made;
    const Requests<achievements::v1::RecordAwardRequest> requests(plan_.awards.begin(),
                                                                  plan_.awards.end());
    return SendAll<achievements::v1::Award>(
        "awards", "RecordAward", requests,
        [&](auto&&... call) { achievements_->async()->RecordAward(std::move(call)...); }, made);
  }

  absl::Status Recognitions() {
    Names made;
    const Requests<achievements::v1::GrantRecognitionRequest> requests(plan_.recognitions.begin(),
                                                                       plan_.recognitions.end());
    return SendAll<achievements::v1::Recognition>(
        "recognitions", "GrantRecognition", requests,
        [&](auto&&... call) { achievements_->async()->GrantRecognition(std::move(call)...); },
        made);
  }

  absl::Status Learners() {
    Requests<enrollment::v1::RegisterLearnerRequest> requests;
    for (const PlannedLearner& planned : plan_.learners) {
      auto& request = requests.emplace_back(planned.request);
      if (planned.unit) request->mutable_learner()->set_unit(plan_.places[*planned.unit]);
    }
    return SendAll<enrollment::v1::Learner>(
        "learners", "RegisterLearner", requests,
        [&](auto&&... call) { enrollment_->async()->RegisterLearner(std::move(call)...); },
        learners_);
  }

  absl::Status Offerings() {
    Requests<enrollment::v1::OpenOfferingRequest> requests;
    for (const PlannedOffering& planned : plan_.offerings) {
      requests.emplace_back(planned.request)
          ->mutable_offering()
          ->set_center(centers_[planned.center]);
    }
    return SendAll<enrollment::v1::Offering>(
        "offerings", "OpenOffering", requests,
        [&](auto&&... call) { enrollment_->async()->OpenOffering(std::move(call)...); },
        offerings_);
  }

  absl::Status Enrollments() {
    Requests<enrollment::v1::EnrollLearnerRequest> requests;
    for (const PlannedEnrollment& planned : plan_.enrollments) {
      auto& request = requests.emplace_back();
      if (learners_[planned.learner].empty()) continue;
      request = planned.request;
      request->set_learner(learners_[planned.learner]);
      request->set_offering(offerings_[planned.offering]);
    }
    return SendAll<enrollment::v1::Enrollment>(
        "enrollments", "EnrollLearner", requests,
        [&](auto&&... call) { enrollment_->async()->EnrollLearner(std::move(call)...); },
        enrollments_);
  }

  // The planned endings of those enrollments that there are.
  template <class Planned>
  auto Endings(const std::vector<Planned>& endings) {
    Requests<decltype(Planned::request)> requests;
    for (const Planned& planned : endings) {
      auto& request = requests.emplace_back();
      if (enrollments_[planned.enrollment].empty()) continue;
      request = planned.request;
      request->set_name(enrollments_[planned.enrollment]);
    }
    return requests;
  }

  absl::Status Completions() {
    Names ended;
    return SendAll<enrollment::v1::Enrollment>(
        "completions", "CompleteEnrollment", Endings(plan_.completions),
        [&](auto&&... call) { enrollment_->async()->CompleteEnrollment(std::move(call)...); },
        ended);
  }

  absl::Status Withdrawals() {
    Names ended;
    return SendAll<enrollment::v1::Enrollment>(
        "withdrawals", "WithdrawEnrollment", Endings(plan_.withdrawals),
        [&](auto&&... call) { enrollment_->async()->WithdrawEnrollment(std::move(call)...); },
        ended);
  }

  const Plan& plan_;
  const std::unique_ptr<RegistryService::Stub> registry_;
  const std::unique_ptr<EnrollmentService::Stub> enrollment_;
  const std::unique_ptr<AchievementsService::Stub> achievements_;
  Stages stages_;
  // Of what the stages before made.
  Names centers_, learners_, offerings_, enrollments_;
};

}  // namespace

std::string SummaryText(const Summary& summary) {
  int64_t done = 0;
  std::string remarks;
  for (const StageSummary& stage : summary.stages) {
    done += stage.done;
    const auto remark = [&](int64_t count, const std::string& what) {
      if (count == 0) return;
      remarks += Concat("  ", stage.stage, ": ", WithCommas(count), " ", what, "\n");
    };
    for (const auto& [reason, count] : stage.refused) remark(count, Concat("refused, ", reason));
    remark(stage.skipped, "skipped, since what they are about was refused");
    remark(stage.retries, "tried again, since the server was busy");
  }
  std::array<char, 32> seconds;
  std::snprintf(seconds.data(), seconds.size(), "%.1f", summary.seconds);
  return Concat("  ", WithCommas(done), " calls done in ", seconds.data(), " s\n", remarks);
}

absl::StatusOr<Summary> LoadCity(const Plan& plan, const std::shared_ptr<grpc::Channel>& channel,
                                 const LoadOptions& options, Progress& progress) {
  const auto began = std::chrono::steady_clock::now();
  Loader loader(plan, channel, options, progress);
  if (auto status = loader.Load(); !status.ok()) return status;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return Summary{.stages = loader.summaries(), .seconds = took.count()};
}

}  // namespace learncity::demo
