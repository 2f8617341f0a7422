// Request ids of one plan: UUIDv7 of the plan's day, derived from what the plan was made from.
// Their times rise in the order in which requests are sent, as those of any caller do: services
// keep answers in the order of request ids, and what is written side by side costs them the least.
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
  // `stream` tells what is planned for one purpose from what is planned for another, in any order;
  // its times begin so many seconds into the day.
  RequestIds(const PlanOptions& options, std::string_view stream,
             std::chrono::seconds begins = std::chrono::seconds(0))
      : start_(Time(options.today) + begins),
        seed_(Concat("learncity demo ", kGenerator, " ", options.seed, " ", options.one_in, " ",
                     FormatDay(options.today), " ", stream)) {}

  std::string Next() { return At(++count_); }
  // The i-th of the stream.
  std::string At(int64_t i) const {
    return TimeOrderedId(start_ + std::chrono::milliseconds(i), seed_, i).ToString();
  }

 private:
  // Counts up whenever the same options give other requests than before: an id that was used for
  // another request is refused.
  static constexpr int kGenerator = 3;

  const Time start_;
  const std::string seed_;
  int64_t count_ = 0;
};

}  // namespace learncity::demo
