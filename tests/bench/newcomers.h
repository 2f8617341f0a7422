// Learners who have just come to a loaded city, and seats for all of them: what enrolls there while
// something is measured.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/runtime/loop.h"
#include "services/learncity/city.h"

namespace learncity::bench {

class Newcomers {
 public:
  // Registers so many, and opens community courses for them. The city has no threads yet.
  Newcomers(City& city, int learners);

  int count() const { return static_cast<int>(learners_.size()); }
  // What the n-th of them asks for; never refused.
  enrollment::v1::EnrollLearnerRequest Enroll(int n) const;

 private:
  std::vector<std::string> learners_;
  std::vector<std::string> courses_;
};

// Enrolls, so many a second and 64 waiting at the most, until it goes. Straight into the writer: a
// client would take part of the machine.
class Arrivals {
 public:
  // What the n-th asks for.
  using Next = std::function<enrollment::v1::EnrollLearnerRequest(int n)>;
  // Begins with the n-th that is `first`.
  Arrivals(City& city, Next request, int first, double per_second);
  ~Arrivals() { loop_.Stop(); }

  int64_t arrived() const { return arrived_; }
  // The one that would be next.
  int next() const { return next_; }

 private:
  bool Step();

  City& city_;
  const Next request_;
  const int first_;
  const double per_second_;
  const std::chrono::steady_clock::time_point began_;
  std::atomic<int> next_;
  std::atomic<int64_t> arrived_{0};
  runtime::Loop loop_;
};

}  // namespace learncity::bench
