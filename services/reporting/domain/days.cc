#include "services/reporting/domain/days.h"

namespace learncity::reporting {

using std::chrono::days;
using std::chrono::year_month_day;

int DayNumber(Day day) { return static_cast<int>(day.time_since_epoch().count()); }

Day DayOfNumber(int number) { return Day(days(number)); }

int MonthNumber(Day day) {
  const year_month_day parts(day);
  return 12 * static_cast<int>(parts.year()) +
         static_cast<int>(static_cast<unsigned>(parts.month())) - 1;
}

Day LastDayOfMonth(int month) {
  const std::chrono::year year(month / 12);
  return Day(year / std::chrono::month(static_cast<unsigned>(month % 12) + 1) / std::chrono::last);
}

int YearOf(Day day) { return static_cast<int>(year_month_day(day).year()); }

int LastClosedMonth(Day day) { return MonthNumber(day + days(1)) - 1; }

int SchoolYearStart(Day day) {
  const year_month_day parts(day);
  const int year = static_cast<int>(parts.year());
  return parts.month() >= std::chrono::September ? year : year - 1;
}

}  // namespace learncity::reporting
