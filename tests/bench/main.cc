// learncity_bench: the ratios of docs/performance.md, measured in one run on one machine.
#include <fstream>
#include <iostream>

#include "CLI/CLI.hpp"
#include "platform/runtime/concat.h"
#include "platform/runtime/exit_code.h"
#include "tests/bench/table.h"
#include "tests/bench/whole_city.h"

int main(int argc, char** argv) {
  using namespace learncity;
  using namespace learncity::bench;
  CLI::App app("Measures durable writes and reads against a bare gRPC echo.", "learncity_bench");
  double seconds = 2;
  int pairs = 5;
  int enrollments = 300'000;
  std::string only, json, city_folder, data = "data";
  app.add_option("--seconds", seconds, "Time of each side of a pair")
      ->capture_default_str()
      ->check(CLI::Range(0.05, 60.0));
  app.add_option("--pairs", pairs, "How often each pair is measured")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--rows", enrollments, "Enrollments, and as many learners, filled in beforehand")
      ->capture_default_str()
      ->check(CLI::Range(1000, 10'000'000));
  app.add_option("--only", only,
                 "One figure: reads, enroll, turns-of-one, followers, postgres or kafka")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kRowNames), std::end(kRowNames))));
  app.add_option("--json", json, "File for the results as JSON");
  app.add_option(
      "--city", city_folder,
      "Measures a city that `learncity demo` has loaded into this folder, and changes it");
  app.add_option("--data", data, "Data folder, for --city")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? runtime::kExitOk : runtime::kExitUsage;
  }
  Run run{.command = Join(std::vector<std::string>(argv + 1, argv + argc), " "),
          .enrollments = enrollments};
  run.command = Concat("./run bench", run.command.empty() ? "" : " ", run.command);
  run.effort.time = std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  run.effort.pairs = pairs;
  const Ground ground;
  run.machine = ReadMachine(ground.folder());
  if (!city_folder.empty()) {
    PrintMachine(run.machine, std::cout);
    MeasureWholeCity(city_folder, data, ground.folder(), std::cout);
    return runtime::kExitOk;
  }
  std::cerr << "filling " << enrollments << " learners and enrollments" << std::endl;
  const Filled city = Fill(ground.folder() / "filled", enrollments);
  run.filling_seconds = city.seconds;
  run.results = MeasureRows(ground, city, run.effort, only);
  PrintTable(run, std::cout);
  if (!json.empty()) std::ofstream(json) << ToJson(run) << "\n";
  return runtime::kExitOk;
}
