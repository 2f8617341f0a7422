// How a service's surface hands its calls to the edge of personal data.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "platform/persons/papers.h"
#include "platform/persons/persons.h"
#include "platform/rpc/surface.h"

namespace learncity::persons {

// Checks what a resource states of a person, refuses it or adds warnings, and takes the year of
// birth from the birth date where there is one. `field` is the request's that holds the resource.
template <class Resource>
grpc::Status TakePapers(const std::string& field, Day today, Resource& resource,
                        rpc::Prepared* prepared) {
  const Papers papers = PapersOf(resource);
  const Findings findings = CheckPapers(papers, field, today);
  if (findings.violations.field_violations_size() > 0) return rpc::ToStatus(findings.violations);
  prepared->warnings = findings.warnings;
  resource.set_birth_year(BirthYearOf(papers));
  return grpc::Status::OK;
}

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
