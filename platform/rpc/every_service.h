// For tests: every service that the city's protos declare.
#pragma once

#include <vector>

#include "google/protobuf/descriptor.h"
#include "learncity/achievements/v1/achievements_service.pb.h"
#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "learncity/feed/v1/feed.pb.h"
#include "learncity/registry/v1/registry_service.pb.h"
#include "learncity/reporting/v1/reporting_service.pb.h"

namespace learncity::rpc {

inline std::vector<const google::protobuf::ServiceDescriptor*> EveryService() {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto* message :
       {achievements::v1::GetCertificateRequest::descriptor(),
        enrollment::v1::GetLearnerRequest::descriptor(), feed::v1::ReadRequest::descriptor(),
        registry::v1::GetUnitRequest::descriptor(),
        reporting::v1::GetReportRequest::descriptor()}) {
    for (int i = 0; i < message->file()->service_count(); ++i) {
      services.push_back(message->file()->service(i));
    }
  }
  return services;
}

}  // namespace learncity::rpc
