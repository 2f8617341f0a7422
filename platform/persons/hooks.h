// How a service's surface hands its calls to the edge of personal data.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "platform/persons/persons.h"
#include "platform/rpc/surface.h"

namespace learncity::persons {

// `persons` must outlive the hooks.
template <class Request>
rpc::PrepareLater<Request> SealWith(Persons& persons) {
  return [&persons](const rpc::Call& call, Request* request, rpc::Prepared* prepared,
                    const std::function<void(const grpc::Status&)>& done) {
    const absl::Status waits =
        persons.SealLater(request, call.caller().identity,
                          [prepared, done](absl::StatusOr<std::optional<Refusal>> refusal) {
                            if (!refusal.ok()) return done(rpc::ToStatus(refusal.status()));
                            prepared->refusal = std::move(*refusal);
                            done(grpc::Status::OK);
                          });
    if (!waits.ok()) done(rpc::ToStatus(waits));
  };
}

template <class Resource>
rpc::Open<Resource> OpenWith(Persons& persons) {
  return [&persons](const rpc::Call&, Resource* resource) { return persons.Open(*resource); };
}

}  // namespace learncity::persons
