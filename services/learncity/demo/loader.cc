#include "services/learncity/demo/loader.h"

#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "learncity/achievements/v1/achievements_service.grpc.pb.h"
#include "learncity/registry/v1/registry_service.grpc.pb.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/activity_loader.h"
#include "services/learncity/demo/stages.h"

namespace learncity::demo {
namespace {

using achievements::v1::AchievementsService;
using registry::v1::RegistryService;

class Loader {
 public:
  Loader(const Plan& plan, const rpc::Peers& city, const LoadOptions& options, Progress& progress)
      : plan_(plan),
        registry_(RegistryService::NewStub(city.Of("registry"))),
        achievements_(AchievementsService::NewStub(city.Of("achievements"))),
        stages_(city, options, progress),
        activities_(plan, city, stages_) {}

  // The stages in their order, up to the first that fails.
  absl::Status Load() {
    absl::Status status = Units("districts", plan_.districts);
    if (status.ok()) status = Units("units", plan_.units);
    for (size_t i = 0; status.ok() && i < plan_.acts.size(); ++i) status = Act(i);
    if (status.ok()) status = Centers();
    if (status.ok()) status = Accreditations();
    if (status.ok()) status = Counts();
    if (status.ok()) status = stages_.Follow("enrollment", "registry");
    if (status.ok()) status = activities_.Load(centers_);
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
  absl::Status SendAll(const char* title, const char* method, const std::vector<Request>& requests,
                       const Send& send, Names* names = nullptr) {
    if (names != nullptr) names->assign(requests.size(), "");
    return SendEach<Response, Request>(
        title, method, requests.size(), [&](size_t i) { return requests[i]; }, send, names);
  }

  // Each is made by `make(i)` when it is sent, and gone when it has been answered.
  template <class Response, class Request, class Make, class Send>
  absl::Status SendEach(const char* title, const char* method, size_t count, const Make& make,
                        const Send& send, Names* names) {
    std::map<size_t, std::pair<Request, Response>> under_way;
    size_t begun = 0;
    return stages_.Run(
        {.sorts = {{.title = title, .method = method}},
         .count = static_cast<int64_t>(count),
         .next = [&]() -> std::optional<size_t> {
           if (begun == count) return std::nullopt;
           return begun++;
         },
         .send =
             [&](size_t i, grpc::ClientContext* context, Calls::Done done) {
               const auto [at, is_first_try] = under_way.try_emplace(i);
               auto& [request, response] = at->second;
               if (is_first_try) request = make(i);
               send(context, &request, &response, std::move(done));
             },
         .sort_of = [](size_t) { return size_t{0}; },
         .text_of =
             [&](size_t i) { return Concat("number ", i + 1, " of the ", count, " ", title); },
         .ended =
             [&](size_t i, bool done) {
               const auto at = under_way.find(i);
               if (done && names != nullptr) {
                 (*names)[i] = std::move(*at->second.second.mutable_name());
               }
               under_way.erase(at);
             }});
  }

  absl::Status Units(const char* title, const std::vector<registry::v1::OpenUnitRequest>& units) {
    return SendAll<registry::v1::Unit>(title, "OpenUnit", units, [&](auto&&... call) {
      registry_->async()->OpenUnit(std::move(call)...);
    });
  }

  // Alone, since each rests on the one before.
  absl::Status Act(size_t i) {
    return SendAll<registry::v1::UnitAct>(
        "acts", "RecordUnitAct", std::vector{plan_.acts[i]},
        [&](auto&&... call) { registry_->async()->RecordUnitAct(std::move(call)...); });
  }

  absl::Status Centers() {
    std::vector<registry::v1::OpenCenterRequest> requests;
    for (const PlannedCenter& planned : plan_.centers) {
      requests.emplace_back(planned.request).mutable_center()->set_unit(plan_.places[planned.unit]);
    }
    return SendAll<registry::v1::Center>(
        "centers", "OpenCenter", requests,
        [&](auto&&... call) { registry_->async()->OpenCenter(std::move(call)...); }, &centers_);
  }

  absl::Status Accreditations() {
    std::vector<registry::v1::GrantAccreditationRequest> requests;
    for (const PlannedAccreditation& planned : plan_.accreditations) {
      requests.emplace_back(planned.request)
          .mutable_accreditation()
          ->set_center(centers_[planned.center]);
    }
    return SendAll<registry::v1::Accreditation>(
        "accreditations", "GrantAccreditation", requests,
        [&](auto&&... call) { registry_->async()->GrantAccreditation(std::move(call)...); });
  }

  absl::Status Counts() {
    return SendAll<registry::v1::UnitCount>(
        "counts", "RecordUnitCount", plan_.counts,
        [&](auto&&... call) { registry_->async()->RecordUnitCount(std::move(call)...); });
  }

  absl::Status Awards() {
    return SendAll<achievements::v1::Award>(
        "awards", "RecordAward", plan_.awards,
        [&](auto&&... call) { achievements_->async()->RecordAward(std::move(call)...); });
  }

  absl::Status Recognitions() {
    return SendEach<achievements::v1::Recognition, achievements::v1::GrantRecognitionRequest>(
        "recognitions", "GrantRecognition", plan_.recognitions, plan_.recognition,
        [&](auto&&... call) { achievements_->async()->GrantRecognition(std::move(call)...); },
        nullptr);
  }

  const Plan& plan_;
  const std::unique_ptr<RegistryService::Stub> registry_;
  const std::unique_ptr<AchievementsService::Stub> achievements_;
  Stages stages_;
  ActivityLoader activities_;
  Names centers_;
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

absl::StatusOr<Summary> LoadCity(const Plan& plan, const rpc::Peers& city,
                                 const LoadOptions& options, Progress& progress) {
  const auto began = std::chrono::steady_clock::now();
  Loader loader(plan, city, options, progress);
  if (auto status = loader.Load(); !status.ok()) return status;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return Summary{.stages = loader.summaries(), .seconds = took.count()};
}

}  // namespace learncity::demo
