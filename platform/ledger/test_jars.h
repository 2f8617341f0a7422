// The service that the ledger's tests run: jars of beans that are opened, filled and due, and a
// followed kitchen whose plates fill them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "learncity/ledger_testing/v1/jars.pb.h"
#include "platform/ledger/schema.h"

namespace learncity::ledger_testing::v1 {

void Evolve(Jar& jar, const JarEvent& event);
void Evolve(Lid& lid, const LidEvent& event);
void Evolve(Plate& plate, const PlateEvent& event);
void Evolve(Round& round, const RoundEvent& event);

}  // namespace learncity::ledger_testing::v1

namespace learncity::ledger {

using ledger_testing::v1::BeansAdded;
using ledger_testing::v1::BeginRoundRequest;
using ledger_testing::v1::FillJarRequest;
using ledger_testing::v1::Jar;
using ledger_testing::v1::JarEvent;
using ledger_testing::v1::KitchenClosed;
using ledger_testing::v1::LabelJarRequest;
using ledger_testing::v1::Lid;
using ledger_testing::v1::LidEvent;
using ledger_testing::v1::OpenJarRequest;
using ledger_testing::v1::PassLabelRequest;
using ledger_testing::v1::Plate;
using ledger_testing::v1::PlateEvent;
using ledger_testing::v1::PourRequest;
using ledger_testing::v1::PutLidRequest;
using ledger_testing::v1::Round;
using ledger_testing::v1::Tally;

constexpr char kKitchen[] = "kitchen";

// What a test turns while rules run.
struct JarKnobs {
  // The effect of a due jar.
  std::function<absl::Status(const Jar&)> effect;
  // Whether the rules of a due jar and of a round decide that nothing happens.
  bool idle = false;
  // Jars that a round comes by each time.
  int slice = 2;
  // Whether a marked plate opens the jar of its mark's name, unless there is one.
  bool opens_by_mark = false;
};

Schema JarSchema(std::string service = "pantry");
// `knobs` must outlive the rules.
Rules JarRules(const JarKnobs& knobs);

// The jar's resource name, "jars/a" of "a"; the tests name jars by the short form.
std::string JarName(std::string_view jar);
Id JarId(std::string_view jar);
// A tally has the id of its jar's name among tallies.
Id TallyId(std::string_view jar);

OpenJarRequest Open(std::string_view jar, int64_t limit, std::string_view label = "");
FillJarRequest Fill(std::string_view jar, int64_t beans);
LabelJarRequest Label(std::string_view jar, std::string_view label);
PassLabelRequest PassLabel(std::string_view from, std::string_view to);
PourRequest Pour(std::string_view from, std::string_view to, int64_t beans);
PlateEvent Served(std::string_view jar, int64_t beans);
PlateEvent Marked(std::string_view mark);

}  // namespace learncity::ledger
