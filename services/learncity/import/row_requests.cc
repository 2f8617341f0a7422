#include "services/learncity/import/row_requests.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "google/api/resource.pb.h"
#include "platform/rpc/resource_fields.h"
#include "platform/rpc/resource_name.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/learncity/import/cells.h"

namespace learncity::importing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What passes the format of a request_id while the row has none.
constexpr char kAnyRequestId[] = "00000000-0000-8000-8000-000000000000";
// Characters of a value that a finding shows.
constexpr size_t kShownMax = 60;

bool IsReference(Parse parse) { return parse == Parse::kUnit; }

// "learners" of a field that names learners.
const std::string& CollectionOf(const FieldDescriptor& field) {
  const auto& reference = field.options().GetExtension(google::api::resource_reference);
  const rpc::ResourceType* type = rpc::FindResourceType(reference.type());
  LEARNCITY_CHECK(type != nullptr) << field.full_name() << " names no resource";
  return type->collection;
}

std::string Shown(std::string_view value) {
  if (value.size() <= kShownMax) return Concat("\"", value, "\"");
  size_t end = kShownMax;
  while (end > 0 && (value[end] & 0xC0) == 0x80) --end;
  return Concat("\"", value.substr(0, end), "…\"");
}

void SetNumber(Message* holder, const FieldDescriptor* field, int32_t number) {
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    holder->GetReflection()->SetInt64(holder, field, number);
  } else {
    holder->GetReflection()->SetInt32(holder, field, number);
  }
}

