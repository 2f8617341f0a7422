// Loads what happens at the centers of a plan, center after center: what it holds, then who comes,
// then how that ends. While the last answers of one center are awaited, the next ones begin, so
// that as many calls as allowed are under way; in memory are the few centers that have begun and
// not ended.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "learncity/enrollment/v1/enrollment_service.grpc.pb.h"
#include "services/learncity/demo/stages.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

// One thread.
class ActivityLoader {
 public:
  // All outlive it.
  ActivityLoader(const Plan& plan, const rpc::Peers& city, Stages& stages)
      : plan_(plan),
        stub_(enrollment::v1::EnrollmentService::NewStub(city.Of("enrollment"))),
        stages_(stages) {}

  // `centers` are the names of the plan's centers.
  absl::Status Load(const Names& centers);

 private:
  enum Sort : size_t { kLearner, kOffering, kEnrollment, kCompletion, kWithdrawal };
  // A center that has begun. Its learners are registered once all that it holds is open.
  struct Begun {
    CenterActivity activity;
    Names offerings;
    size_t offerings_asked = 0;
    size_t offerings_answered = 0;
    size_t learners_asked = 0;
    // Calls that are under way or wait for their turn.
    size_t calls = 0;
  };
  struct Call {
    Sort sort = kLearner;
    std::list<Begun>::iterator center;
    // Into the activity's offerings or learners, and into the learner's enrollments.
    size_t index = 0;
    size_t enrollment = 0;
    // What it is answered with, by sort.
    enrollment::v1::Learner learner;
    enrollment::v1::Offering offering;
    enrollment::v1::Enrollment enrolled;
  };

  std::optional<size_t> Next(const Names& centers);
  // Of the centers that have begun, what can be asked for now.
  std::optional<size_t> NextOfBegun();
  void Begin(const Names& centers);
  void Send(size_t call, grpc::ClientContext* context, Calls::Done done);
  void Ended(size_t call, bool done);
  void EndedOffering(const Call& call, bool done);
  void EndedLearner(const Call& call, bool done);
  void EndedEnrollment(const Call& call, bool done);
  size_t Make(Sort sort, std::list<Begun>::iterator center, size_t index, size_t enrollment = 0);
  std::string TextOf(size_t call) const;

  const Plan& plan_;
  const std::unique_ptr<enrollment::v1::EnrollmentService::Stub> stub_;
  Stages& stages_;

  std::list<Begun> begun_;
  size_t next_activity_ = 0;
  // A call is an index into these; those that have ended are used again.
  std::deque<Call> calls_;
  std::vector<size_t> free_;
  // Made and not yet sent: what follows from answers.
  std::deque<size_t> ready_;
  int64_t skipped_enrollments_ = 0, skipped_completions_ = 0, skipped_withdrawals_ = 0;
};

}  // namespace learncity::demo
