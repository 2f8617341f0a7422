// Catalogue and denominators as the repository holds them, for reports that the simulated city
// makes.
#pragma once

#include "services/reporting/figures.h"

namespace learncity::simulation {

// Loaded on first use; constant after that.
const reporting::Foundations& SimulatedFoundations();

}  // namespace learncity::simulation
