// Checks for bugs: what cannot be, if the code is right. What the world can do is an absl::Status.
//
//   LEARNCITY_CHECK(cursor <= head) << "feed " << name;
//   LEARNCITY_CHECK_EQ(position, head + 1);
//   LEARNCITY_CHECK_OK(status);
//
// A check that fails writes file, line, condition, values and the streamed text to stderr in one
// write and aborts the process. Checks stay in release builds. From any thread. Never stream
// personal data.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace learncity::runtime::internal {

class CheckFailure {
 public:
  CheckFailure(const char* file, int line, std::string_view what);
  [[noreturn]] ~CheckFailure();
  std::ostream& stream() { return text_; }

 private:
  std::ostringstream text_;
};

// Null when the comparison holds, else the text of the failure.
template <typename A, typename B, typename Compare>
std::unique_ptr<std::string> CheckCompared(const A& a, const B& b, Compare compare,
                                           const char* expression) {
  if (compare(a, b)) [[likely]] {
    return nullptr;
  }
  std::ostringstream text;
  text << expression << " (" << a << " and " << b << ")";
  return std::make_unique<std::string>(text.str());
}

inline std::unique_ptr<std::string> CheckOk(const absl::Status& status, const char* expression) {
  if (status.ok()) [[likely]] {
    return nullptr;
  }
  return std::make_unique<std::string>(std::string(expression) + " is OK (" + status.ToString() +
                                       ")");
}

}  // namespace learncity::runtime::internal

// The loops run at most once: the failure's destructor aborts.
#define LEARNCITY_CHECK(condition)  \
  while (!(condition)) [[unlikely]] \
  ::learncity::runtime::internal::CheckFailure(__FILE__, __LINE__, #condition).stream()

#define LEARNCITY_CHECK_COMPARED(a, op, b)                                                      \
  while (auto learncity_failure = ::learncity::runtime::internal::CheckCompared(                \
             (a), (b), [](const auto& x, const auto& y) { return x op y; }, #a " " #op " " #b)) \
  ::learncity::runtime::internal::CheckFailure(__FILE__, __LINE__, *learncity_failure).stream()

#define LEARNCITY_CHECK_EQ(a, b) LEARNCITY_CHECK_COMPARED(a, ==, b)
#define LEARNCITY_CHECK_NE(a, b) LEARNCITY_CHECK_COMPARED(a, !=, b)
#define LEARNCITY_CHECK_LT(a, b) LEARNCITY_CHECK_COMPARED(a, <, b)
#define LEARNCITY_CHECK_LE(a, b) LEARNCITY_CHECK_COMPARED(a, <=, b)
#define LEARNCITY_CHECK_GT(a, b) LEARNCITY_CHECK_COMPARED(a, >, b)
#define LEARNCITY_CHECK_GE(a, b) LEARNCITY_CHECK_COMPARED(a, >=, b)

#define LEARNCITY_CHECK_OK(status)                                                            \
  while (auto learncity_failure = ::learncity::runtime::internal::CheckOk((status), #status)) \
  ::learncity::runtime::internal::CheckFailure(__FILE__, __LINE__, *learncity_failure).stream()
