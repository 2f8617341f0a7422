#include "tests/simulation/foundations.h"

#include "platform/runtime/check.h"

namespace learncity::simulation {

const reporting::Foundations& SimulatedFoundations() {
  static const auto* const foundations = [] {
    auto loaded = reporting::LoadFoundations(LEARNCITY_SOURCE_DIR "/data", "hanoi", "VN-HN");
    LEARNCITY_CHECK_OK(loaded.status());
    return new reporting::Foundations(std::move(*loaded));
  }();
  return *foundations;
}

}  // namespace learncity::simulation
