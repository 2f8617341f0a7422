#include "platform/runtime/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace learncity::runtime {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

enum class Engine { kSqlite, kPostgres };

Engine ReadEngine(Config& config) {
  return config.Choice({.name = "engine", .meaning = "Where the ledger is kept."}, Engine::kSqlite,
                       {{"sqlite", Engine::kSqlite}, {"postgres", Engine::kPostgres}});
}

int64_t ReadInputsMax(Config& config) {
  return config.Int({.name = "inputs_max", .meaning = "Inputs that may wait."}, 256,
                    {.min = 1, .max = 1000}, "inputs");
}

std::string Message(const Config& config) { return std::string(config.Finish().message()); }

TEST(Config, UsesDefaultsWhereNothingIsGiven) {
  Config config({}, {});
  EXPECT_EQ(ReadInputsMax(config), 256);
  EXPECT_EQ(ReadEngine(config), Engine::kSqlite);
  EXPECT_EQ(config.Duration({.name = "linger"}, 5ms, {0ms, 1min}), 5ms);
  EXPECT_EQ(config.Path({.name = "folder"}, "", PathKind::kExistingFolder), "");
  EXPECT_TRUE(config.Finish().ok());
}

TEST(Config, PrefersOverridesToTheEnvironment) {
  Config config({{"LEARNCITY_INPUTS_MAX", "10"},
                 {"LEARNCITY_ENGINE", "postgres"},
                 {"LEARNCITY_TURN_BYTES_MAX", "2MiB"}},
                {"--inputs-max=20"});
  EXPECT_EQ(ReadInputsMax(config), 20);
  EXPECT_EQ(ReadEngine(config), Engine::kPostgres);
  EXPECT_EQ(config.Bytes({.name = "turn_bytes_max"}, 4 << 20, {.min = 1, .max = 16 << 20}),
            2 << 20);
  EXPECT_TRUE(config.Finish().ok()) << config.Finish();
  EXPECT_EQ(config.Effective(),
            "inputs_max = \"20\" (override)\n"
            "engine = \"postgres\" (environment)\n"
            "turn_bytes_max = \"2MiB\" (environment)\n");
}

TEST(Config, ReportsAllErrorsAtOnce) {
  Config config({{"LEARNCITY_INPUTS_MAX", "0"}, {"LEARNCITY_LINGER", "5"}},
                {"--engine=oracle", "--prot=1", "--turn_bytes_max=32MiB", "help"});
  EXPECT_EQ(ReadInputsMax(config), 256);
  EXPECT_EQ(ReadEngine(config), Engine::kSqlite);
  EXPECT_EQ(config.Duration({.name = "linger"}, 5ms, {0ms, 1min}), 5ms);
  config.Bytes({.name = "turn_bytes_max"}, 4 << 20, {.min = 1, .max = 16 << 20});
  config.String({.name = "city"}, std::nullopt);
  config.Path({.name = "master_key_file"}, "/no/such/file", PathKind::kExistingFile);
  EXPECT_EQ(config.Finish().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      Message(config),
      "argument 4: is not understood; allowed: --name=value\n"
      "LEARNCITY_INPUTS_MAX = \"0\" (environment): is out of range; "
      "allowed: whole number from 1 to 1000\n"
      "LEARNCITY_ENGINE = \"oracle\" (override): is not known; allowed: one of sqlite, postgres\n"
      "LEARNCITY_LINGER = \"5\" (environment): is not a duration with unit; "
      "allowed: duration with unit from 0ms to 1m\n"
      "LEARNCITY_TURN_BYTES_MAX = \"32MiB\" (override): is out of range; "
      "allowed: size with unit from 1B to 16MiB\n"
      "LEARNCITY_CITY = (required) (default): is required and not given; allowed: text\n"
      "LEARNCITY_MASTER_KEY_FILE = \"/no/such/file\" (default): is not an existing file; "
      "allowed: path of an existing file\n"
      "--prot: is no option; allowed: those of the reference");
}

TEST(Config, ShowsASecretNowhere) {
  Config config({{"LEARNCITY_DATABASE", "host=db password=hunter2"}}, {"hunter2"});
  EXPECT_EQ(config.Secret({.name = "database"}, std::nullopt), "host=db password=hunter2");
  EXPECT_EQ(config.Secret({.name = "replica"}, "hunter2"), "hunter2");
  EXPECT_EQ(config.Secret({.name = "key"}, std::nullopt), "");
  const std::string shown = Message(config) + config.Effective() + config.ReferenceTable();
  EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
  EXPECT_THAT(shown, HasSubstr("database = *** (environment)\n"));
  EXPECT_THAT(shown, HasSubstr("LEARNCITY_KEY = (required) (default): is required"));
}

TEST(Config, RefusesAnEmptyValueWhereOneIsNeeded) {
  Config config({{"LEARNCITY_CITY", ""}, {"LEARNCITY_FOLDER", ""}}, {});
  config.String({.name = "city"}, std::nullopt);
  config.Path({.name = "folder"}, "data");
  EXPECT_EQ(Message(config),
            "LEARNCITY_CITY = \"\" (environment): is required and not given; allowed: text\n"
            "LEARNCITY_FOLDER = \"\" (environment): is empty; allowed: path");
}

TEST(Config, RefusesAnOverrideGivenTwice) {
  Config config({}, {"--inputs_max=1", "inputs-max=2"});
  EXPECT_EQ(ReadInputsMax(config), 1);
  EXPECT_EQ(Message(config), "--inputs_max: is given twice; allowed: once");
}

TEST(Config, ListsVariablesNoOptionHasRead) {
  Config config({{"LEARNCITY_INPUT_MAX", "1"}, {"LEARNCITY_INPUTS_MAX", "1"}, {"HOME", "/"}}, {});
  ReadInputsMax(config);
  EXPECT_TRUE(config.Finish().ok());
  EXPECT_THAT(config.UnreadVariables(), ElementsAre("LEARNCITY_INPUT_MAX"));
}

TEST(Config, PrintsItsReference) {
  Config config({{"LEARNCITY_INPUTS_MAX", "10"}}, {});
  ReadInputsMax(config);
  config.Duration({.name = "linger", .meaning = "Wait for more."}, 5ms, {0ms, 1min});
  EXPECT_EQ(config.ReferenceTable(),
            "| name | type | default | unit | meaning |\n|---|---|---|---|---|\n"
            "| `LEARNCITY_INPUTS_MAX` | whole number from 1 to 1000 | 256 | inputs | "
            "Inputs that may wait. |\n"
            "| `LEARNCITY_LINGER` | duration with unit from 0ms to 1m | 5ms | ms, s, m, h, d | "
            "Wait for more. |\n");
}

TEST(Config, ReadsTheVariablesOfTheProcess) {
  ASSERT_EQ(::setenv("LEARNCITY_INPUTS_MAX", "a=b", 1), 0);
  Config config(EnvironmentVariables(), {});
  ASSERT_EQ(::unsetenv("LEARNCITY_INPUTS_MAX"), 0);
  ReadInputsMax(config);
  EXPECT_THAT(Message(config), HasSubstr("= \"a=b\" (environment): is not a whole number"));
}

TEST(ConfigDeathTest, AbortsOnANameReadTwice) {
  Config config({}, {});
  ReadInputsMax(config);
  EXPECT_DEATH(ReadInputsMax(config), "inputs_max");
}

}  // namespace
}  // namespace learncity::runtime
