// How results are shown: a table for people, JSON for programs.
#pragma once

#include <ostream>
#include <string>

#include "tests/bench/filling.h"
#include "tests/bench/machine.h"
#include "tests/bench/rows.h"

namespace learncity::bench {

struct Run {
  Machine machine;
  std::string command;
  int enrollments = 0;
  double filling_seconds = 0;
  Effort effort;
  Results results;
};

// One line.
void PrintMachine(const Machine& machine, std::ostream& out);
void PrintTable(const Run& run, std::ostream& out);
std::string ToJson(const Run& run);

}  // namespace learncity::bench
