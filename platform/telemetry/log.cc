#include "platform/telemetry/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>

#include "platform/runtime/check.h"
#include "platform/runtime/time.h"

namespace learncity::telemetry {
namespace {

std::atomic<Level> log_level{Level::kInfo};

Mutex capture_mutex;
CapturedLog* capture LEARNCITY_GUARDED_BY(capture_mutex) = nullptr;

constexpr std::string_view kTruncated = R"(,"truncated":true)";
// Left free for kTruncated, the closing brace and the line end.
constexpr size_t kLineEndBytes = kTruncated.size() + 2;

std::string_view LevelText(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

struct ToJson {
  nlohmann::json operator()(std::string_view text) { return text.substr(0, kTextBytesMax); }
  nlohmann::json operator()(double number) {
    if (std::isfinite(number)) return number;
    return std::isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
  }
  nlohmann::json operator()(auto scalar) { return scalar; }
};

// What is not UTF-8 in texts becomes U+FFFD.
std::string JsonText(const Value& value) {
  const nlohmann::json json = std::visit(ToJson(), value.variant());
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string MakeLine(Level level, Name event, std::initializer_list<Field> fields) {
  std::string line = R"({"time":")" + FormatTime(SystemNow()) + R"(","level":")";
  line += LevelText(level);
  line += R"(","event":")";
  line += event.text();
  line += '"';
  bool truncated = false;
  for (const Field& field : fields) {
    std::string part = ",\"";
    part += field.name.text();
    part += "\":";
    part += JsonText(field.value);
    if (line.size() + part.size() + kLineEndBytes <= kLineBytesMax) {
      line += part;
    } else {
      truncated = true;
    }
  }
  if (truncated) line += kTruncated;
  line += "}";
  return line;
}

void WriteToStderr(std::string line) {
  line += '\n';
  ssize_t written;
  do {
    written = ::write(STDERR_FILENO, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
}

}  // namespace

void Log(Level level, Name event, std::initializer_list<Field> fields) {
  if (level < log_level.load(std::memory_order_relaxed)) return;
  std::string line = MakeLine(level, event, fields);
  {
    // Held while the capture takes the line, so that it cannot go away meanwhile.
    MutexLock lock(&capture_mutex);
    if (capture != nullptr) {
      capture->Take(std::move(line));
      return;
    }
  }
  WriteToStderr(std::move(line));
}

void SetLogLevel(Level level) { log_level.store(level, std::memory_order_relaxed); }

CapturedLog::CapturedLog() {
  MutexLock lock(&capture_mutex);
  LEARNCITY_CHECK(capture == nullptr) << "a second CapturedLog";
  capture = this;
}

CapturedLog::~CapturedLog() {
  MutexLock lock(&capture_mutex);
  capture = nullptr;
}

std::vector<std::string> CapturedLog::lines() const {
  MutexLock lock(&mutex_);
  return lines_;
}

void CapturedLog::Take(std::string line) {
  MutexLock lock(&mutex_);
  lines_.push_back(std::move(line));
}

}  // namespace learncity::telemetry
