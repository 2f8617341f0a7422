#include "services/learncity/kafka_config.h"

#include <fstream>

#include "platform/runtime/concat.h"

namespace learncity {

absl::StatusOr<feed::KafkaOptions> ReadKafkaOptions(const std::string& brokers,
                                                    const std::string& settings_file) {
  feed::KafkaOptions options{.brokers = brokers};
  if (settings_file.empty()) return options;
  std::ifstream file(settings_file);
  if (!file) return absl::NotFoundError(Concat("there is no ", settings_file));
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.starts_with("#")) continue;
    const size_t equals = line.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          Concat(settings_file, ":", number, ": a line is name=value"));
    }
    options.settings[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return options;
}

}  // namespace learncity
