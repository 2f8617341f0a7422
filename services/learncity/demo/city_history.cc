#include "services/learncity/demo/city_history.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "platform/runtime/concat.h"
#include "services/reporting/domain/csv.h"

namespace learncity::demo {
namespace {

using registry::v1::EndedUnit;
using registry::v1::Unit;
using registry::v1::UnitAct;
using reporting::CsvRow;

constexpr char kUnitsFile[] = "units_pre_2025.csv";
constexpr char kSuccessionFile[] = "unit_succession.csv";
constexpr std::string_view kUnitsHeader =
    "code,name,name_with_type,type,district_code,district_name,district_type,valid_from,valid_to";
constexpr std::string_view kSuccessionHeader =
    "old_code,old_name,old_district,interim_code_2025h1,interim_name,step1_579_to_526,new_code,"
    "new_name,step2_whole_or_part,is_default_successor";
// Of the acts, the first as remembered: its text was not seen.
constexpr char kFirstAct[] = "1286/NQ-UBTVQH15";
constexpr char kSecondAct[] = "1656/NQ-UBTVQH15";
constexpr Day kBegin = std::chrono::sys_days(std::chrono::year(2020) / 3 / 1);
constexpr Day kFirstDay = std::chrono::sys_days(std::chrono::year(2025) / 1 / 1);
constexpr Day kSecondDay = std::chrono::sys_days(std::chrono::year(2025) / 7 / 1);

// What the succession file says of one old commune going to one of today.
struct Edge {
  std::string old_code, interim_code, interim_name, new_code;
  bool is_unchanged = false;
  bool keeps_code = false;
  bool is_whole = false;
  bool is_default = false;
};

absl::StatusOr<std::vector<CsvRow>> ReadRows(std::string_view csv, const char* file,
                                             std::string_view header) {
  auto rows = reporting::ParseCsv(csv, file);
  if (!rows.ok()) return rows.status();
  if (rows->empty() || Join(rows->front().fields, ",") != header) {
    return absl::InvalidArgumentError(Concat(file, ":1: the header must be ", header));
  }
  const size_t columns = rows->front().fields.size();
  rows->erase(rows->begin());
  for (const CsvRow& row : *rows) {
    if (row.fields.size() == columns) continue;
    return absl::InvalidArgumentError(Concat(file, ":", row.line, ": ", columns, " fields"));
  }
  return rows;
}

registry::v1::UnitType TypeOf(const std::string& type) {
  static const std::map<std::string, registry::v1::UnitType> types = {
      {"phường", registry::v1::UNIT_TYPE_WARD},
      {"xã", registry::v1::UNIT_TYPE_COMMUNE},
      {"thị trấn", registry::v1::UNIT_TYPE_TOWNSHIP},
      {"quận", registry::v1::UNIT_TYPE_URBAN_DISTRICT},
      {"huyện", registry::v1::UNIT_TYPE_RURAL_DISTRICT},
      {"thị xã", registry::v1::UNIT_TYPE_TOWN}};
  const auto found = types.find(type);
  return found == types.end() ? registry::v1::UNIT_TYPE_UNSPECIFIED : found->second;
}

std::string NameOf(const std::string& code, Day first_day) {
  std::string day = FormatDay(first_day);
  std::erase(day, '-');
  return Concat("units/", code, "-", day);
}

Unit MakeUnit(const std::string& code, const std::string& name, registry::v1::UnitType type,
              Day first_day, const std::string& parent) {
  Unit unit;
  unit.set_code(code);
  unit.set_display_name(name);
  unit.set_type(type);
  *unit.mutable_valid_from() = ToDate(first_day);
  unit.set_parent(parent);
  return unit;
}

class HistoryMaker {
 public:
  HistoryMaker(std::vector<CsvRow> old_rows, std::vector<Edge> edges,
               const std::vector<UnitRow>& today)
      : old_rows_(std::move(old_rows)), edges_(std::move(edges)), today_(today) {}

  CityHistory Make() {
    AddOldUnits();
    AddFirstAct();
    AddSecondAct();
    return std::move(history_);
  }

 private:
  void AddOldUnits() {
    for (const CsvRow& row : old_rows_) {
      const std::string& district = row.fields[4];
      if (!districts_.contains(district)) {
        districts_[district] = row.fields[5];
        history_.districts.push_back(
            MakeUnit(district, row.fields[5], TypeOf(row.fields[6]), kBegin, ""));
      }
      district_of_[row.fields[0]] = district;
      type_of_[row.fields[0]] = TypeOf(row.fields[3]);
      history_.communes.push_back(MakeUnit(row.fields[0], row.fields[2], TypeOf(row.fields[3]),
                                           kBegin, NameOf(district, kBegin)));
    }
  }

  // The unit that has the code between the two acts.
  std::string Interim(const std::string& code) const {
    return NameOf(code, renamed_.contains(code) ? kFirstDay : kBegin);
  }

  void AddFirstAct() {
    UnitAct& act = AddAct(kFirstAct, kFirstDay);
    std::set<std::string> ended;
    for (const Edge& edge : edges_) {
      if (!edge.keeps_code || !renamed_.insert(edge.old_code).second) continue;
      *act.add_opened() = MakeUnit(edge.interim_code, edge.interim_name, type_of_[edge.old_code],
                                   kFirstDay, NameOf(district_of_[edge.old_code], kBegin));
    }
    for (const Edge& edge : edges_) {
      if (edge.is_unchanged || !ended.insert(edge.old_code).second) continue;
      EndedUnit& unit = *act.add_ended();
      unit.set_unit(NameOf(edge.old_code, kBegin));
      auto& successor = *unit.add_successors();
      successor.set_unit(Interim(edge.interim_code));
      successor.set_whole(true);
      successor.set_is_default(true);
    }
  }

