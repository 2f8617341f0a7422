// Which cell of a file's rows is which column of a kind, from the file's first row.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/learncity/import/csv_reader.h"
#include "services/learncity/import/field_path.h"
#include "services/learncity/import/findings.h"
#include "services/learncity/import/kinds.h"
#include "services/learncity/import/words.h"

namespace learncity::importing {

// A column of the kind that the file has.
struct BoundColumn {
  const Column* column = nullptr;
  FieldPath path;
  // Index of its cell.
  size_t cell = 0;
  // Dates are dd/mm/yyyy.
  bool day_first = false;
  // Its values are shown to nobody.
  bool is_personal = false;
  // Of a column of words.
  std::shared_ptr<const Words> words;
};

// Constant after construction.
class Header {
 public:
  // Nullopt with findings when a column is not known, stands twice, or is missing; or when what is
  // given is of no column, or cannot be read.
  static std::optional<Header> Bind(const Kind& kind, const CsvRow& first, Findings* findings,
                                    const Given& given = {});

  const Kind& kind() const { return *kind_; }
  // In the order of the kind's table.
  const std::vector<BoundColumn>& columns() const { return columns_; }
  // What every row's request begins as; its cells take the place of what was given.
  const google::protobuf::Message& beginning() const { return *beginning_; }
  // The cells' names as the file has them.
  const std::vector<std::string>& names() const { return names_; }
  // The own key's cell.
  std::optional<size_t> key() const { return key_; }
  // Whether cells of this index may stand in a row and are passed over.
  bool IsPassedOver(size_t cell) const { return passed_over_[cell]; }

  // The finding's place and name for a cell.
  Finding At(int64_t line, size_t cell, std::string rule, std::string what) const;

 private:
  Header(const Kind& kind, const CsvRow& first);
  // Finds out what a cell of the first row names; false when it is nothing.
  bool BindCell(size_t cell);
  bool BindColumn(size_t cell, std::string_view name, bool day_first, bool has_order);
  void FindMissing(const Given& given, Findings* findings) const;
  void TakeGiven(const Given& given, Findings* findings);

  const Kind* kind_;
  std::vector<std::string> names_;
  std::vector<BoundColumn> columns_;
  std::shared_ptr<google::protobuf::Message> beginning_;
  std::optional<size_t> key_;
  std::vector<bool> passed_over_;
};

}  // namespace learncity::importing