bool IsNumber(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

// Makes one request.
class RowRequests::Maker {
 public:
  Maker(const RowRequests& rows, const CsvRow& row, Findings* findings)
      : rows_(rows), row_(row), findings_(findings), request_(rows.header_.beginning().New()) {
    request_->CopyFrom(rows.header_.beginning());
  }

  std::unique_ptr<Message> Make() {
    const auto& columns = rows_.header_.columns();
    CheckCellCount();
    // A unit's code is looked up on the row's date, so dates come first.
    for (const bool references : {false, true}) {
      for (const BoundColumn& column : columns) {
        column.path.Begin(*request_);
        if (IsReference(column.column->parse) == references) ReadCell(column);
      }
    }
    CheckFields();
    CheckNeeded();
    return has_finding_ ? nullptr : std::move(request_);
  }

 private:
  void CheckCellCount() {
    const size_t wanted = rows_.header_.names().size();
    const size_t cells = row_.cells.size();
    for (size_t i = 0; i < cells; ++i) {
      const bool has_column = i < wanted && !rows_.header_.names()[i].empty();
      if (has_column || row_.cells[i].empty()) continue;
      Tell(i, "CELL_WITHOUT_COLUMN",
           "the cell has no column; put a cell that holds the separator into quotation marks.");
      return;
    }
    if (cells >= wanted) return;
    has_finding_ = true;
    findings_->Add({.line = row_.line,
                    .rule = "CELLS_MISSING",
                    .what = Concat("the row has ", cells, " cells and the header ", wanted,
                                   "; add what is missing, empty if need be.")});
  }

  void Tell(size_t cell, std::string rule, std::string what) {
    has_finding_ = true;
    told_.insert(cell);
    findings_->Add(rows_.header_.At(row_.line, cell, std::move(rule), std::move(what)));
  }

  // How the value of a cell is shown: a personal one is not.
  std::string Value(const BoundColumn& column) const {
    return column.is_personal ? "the value" : Shown(row_.cells[column.cell]);
  }

  void ReadCell(const BoundColumn& column) {
    if (column.cell >= row_.cells.size()) return;
    const std::string& text = row_.cells[column.cell];
    if (text.empty()) return;
    const FieldDescriptor* field = &column.path.field();
    Message& holder = column.path.Holder(*request_);
    const auto& r = *holder.GetReflection();
    switch (column.column->parse) {
      case Parse::kText:
        return r.SetString(&holder, field, text);
      case Parse::kNumber:
        return Take(column, ReadNumber(text),
                    [&](int32_t number) { SetNumber(&holder, field, number); });
      case Parse::kYesOrNo:
        return ReadYesOrNo(column, holder);
      case Parse::kWord:
        return ReadWord(column, holder);
      case Parse::kDate:
      case Parse::kPartialDate:
        return Take(column,
                    ReadDate(text, {.day_first = column.day_first,
                                    .may_be_partial = column.column->parse == Parse::kPartialDate}),
                    [&](const google::type::Date& date) {
                      r.MutableMessage(&holder, field)->CopyFrom(date);
                    });
      case Parse::kUnit:
        return ReadUnit(column, holder);
      case Parse::kCenter:
      case Parse::kName:
        if (auto name = NameOf(column, text)) r.SetString(&holder, field, *std::move(name));
        return;
      case Parse::kNames:
        for (const std::string& item : ReadList(text)) {
          if (auto name = NameOf(column, item)) r.AddString(&holder, field, *std::move(name));
        }
        return;
      case Parse::kSubject:
        return r.SetString(&holder, field,
                           text.starts_with("learners/") ? text.substr(text.find('/') + 1) : text);
    }
  }

  template <class Value, class Set>
  void Take(const BoundColumn& column, std::variant<Value, Wrong> read, const Set& set) {
    if (auto* wrong = std::get_if<Wrong>(&read)) {
      return Tell(column.cell, std::move(wrong->rule), std::move(wrong->what));
    }
    set(std::get<Value>(read));
  }

  void ReadYesOrNo(const BoundColumn& column, Message& holder) {
    if (const auto yes = FindYesOrNo(row_.cells[column.cell])) {
      return holder.GetReflection()->SetBool(&holder, &column.path.field(), *yes);
    }
    Tell(column.cell, "UNKNOWN_WORD",
         Concat(Value(column), " is neither yes (có) nor no (không); write one of them."));
  }

  void ReadWord(const BoundColumn& column, Message& holder) {
    if (const auto value = column.words->Find(row_.cells[column.cell])) {
      return holder.GetReflection()->SetEnumValue(&holder, &column.path.field(), *value);
    }
    Tell(column.cell, "UNKNOWN_WORD",
         Concat(Value(column),
                " is none of the column's words; write one of: ", column.words->list(), "."));
  }

  void ReadUnit(const BoundColumn& column, Message& holder) {
    const std::string& text = row_.cells[column.cell];
    const auto set = [&](const std::string& name) {
      holder.GetReflection()->SetString(&holder, &column.path.field(), name);
    };
    if (rows_.places_.HasUnit(text)) return set(text);
    if (text.find('/') != std::string::npos) {
      return Tell(column.cell, "UNKNOWN_UNIT",
                  Concat("there is no ", Shown(text), "; import units first, or correct it."));
    }
    Day day = rows_.today_;
    if (rows_.day_) {
      const auto* date = rows_.day_->DateIn(*request_);
      const auto known = date == nullptr ? std::nullopt : ToDay(*date);
      // What is wrong with the date is told already.
      if (!known) return SkipReference(column);
      day = *known;
    }
    if (const auto name = rows_.places_.UnitOn(text, day)) return set(*name);
    Tell(column.cell, "UNKNOWN_UNIT", WhyNoUnit(text, day));
  }

  // So that a reference that was not looked up is not called missing.
  void SkipReference(const BoundColumn& column) {
    told_.insert(column.cell);
    has_finding_ = true;
  }

  std::string WhyNoUnit(const std::string& code, Day day) const {
    const std::string days = rows_.places_.DaysOf(code);
    std::string what = Concat("no unit has the code ", Shown(code), " on ", FormatDay(day));
    if (!days.empty()) {
      return Concat(what, ", but ", days, "; give a day on which it is there, or another code.");
    }
    if (IsNumber(code) && code.size() < 5) {
      what += " (has a spreadsheet taken zeros from its begin?)";
    }
    return what + "; import units first, each below what it is a part of, or correct it.";
  }

  // The name of a resource that a cell, or an item of it, names; nullopt when that was told.
  std::optional<std::string> NameOf(const BoundColumn& column, const std::string& text) {
    const std::string& collection = CollectionOf(column.path.field());
    const bool is_center = column.column->parse == Parse::kCenter;
    if (text.starts_with(Concat(collection, "/"))) {
      if (!is_center || rows_.places_.HasCenter(text)) return text;
    } else if (is_center) {
      if (auto name = rows_.places_.CenterOf(text)) return name;
    }
    if (auto name = rows_.keys_.Find(collection, text)) return name;
    if (is_center) {
      Tell(column.cell, "UNKNOWN_CENTER",
           Concat("no center has the name, the code or the key ", Shown(text),
                  "; import centers first, give their names file by --names, or correct it."));
    } else {
      Tell(column.cell, "UNKNOWN_KEY",
           Concat(Shown(text), " is no name as ", collection,
                  "/… and no key in a names file; give that file by --names, or correct it."));
    }
    return std::nullopt;
  }

  // The proto's own rules, so that what the server would refuse for its shape is told at once.
  void CheckFields() {
    rpc::SetText(request_.get(), "request_id", kAnyRequestId);
    google::rpc::BadRequest violations;
    rows_.plan_.Check(*request_, &violations);
    rpc::ClearField(request_.get(), "request_id");
    for (const auto& violation : violations.field_violations()) {
      const std::string path = violation.field().substr(0, violation.field().find('['));
      const auto& columns = rows_.header_.columns();
      const auto column =
          std::find_if(columns.begin(), columns.end(),
                       [&](const BoundColumn& bound) { return bound.path.text() == path; });
      const std::string what = Concat(violation.description(), "; correct it.");
      if (column == columns.end()) {
        has_finding_ = true;
        findings_->Add({.line = row_.line,
                        .rule = violation.reason(),
                        .what = Concat(violation.field(), " ", what)});
      } else if (!told_.contains(column->cell)) {
        Tell(column->cell, violation.reason(), what);
      }
    }
  }

  // A kind may need what its request may lack: no number of people is not 0 of them.
  void CheckNeeded() {
    for (const BoundColumn& column : rows_.header_.columns()) {
      const bool is_empty = column.cell < row_.cells.size() && row_.cells[column.cell].empty();
      if (!is_empty || column.column->presence != Presence::kRequired) continue;
      if (!told_.contains(column.cell)) Tell(column.cell, "REQUIRED", "is required; correct it.");
    }
  }

  const RowRequests& rows_;
  const CsvRow& row_;
  Findings* const findings_;
  std::unique_ptr<Message> request_;
  bool has_finding_ = false;
  // Cells of which something was told.
  std::set<size_t> told_;
};

RowRequests::RowRequests(const Header& header, const Places& places, const OwnKeys& keys, Day today)
    : header_(header),
      places_(places),
      keys_(keys),
      today_(today),
      plan_(rpc::FieldPlan::Of(header.kind().request().GetDescriptor())) {
  const Kind& kind = header.kind();
  const auto* request = kind.request().GetDescriptor();
  if (!kind.day.empty()) day_.emplace(request, kind.day);
  for (const std::string_view path : kind.same) same_.emplace_back(request, path);
}

std::unique_ptr<Message> RowRequests::Make(const CsvRow& row, Findings* findings) const {
  return Maker(*this, row, findings).Make();
}

std::string RowRequests::DocumentOf(const Message& request) const {
  std::string document;
  for (const FieldPath& path : same_) document += path.ValueIn(request) + '\n';
  return document;
}

}  // namespace learncity::importing
