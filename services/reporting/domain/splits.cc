#include "services/reporting/domain/splits.h"

#include <algorithm>

#include "learncity/reporting/v1/facts.pb.h"
#include "platform/runtime/check.h"

namespace learncity::reporting {
namespace {

// Every split before, and behind them each of them with each value.
template <class Value>
void SplitBy(std::optional<Value> Split::*dimension, const std::vector<Value>& values,
             std::vector<Split>& splits) {
  const std::vector<Split> before = splits;
  for (const Split& split : before) {
    for (const Value value : values) {
      splits.push_back(split);
      splits.back().*dimension = value;
    }
  }
}

// The values of an enum from one to another, those that are wanted alone when any is.
template <class Value, class Wanted>
std::vector<Value> ValuesOf(int first, int last, const Wanted& wanted) {
  std::vector<Value> values;
  for (int value = first; value <= last; ++value) {
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end()) {
      values.push_back(static_cast<Value>(value));
    }
  }
  return values;
}

int DimensionsOf(const Split& split) {
  return split.isced_level.has_value() + split.sex.has_value() + split.center_kind.has_value() +
         split.credential_kind.has_value();
}

}  // namespace

std::vector<Split> SplitsOf(const v1::IndicatorDefinition& definition) {
  const auto& asked = definition.numerator();
  const std::vector<int> every;
  std::vector<Split> splits = {{}};
  for (const int dimension : definition.disaggregation()) {
    switch (static_cast<v1::Dimension>(dimension)) {
      case v1::DIMENSION_ISCED_LEVEL:
        SplitBy(&Split::isced_level,
                ValuesOf<type::v1::IscedLevel>(type::v1::ISCED_LEVEL_01, type::v1::ISCED_LEVEL_3,
                                               asked.isced_levels()),
                splits);
        break;
      case v1::DIMENSION_SEX:
        SplitBy(&Split::sex,
                ValuesOf<type::v1::Sex>(type::v1::SEX_UNSPECIFIED, type::v1::SEX_MALE, every),
                splits);
        break;
      case v1::DIMENSION_CENTER_KIND:
        SplitBy(&Split::center_kind,
                ValuesOf<type::v1::CenterKind>(type::v1::CENTER_KIND_PRESCHOOL,
                                               type::v1::CENTER_KIND_CULTURE_HOUSE,
                                               asked.center_kinds()),
                splits);
        break;
      case v1::DIMENSION_CREDENTIAL_KIND:
        SplitBy(&Split::credential_kind,
                ValuesOf<type::v1::CredentialKind>(type::v1::CREDENTIAL_KIND_COMPLETION,
                                                   type::v1::CREDENTIAL_KIND_VOCATIONAL,
                                                   asked.credential_kinds()),
                splits);
        break;
      case v1::DIMENSION_UNIT:
        // Units are not known to the definition: their figures come behind the splits.
        break;
      default:
        LEARNCITY_CHECK(false) << definition.code() << " is split by dimension " << dimension;
    }
  }
  std::stable_sort(splits.begin(), splits.end(), [](const Split& a, const Split& b) {
    return DimensionsOf(a) < DimensionsOf(b);
  });
  return splits;
}

bool IsSplitByUnit(const v1::IndicatorDefinition& definition) {
  const auto& dimensions = definition.disaggregation();
  return std::find(dimensions.begin(), dimensions.end(), v1::DIMENSION_UNIT) != dimensions.end();
}

void SetSplit(v1::Figure& figure, const Split& split) {
  if (split.isced_level) figure.set_isced_level(*split.isced_level);
  figure.set_by_isced_level(split.isced_level.has_value());
  if (split.sex) figure.set_sex(*split.sex);
  figure.set_by_sex(split.sex.has_value());
  if (split.center_kind) figure.set_center_kind(*split.center_kind);
  figure.set_by_center_kind(split.center_kind.has_value());
  if (split.credential_kind) figure.set_credential_kind(*split.credential_kind);
  figure.set_by_credential_kind(split.credential_kind.has_value());
}

int CellKeyFieldOf(v1::Dimension dimension) {
  switch (dimension) {
    case v1::DIMENSION_ISCED_LEVEL:
      return v1::CellKey::kIscedLevelFieldNumber;
    case v1::DIMENSION_SEX:
      return v1::CellKey::kSexFieldNumber;
    case v1::DIMENSION_CENTER_KIND:
      return v1::CellKey::kCenterKindFieldNumber;
    case v1::DIMENSION_CREDENTIAL_KIND:
      return v1::CellKey::kCredentialKindFieldNumber;
    case v1::DIMENSION_UNIT:
      return v1::CellKey::kUnitFieldNumber;
    default:
      LEARNCITY_CHECK(false) << "no dimension " << static_cast<int>(dimension);
      return 0;
  }
}

}  // namespace learncity::reporting
