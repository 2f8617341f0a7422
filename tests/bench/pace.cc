#include "tests/bench/pace.h"

#include <algorithm>

#include "platform/runtime/concat.h"

namespace learncity::bench {
namespace {

double Percentile(std::vector<uint32_t>& us, double share) {
  if (us.empty()) return 0;
  const auto place = static_cast<ptrdiff_t>(share * static_cast<double>(us.size() - 1));
  std::nth_element(us.begin(), us.begin() + place, us.end());
  return us[static_cast<size_t>(place)] / 1000.0;
}

}  // namespace

Pace PaceOf(std::vector<uint32_t>& latencies_us, std::chrono::duration<double> time) {
  return {.calls = static_cast<int64_t>(latencies_us.size()),
          .seconds = time.count(),
          .p50_ms = Percentile(latencies_us, 0.50),
          .p99_ms = Percentile(latencies_us, 0.99)};
}

std::shared_ptr<grpc::Channel> ChannelTo(int port) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(Concat("127.0.0.1:", port), grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace learncity::bench