  void AddSecondAct() {
    UnitAct& act = AddAct(kSecondAct, kSecondDay);
    for (const auto& [code, name] : districts_) {
      *act.add_opened() = MakeUnit(code, Concat("Cụm chuyên môn ", name),
                                   registry::v1::UNIT_TYPE_PROFESSIONAL_CLUSTER, kSecondDay, "");
    }
    for (const UnitRow& row : today_) {
      *act.add_opened() = MakeUnit(row.code, row.name_with_type, row.type, kSecondDay,
                                   NameOf(ClusterOf(row.code), kSecondDay));
    }
    std::map<std::string, std::map<std::string, Edge>> gone;
    for (const Edge& edge : edges_) {
      Edge& one = gone[edge.interim_code].emplace(edge.new_code, edge).first->second;
      one.is_default |= edge.is_default;
    }
    for (const auto& [code, successors] : gone) {
      EndedUnit& ended = *act.add_ended();
      ended.set_unit(Interim(code));
      for (const auto& [new_code, edge] : successors) {
        auto& successor = *ended.add_successors();
        successor.set_unit(NameOf(new_code, kSecondDay));
        successor.set_whole(edge.is_whole);
        successor.set_is_default(edge.is_default);
      }
    }
    for (const auto& [code, name] : districts_) {
      EndedUnit& ended = *act.add_ended();
      ended.set_unit(NameOf(code, kBegin));
      auto& successor = *ended.add_successors();
      successor.set_unit(NameOf(code, kSecondDay));
      successor.set_whole(true);
      successor.set_is_default(true);
    }
  }

  UnitAct& AddAct(const char* legal_reference, Day day) {
    UnitAct& act = history_.acts.emplace_back();
    act.set_legal_reference(legal_reference);
    *act.mutable_effective_date() = ToDate(day);
    return act;
  }

  // Of equally many the district with the lowest code. A unit that is nobody's default successor
  // goes where most of its parts came from.
  std::string ClusterOf(const std::string& new_code) const {
    std::map<std::string, int> votes;
    for (const Edge& edge : edges_) {
      if (edge.new_code != new_code) continue;
      votes[district_of_.at(edge.old_code)] += edge.is_default ? 1000 : 1;
    }
    return std::max_element(votes.begin(), votes.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }

  const std::vector<CsvRow> old_rows_;
  const std::vector<Edge> edges_;
  const std::vector<UnitRow>& today_;
  CityHistory history_;
  // Names by code.
  std::map<std::string, std::string> districts_;
  std::map<std::string, std::string> district_of_;
  std::map<std::string, registry::v1::UnitType> type_of_;
  // Codes whose unit got another name by the first act.
  std::set<std::string> renamed_;
};

absl::StatusOr<std::vector<Edge>> EdgesOf(const std::vector<CsvRow>& rows,
                                          const std::set<std::string>& old_codes,
                                          const std::set<std::string>& new_codes) {
  std::vector<Edge> edges;
  for (const CsvRow& row : rows) {
    Edge edge{.old_code = row.fields[0],
              .interim_code = row.fields[3],
              .interim_name = row.fields[4],
              .new_code = row.fields[6],
              .is_unchanged = row.fields[5] == "unchanged",
              .keeps_code = row.fields[5] == "merged_keeps_code_renamed",
              .is_whole = row.fields[8] == "whole",
              .is_default = row.fields[9] == "1"};
    if (!old_codes.contains(edge.old_code) || !old_codes.contains(edge.interim_code) ||
        !new_codes.contains(edge.new_code)) {
      return absl::InvalidArgumentError(
          Concat(kSuccessionFile, ":", row.line, ": names a unit that the other files lack"));
    }
    edges.push_back(std::move(edge));
  }
  return edges;
}

}  // namespace

absl::StatusOr<CityHistory> ParseHistory(const HistoryTexts& texts,
                                         const std::vector<UnitRow>& today) {
  auto old_rows = ReadRows(texts.units_csv, kUnitsFile, kUnitsHeader);
  if (!old_rows.ok()) return old_rows.status();
  const auto succession = ReadRows(texts.succession_csv, kSuccessionFile, kSuccessionHeader);
  if (!succession.ok()) return succession.status();
  std::set<std::string> old_codes, new_codes, reached;
  for (const CsvRow& row : *old_rows) {
    if (TypeOf(row.fields[3]) == registry::v1::UNIT_TYPE_UNSPECIFIED ||
        TypeOf(row.fields[6]) == registry::v1::UNIT_TYPE_UNSPECIFIED) {
      return absl::InvalidArgumentError(
          Concat(kUnitsFile, ":", row.line, ": a type that is none of the known"));
    }
    old_codes.insert(row.fields[0]);
  }
  for (const UnitRow& row : today) new_codes.insert(row.code);
  auto edges = EdgesOf(*succession, old_codes, new_codes);
  if (!edges.ok()) return edges.status();
  for (const Edge& edge : *edges) reached.insert(edge.new_code);
  if (reached != new_codes) {
    return absl::InvalidArgumentError(Concat(kSuccessionFile, ": ",
                                             new_codes.size() - reached.size(),
                                             " units of today come from nowhere"));
  }
  return HistoryMaker(*std::move(old_rows), *std::move(edges), today).Make();
}

}  // namespace learncity::demo
