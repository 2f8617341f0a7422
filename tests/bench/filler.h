// Puts things into a city through its writers, in big turns, before anything is measured.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/host/host.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"

namespace learncity::bench {

// Hands requests to one host's writer and gathers the documents they are answered with. The host
// has no threads: this steps its writer.
class Filler {
 public:
  static constexpr int kQueueMax = 2000;

  Filler(host::Host& host, std::string service) : host_(host), service_(std::move(service)) {}

  template <class Request>
  void Add(const std::string& method, const Request& request) {
    const Time now = SystemNow();
    ledger::RequestInput input{.method = Concat("/", service_, "/", method),
                               .caller = "bench",
                               .request_id = RandomId(now),
                               .request_hash = std::string(32, 'h'),
                               .request = std::make_unique<Request>(request),
                               .moment = {.now = now, .seed = std::string(RandomId(now).view())},
                               .deadline = std::nullopt,
                               .done = [this](const ledger::Answer& a) { Take(a); }};
    LEARNCITY_CHECK_OK(host_.writer().Submit(std::move(input)));
    if (host_.writer().queued() == kQueueMax) Drain();
  }

  // The names of what was made since the last time, in order.
  std::vector<std::string> Flush() {
    Drain();
    return std::exchange(names_, {});
  }

 private:
  void Drain() {
    while (host_.writer().Step()) {
    }
  }

  void Take(const ledger::Answer& answer) {
    LEARNCITY_CHECK(answer.ok()) << (answer.refusal ? answer.refusal->message : "")
                                 << answer.fault.ToString();
    const auto* name = answer.document->GetDescriptor()->FindFieldByName("name");
    names_.push_back(answer.document->GetReflection()->GetString(*answer.document, name));
  }

  host::Host& host_;
  const std::string service_;
  std::vector<std::string> names_;
};

}  // namespace learncity::bench
