#include "services/learncity/import/header.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "learncity/options/v1/options.pb.h"
#include "platform/runtime/concat.h"
#include "platform/text/unicode.h"
#include "services/learncity/import/cells.h"

namespace learncity::importing {
namespace {

constexpr int64_t kLineOfHeader = 1;

bool IsDate(Parse parse) { return parse == Parse::kDate || parse == Parse::kPartialDate; }

// "birth_date (dd/mm/yyyy)" says in parentheses how its dates are written.
struct NameAndOrder {
  std::string name;
  // Nullopt when what stands in parentheses is no order.
  std::optional<bool> day_first;
};

NameAndOrder Split(const std::string& cell) {
  const size_t open = cell.rfind('(');
  if (open == std::string::npos || !cell.ends_with(')')) return {.name = cell, .day_first = {}};
  const std::string order =
      text::Folded(std::string_view(cell).substr(open + 1, cell.size() - open - 2));
  NameAndOrder split{.name = cell.substr(0, open), .day_first = {}};
  if (order == "dd/mm/yyyy" || order == "ngay/thang/nam") split.day_first = true;
  if (order == "yyyy mm dd" || order == "nam thang ngay") split.day_first = false;
  return split;
}

std::string NameOf(const Column& column) {
  return Concat(column.english, " (", column.vietnamese, ")");
}

bool NamesNothing(const Kind& kind, std::string_view folded) {
  const auto is_it = [&](std::string_view name) { return text::Folded(name) == folded; };
  return folded == kErrorColumn || folded == kReasonColumn ||
         std::any_of(kind.passed_over.begin(), kind.passed_over.end(), is_it);
}

std::string ColumnsOf(const Kind& kind) {
  std::vector<std::string> names;
  for (const Column& column : kind.columns) names.push_back(NameOf(column));
  names.push_back(Concat(kKeyEnglish, " (", kKeyVietnamese, ")"));
  return Join(names, ", ");
}

}  // namespace

Header::Header(const Kind& kind, const CsvRow& first)
    : kind_(&kind),
      names_(first.cells),
      beginning_(kind.request().New()),
      passed_over_(first.cells.size()) {
  if (kind.begin != nullptr) kind.begin(*beginning_);
}

std::optional<Header> Header::Bind(const Kind& kind, const CsvRow& first, Findings* findings,
                                   const Given& given) {
  Header header(kind, first);
  const size_t before = findings->size();
  std::set<std::string> seen;
  for (size_t cell = 0; cell < header.names_.size(); ++cell) {
    const std::string& name = header.names_[cell];
    // A spreadsheet may leave separators at the end of each row.
    if (name.empty()) continue;
    const size_t bound = header.columns_.size();
    if (!header.BindCell(cell)) {
      findings->Add(header.At(
          first.line, cell, "UNKNOWN_COLUMN",
          Concat("there is no such column; those of ", kind.name, " are: ", ColumnsOf(kind), ".")));
      continue;
    }
    const std::string what =
        header.columns_.size() > bound ? header.columns_.back().path.text() : text::Folded(name);
    if (!seen.insert(what).second) {
      findings->Add(header.At(first.line, cell, "COLUMN_TWICE",
                              "the column stands in the header twice; take one of them out."));
    }
  }
  header.FindMissing(given, findings);
  header.TakeGiven(given, findings);
  if (findings->size() > before) return std::nullopt;
  std::sort(header.columns_.begin(), header.columns_.end(),
            [](const BoundColumn& a, const BoundColumn& b) { return a.column < b.column; });
  return header;
}

bool Header::BindCell(size_t cell) {
  const std::string folded = text::Folded(names_[cell]);
  if (folded == text::Folded(kKeyEnglish) || folded == text::Folded(kKeyVietnamese)) {
    key_ = cell;
    return true;
  }
  if (NamesNothing(*kind_, folded)) {
    passed_over_[cell] = true;
    return true;
  }
  if (BindColumn(cell, folded, /*day_first=*/false, /*has_order=*/false)) return true;
  const NameAndOrder split = Split(names_[cell]);
  return split.day_first && BindColumn(cell, text::Folded(split.name), *split.day_first, true);
}

bool Header::BindColumn(size_t cell, std::string_view name, bool day_first, bool has_order) {
  for (const Column& column : kind_->columns) {
    if (name != text::Folded(column.english) && name != text::Folded(column.vietnamese)) continue;
    if (has_order && !IsDate(column.parse)) return false;
    FieldPath path(kind_->request().GetDescriptor(), column.path);
    const auto& field = path.field();
    const bool is_personal = field.options().GetExtension(options::v1::personal);
    std::shared_ptr<const Words> words;
    if (column.parse == Parse::kWord) words = std::make_shared<Words>(field.enum_type());
    columns_.push_back({.column = &column,
                        .path = std::move(path),
                        .cell = cell,
                        .day_first = day_first,
                        .is_personal = is_personal,
                        .words = std::move(words)});
    return true;
  }
  return false;
}

void Header::FindMissing(const Given& given, Findings* findings) const {
  for (const Column& column : kind_->columns) {
    const bool is_there =
        std::any_of(columns_.begin(), columns_.end(),
                    [&](const BoundColumn& bound) { return bound.column == &column; });
    if (is_there || column.presence == Presence::kOptional) continue;
    const bool may_be_given = column.presence == Presence::kRequiredOrGiven;
    if (may_be_given && given.contains(column.english)) continue;
    findings->Add(
        {.line = kLineOfHeader,
         .rule = "MISSING_COLUMN",
         .what = Concat(kind_->name, " need a column ", NameOf(column), "; add it",
                        may_be_given ? Concat(", or give --", column.english, " for all rows") : "",
                        ".")});
  }
}

void Header::TakeGiven(const Given& given, Findings* findings) {
  for (const auto& [name, value] : given) {
    const auto tell = [&](std::string rule, std::string what) {
      findings->Add({.line = kLineOfHeader,
                     .name = Concat("--", name),
                     .rule = std::move(rule),
                     .what = std::move(what)});
    };
    const auto column =
        std::find_if(kind_->columns.begin(), kind_->columns.end(), [&](const Column& one) {
          return one.presence == Presence::kRequiredOrGiven && one.english == name;
        });
    if (column == kind_->columns.end()) {
      tell("UNKNOWN_OPTION", Concat(kind_->name, " take no such option; leave it out."));
      continue;
    }
    const FieldPath path(kind_->request().GetDescriptor(), column->path);
    google::protobuf::Message& holder = path.Holder(*beginning_);
    const auto& reflection = *holder.GetReflection();
    if (!IsDate(column->parse)) {
      reflection.SetString(&holder, &path.field(), text::Normalised(value));
      continue;
    }
    auto read = ReadDate(value, {});
    if (auto* wrong = std::get_if<Wrong>(&read)) {
      tell(std::move(wrong->rule), "the date must be written yyyy-mm-dd, as 2025-07-01.");
    } else {
      reflection.MutableMessage(&holder, &path.field())
          ->CopyFrom(std::get<google::type::Date>(read));
    }
  }
}

Finding Header::At(int64_t line, size_t cell, std::string rule, std::string what) const {
  return {.line = line,
          .column = static_cast<int>(cell) + 1,
          .name = cell < names_.size() ? names_[cell] : "",
          .rule = std::move(rule),
          .what = std::move(what)};
}

}  // namespace learncity::importing
