#include "platform/feed/envelope.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "platform/runtime/concat.h"
#include "platform/runtime/quantity.h"
#include "platform/runtime/time.h"

namespace learncity::feed {
namespace {

constexpr std::string_view kSpecVersion = "1.0";
constexpr std::string_view kContentType = "application/protobuf";
// Digits of the largest position.
constexpr size_t kSequenceDigits = 19;

std::string Sequence(int64_t position) {
  const std::string digits = std::to_string(position);
  return std::string(kSequenceDigits - std::min(digits.size(), kSequenceDigits), '0') + digits;
}

absl::Status Wrong(std::string_view attribute, std::string_view value) {
  return absl::InvalidArgumentError(Concat(attribute, " is \"", value, "\""));
}

// The attributes of one message.
class Attributes {
 public:
  explicit Attributes(const Message& message) : message_(message) {}

  absl::StatusOr<std::string_view> Text(std::string_view name) const {
    for (const auto& [header, value] : message_.headers) {
      if (header == name) return std::string_view(value);
    }
    return absl::InvalidArgumentError(Concat(name, " is missing"));
  }

  absl::Status Expect(std::string_view name, std::string_view wanted) const {
    const auto text = Text(name);
    if (!text.ok()) return text.status();
    if (*text != wanted)
      return absl::InvalidArgumentError(Concat(name, " is \"", *text, "\", not \"", wanted, "\""));
    return absl::OkStatus();
  }

  // 1 or more.
  absl::Status Number(std::string_view name, int64_t* number) const {
    const auto text = Text(name);
    if (!text.ok()) return text.status();
    const auto parsed = runtime::ParseInt(*text);
    if (!parsed || *parsed < 1) return Wrong(name, *text);
    *number = *parsed;
    return absl::OkStatus();
  }

 private:
  const Message& message_;
};

}  // namespace

std::string FeedName::Source() const { return Concat("urn:learncity:", city, ":", feed); }
std::string FeedName::Topic() const { return Concat("learncity.", city, ".", feed, ".v1"); }

Message ToMessage(const FeedName& name, int64_t epoch, const ledger::Record& record) {
  const std::string subject = record.subject.ToString();
  return {.key = subject,
          .value = record.data,
          .headers = {{"ce_specversion", std::string(kSpecVersion)},
                      {"ce_id", Concat(epoch, "-", record.position)},
                      {"ce_source", name.Source()},
                      {"ce_type", record.type},
                      {"ce_subject", subject},
                      {"ce_time", FormatTime(record.time)},
                      {"ce_sequence", Sequence(record.position)},
                      {"ce_partitionkey", subject},
                      {"ce_epoch", Concat(epoch)},
                      {"ce_subjectversion", Concat(record.version)},
                      {"content-type", std::string(kContentType)}}};
}

absl::StatusOr<Carried> FromMessage(const FeedName& name, Message message) {
  const Attributes attributes(message);
  Carried carried;
  ledger::Record& record = carried.record;
  absl::Status status = attributes.Expect("ce_specversion", kSpecVersion);
  status.Update(attributes.Expect("content-type", kContentType));
  status.Update(attributes.Expect("ce_source", name.Source()));
  status.Update(attributes.Number("ce_epoch", &carried.epoch));
  status.Update(attributes.Number("ce_sequence", &record.position));
  status.Update(attributes.Number("ce_subjectversion", &record.version));
  if (!status.ok()) return status;
  const auto type = attributes.Text("ce_type");
  const auto subject = attributes.Text("ce_subject");
  const auto time = attributes.Text("ce_time");
  for (const absl::Status& each : {type.status(), subject.status(), time.status()}) {
    if (!each.ok()) return each;
  }
  const std::optional<Id> id = Id::Parse(*subject);
  if (!id) return Wrong("ce_subject", *subject);
  const std::optional<Time> at = ParseTime(*time);
  if (!at) return Wrong("ce_time", *time);
  record.type = *type;
  record.subject = *id;
  record.time = *at;
  record.data = std::move(message.value);
  return carried;
}

}  // namespace learncity::feed
