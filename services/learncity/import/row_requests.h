// What a row of a file becomes: a write request that the field rules of its proto accept and whose
// units, centers and own keys are known, or findings. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"
#include "platform/calendar/calendar.h"
#include "platform/rpc/field_rules.h"
#include "services/learncity/import/csv_reader.h"
#include "services/learncity/import/findings.h"
#include "services/learncity/import/header.h"
#include "services/learncity/import/own_keys.h"
#include "services/learncity/import/places.h"

namespace learncity::importing {

// Constant after construction, but for what it refers to.
class RowRequests {
 public:
  // All outlive it. `today` is the day on which a code without a date of its own is meant.
  RowRequests(const Header& header, const Places& places, const OwnKeys& keys, Day today);

  // Without request_id. nullptr when there was a finding.
  std::unique_ptr<google::protobuf::Message> Make(const CsvRow& row, Findings* findings) const;

  // Which document the row is about, as bytes to compare by; empty when it makes its own.
  std::string DocumentOf(const google::protobuf::Message& request) const;

 private:
  class Maker;

  const Header& header_;
  const Places& places_;
  const OwnKeys& keys_;
  const Day today_;
  const rpc::FieldPlan& plan_;
  std::optional<FieldPath> day_;
  std::vector<FieldPath> same_;
};

}  // namespace learncity::importing
