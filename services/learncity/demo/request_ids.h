// Request ids of one plan: UUIDv7 of the plan's day, derived from what the plan was made from.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "platform/calendar/calendar.h"
#include "platform/ledger/id.h"
#include "platform/runtime/concat.h"
#include "services/learncity/demo/synthetic_city.h"

namespace learncity::demo {

class RequestIds {
 public:
  // `stream` tells what is planned for one purpose from what is planned for another, in any order.
  RequestIds(const PlanOptions& options, std::string_view stream)
      : start_(options.today),
        seed_(Concat("learncity demo ", kGenerator, " ", options.seed, " ", options.one_in, " ",
                     FormatDay(options.today), " ", stream)) {}

  std::string Next() { return At(++count_); }
  // The i-th of the stream.
  std::string At(int64_t i) const { return TimeOrderedId(start_, seed_, i).ToString(); }

 private:
  // Counts up whenever the same options give other requests than before: an id that was used for
  // another request is refused.
  static constexpr int kGenerator = 3;

  const Time start_;
  const std::string seed_;
  int64_t count_ = 0;
};

}  // namespace learncity::demo
