#include "platform/runtime/exit_code.h"

#include <gtest/gtest.h>

namespace learncity::runtime {
namespace {

TEST(ExitCode, TellsTheMachineFromTheDataFromTheProgram) {
  EXPECT_EQ(FromStatus(absl::OkStatus()), kExitOk);
  EXPECT_EQ(FromStatus(absl::InvalidArgumentError("row 7")), kExitDataRefused);
  EXPECT_EQ(FromStatus(absl::UnavailableError("no broker")), kExitUnavailable);
  EXPECT_EQ(FromStatus(absl::ResourceExhaustedError("disk full")), kExitIo);
  EXPECT_EQ(FromStatus(absl::DataLossError("torn page")), kExitIo);
  EXPECT_EQ(FromStatus(absl::PermissionDeniedError("master key")), kExitConfig);
  EXPECT_EQ(FromStatus(absl::InternalError("bug")), kExitInternal);
  EXPECT_EQ(static_cast<int>(FromStatus(absl::UnknownError("?"))), 70);
}

}  // namespace
}  // namespace learncity::runtime
