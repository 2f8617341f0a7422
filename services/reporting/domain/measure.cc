#include "services/reporting/domain/measure.h"

#include <algorithm>
#include <array>

#include "learncity/reporting/v1/facts.pb.h"
#include "platform/runtime/check.h"
#include "services/reporting/domain/days.h"

namespace learncity::reporting {
namespace {

using Key = v1::CellKey;

constexpr int kPupils[] = {Key::kIscedLevelFieldNumber, Key::kGradeFieldNumber,
                           Key::kSexFieldNumber, Key::kBirthYearFieldNumber};
constexpr int kSpaces[] = {Key::kCenterKindFieldNumber, Key::kUnitFieldNumber};
constexpr int kCenters[] = {Key::kCenterKindFieldNumber, Key::kOwnershipFieldNumber,
                            Key::kStandardLevelFieldNumber, Key::kUnitFieldNumber};
constexpr int kParticipants[] = {Key::kSexFieldNumber, Key::kBirthYearFieldNumber,
                                 Key::kHasDisabilityFieldNumber, Key::kIsDisadvantagedFieldNumber};
constexpr int kLiteracy[] = {Key::kSexFieldNumber, Key::kBirthYearFieldNumber};
constexpr int kEnrollments[] = {Key::kSexFieldNumber, Key::kModeFieldNumber};
constexpr int kRecognitions[] = {Key::kRecognitionFieldNumber, Key::kUnitFieldNumber};
constexpr int kCredentials[] = {Key::kSexFieldNumber, Key::kCredentialKindFieldNumber};
constexpr int kAwards[] = {Key::kIsInternationalFieldNumber};

// In the order of the enum.
constexpr std::array<MeasureShape, v1::Measure_ARRAYSIZE> kShapes = {{
    {},
    {CellTime::kDay, kPupils},
    {CellTime::kClosedMonth, kSpaces},
    {CellTime::kDay, kCenters},
    {CellTime::kClosedMonth, kParticipants},
    {CellTime::kYear, kLiteracy},
    {CellTime::kSchoolYear, kEnrollments},
    {CellTime::kDay, kRecognitions},
    {CellTime::kYear, kCredentials},
    {CellTime::kYear, kAwards},
}};

}  // namespace

const MeasureShape& ShapeOf(v1::Measure measure) {
  LEARNCITY_CHECK(v1::Measure_IsValid(measure) && measure != v1::MEASURE_UNSPECIFIED)
      << "no cells of measure " << static_cast<int>(measure);
  return kShapes[static_cast<size_t>(measure)];
}

bool HasDimension(v1::Measure measure, int cell_key_field) {
  const auto& dimensions = ShapeOf(measure).dimensions;
  return std::find(dimensions.begin(), dimensions.end(), cell_key_field) != dimensions.end();
}

int TimeOf(v1::Measure measure, Day as_of) {
  switch (ShapeOf(measure).time) {
    case CellTime::kDay:
      return DayNumber(as_of);
    case CellTime::kClosedMonth:
      return LastClosedMonth(as_of);
    case CellTime::kYear:
      return YearOf(as_of);
    case CellTime::kSchoolYear:
      return SchoolYearStart(as_of);
  }
  LEARNCITY_CHECK(false) << "measure " << static_cast<int>(measure) << " has no time";
  return 0;
}

Day DayOfFigures(v1::Measure measure, Day as_of) {
  if (ShapeOf(measure).time != CellTime::kClosedMonth) return as_of;
  return LastDayOfMonth(LastClosedMonth(as_of));
}

}  // namespace learncity::reporting
