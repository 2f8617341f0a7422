// Request ids of one plan: UUIDv7 of the plan's day, derived from what the plan was made from.
#pragma once

#include <chrono>
#include <string>

#include "platform/calendar/calendar.h"
#include "platform/ledger/id.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

class RequestIds {
 public:
  explicit RequestIds(const PlanOptions& options)
      : start_(options.today),
        seed_(Concat("learncity demo ", kGenerator, " ", options.seed, " ", options.learners, " ",
                     FormatDay(options.today))) {}

  std::string Next() { return TimeOrderedId(start_, seed_, ++count_).ToString(); }

 private:
  // Counts up whenever the same options give other requests than before: an id that was used for
  // another request is refused.
  static constexpr int kGenerator = 2;

  const Time start_;
  const std::string seed_;
  int64_t count_ = 0;
};

}  // namespace learncity::demo
