#include "services/learncity/demo/activity_loader.h"

#include <optional>
#include <utility>

#include "platform/runtime/concat.h"

namespace learncity::demo {
namespace {

// How many centers may have begun: enough to fill the calls in flight even when most of them wait
// for their last answers.
constexpr size_t kBegunMax = 64;

}  // namespace

absl::Status ActivityLoader::Load(const Names& centers) {
  const auto status =
      stages_.Run({.sorts = {{"learners", "RegisterLearner"},
                             {"offerings", "OpenOffering"},
                             {"enrollments", "EnrollLearner"},
                             {"completions", "CompleteEnrollment"},
                             {"withdrawals", "WithdrawEnrollment"}},
                   .count = plan_.learners,
                   .next = [&] { return Next(centers); },
                   .send = [&](size_t call, grpc::ClientContext* context,
                               Calls::Done done) { Send(call, context, std::move(done)); },
                   .sort_of = [&](size_t call) { return static_cast<size_t>(calls_[call].sort); },
                   .text_of = [&](size_t call) { return TextOf(call); },
                   .ended = [&](size_t call, bool done) { Ended(call, done); }});
  stages_.NoteSkipped("enrollments", skipped_enrollments_);
  stages_.NoteSkipped("completions", skipped_completions_);
  stages_.NoteSkipped("withdrawals", skipped_withdrawals_);
  return status;
}

std::optional<size_t> ActivityLoader::Next(const Names& centers) {
  if (!ready_.empty()) {
    const size_t call = ready_.front();
    ready_.pop_front();
    return call;
  }
  while (true) {
    if (const auto call = NextOfBegun()) return call;
    if (next_activity_ == plan_.activities || begun_.size() == kBegunMax) return std::nullopt;
    Begin(centers);
  }
}

std::optional<size_t> ActivityLoader::NextOfBegun() {
  for (auto center = begun_.begin(); center != begun_.end(); ++center) {
    const CenterActivity& activity = center->activity;
    if (center->offerings_asked < activity.offerings.size()) {
      return Make(kOffering, center, center->offerings_asked++);
    }
    if (center->offerings_answered < activity.offerings.size()) continue;
    if (center->learners_asked < activity.learners.size()) {
      return Make(kLearner, center, center->learners_asked++);
    }
  }
  return std::nullopt;
}

void ActivityLoader::Begin(const Names& centers) {
  Begun& begun = begun_.emplace_back();
  begun.activity = plan_.activity(next_activity_++);
  for (auto& request : begun.activity.offerings) {
    request.mutable_offering()->set_center(centers[begun.activity.center]);
  }
  for (PlannedLearner& planned : begun.activity.learners) {
    if (planned.unit) planned.request.mutable_learner()->set_unit(plan_.places[*planned.unit]);
  }
  begun.offerings.resize(begun.activity.offerings.size());
}

size_t ActivityLoader::Make(Sort sort, std::list<Begun>::iterator center, size_t index,
                            size_t enrollment) {
  if (free_.empty()) {
    free_.push_back(calls_.size());
    calls_.emplace_back();
  }
  const size_t made = free_.back();
  free_.pop_back();
  Call& call = calls_[made];
  call.sort = sort;
  call.center = center;
  call.index = index;
  call.enrollment = enrollment;
  ++center->calls;
  return made;
}

void ActivityLoader::Send(size_t index, grpc::ClientContext* context, Calls::Done done) {
  Call& call = calls_[index];
  CenterActivity& activity = call.center->activity;
  auto* const async = stub_->async();
  if (call.sort == kOffering) {
    return async->OpenOffering(context, &activity.offerings[call.index], &call.offering,
                               std::move(done));
  }
  PlannedLearner& learner = activity.learners[call.index];
  if (call.sort == kLearner) {
    return async->RegisterLearner(context, &learner.request, &call.learner, std::move(done));
  }
  PlannedEnrollment& enrollment = learner.enrollments[call.enrollment];
  if (call.sort == kEnrollment) {
    async->EnrollLearner(context, &enrollment.request, &call.enrolled, std::move(done));
  } else if (call.sort == kCompletion) {
    async->CompleteEnrollment(context, &*enrollment.completion, &call.enrolled, std::move(done));
  } else {
    async->WithdrawEnrollment(context, &*enrollment.withdrawal, &call.enrolled, std::move(done));
  }
}

void ActivityLoader::Ended(size_t index, bool done) {
  const Call& call = calls_[index];
  if (call.sort == kOffering) EndedOffering(call, done);
  if (call.sort == kLearner) EndedLearner(call, done);
  if (call.sort == kEnrollment) EndedEnrollment(call, done);
  free_.push_back(index);
  Begun& center = *call.center;
  if (--center.calls == 0 && center.learners_asked == center.activity.learners.size() &&
      center.offerings_answered == center.activity.offerings.size()) {
    begun_.erase(call.center);
  }
}

void ActivityLoader::EndedOffering(const Call& call, bool done) {
  Begun& center = *call.center;
  ++center.offerings_answered;
  if (done) center.offerings[call.index] = call.offering.name();
}

// What the learner enrolls in can be asked for, unless there is no such learner or offering.
void ActivityLoader::EndedLearner(const Call& call, bool done) {
  auto& enrollments = call.center->activity.learners[call.index].enrollments;
  for (size_t i = 0; i < enrollments.size(); ++i) {
    PlannedEnrollment& planned = enrollments[i];
    const std::string& offering = call.center->offerings[planned.offering];
    if (!done || offering.empty()) {
      ++skipped_enrollments_;
      skipped_completions_ += planned.completion.has_value();
      skipped_withdrawals_ += planned.withdrawal.has_value();
      continue;
    }
    planned.request.set_learner(call.learner.name());
    planned.request.set_offering(offering);
    ready_.push_back(Make(kEnrollment, call.center, call.index, i));
  }
}

void ActivityLoader::EndedEnrollment(const Call& call, bool done) {
  PlannedEnrollment& planned =
      call.center->activity.learners[call.index].enrollments[call.enrollment];
  const auto follow = [&](auto& ending, Sort sort, int64_t& skipped) {
    if (!ending) return;
    if (!done) {
      ++skipped;
      return;
    }
    ending->set_name(call.enrolled.name());
    ready_.push_back(Make(sort, call.center, call.index, call.enrollment));
  };
  follow(planned.completion, kCompletion, skipped_completions_);
  follow(planned.withdrawal, kWithdrawal, skipped_withdrawals_);
}

std::string ActivityLoader::TextOf(size_t index) const {
  const Call& call = calls_[index];
  const CenterActivity& activity = call.center->activity;
  const std::string at =
      Concat(" at ", plan_.centers[activity.center].request.center().display_name());
  if (call.sort == kOffering) return Concat("offering ", call.index + 1, at);
  if (call.sort == kLearner) return Concat("learner ", call.index + 1, at);
  return Concat("enrollment ", call.enrollment + 1, " of learner ", call.index + 1, at);
}

}  // namespace learncity::demo
