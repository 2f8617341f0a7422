// Days, months and school years as numbers, as facts and cells count them.
#pragma once

#include "platform/calendar/calendar.h"

namespace learncity::reporting {

// Days since 1970-01-01.
int DayNumber(Day day);
Day DayOfNumber(int number);

// 12 × year + month − 1.
int MonthNumber(Day day);
Day LastDayOfMonth(int month);

int YearOf(Day day);

// The last month that is over at the end of `day`: the day's own on the last day of a month.
int LastClosedMonth(Day day);

// The year in which the school year of that day began. School years begin in September.
int SchoolYearStart(Day day);

}  // namespace learncity::reporting
