// What a program's exit code says to who started it. Values are those of sysexits.h.
#pragma once

#include "absl/status/status.h"

namespace learncity::runtime {

// Unscoped, so that main may return it as it is.
enum ExitCode : int {
  kExitOk = 0,            // Did what it was asked, or stopped on SIGTERM or SIGINT.
  kExitUsage = 64,        // The command line is wrong: read the help and call again.
  kExitDataRefused = 65,  // The given data, or the state found, does not allow it.
  kExitUnavailable = 69,  // Something it needs does not answer: trying again later may help.
  kExitInternal = 70,     // A defect of the program: report it.
  kExitIo = 74,           // Disk full, read error, damaged file: look at the machine.
  kExitConfig = 78,       // Configuration, rights or credentials: the deployment must change.
};

// The code for a fault that ends a program. Errors of Config::Finish are INVALID_ARGUMENT like any
// refused data: for them a program returns kExitConfig itself.
ExitCode FromStatus(const absl::Status& status);

}  // namespace learncity::runtime
