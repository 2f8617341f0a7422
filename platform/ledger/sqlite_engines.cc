#include "platform/ledger/test_ledger.h"

namespace learncity::ledger {

std::vector<EngineKind> Engines() {
  return {{"sqlite", [] { return std::make_unique<DiskEngine>(); }}};
}

}  // namespace learncity::ledger
