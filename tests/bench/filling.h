// The city that is measured: units, centers, offerings, learners and enrollments, put into a
// folder's ledgers through the same writers and rules as any request, in big turns.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "learncity/enrollment/v1/enrollment_service.pb.h"
#include "platform/ledger/id.h"
#include "platform/ledger/ledger.h"
#include "platform/privacy/master_key.h"

namespace learncity::bench {

struct Filled {
  std::filesystem::path folder;
  std::vector<Id> learners;
  std::vector<std::string> offerings;
  std::vector<Id> enrollments;
  double seconds = 0;
};

// As many learners as enrollments. Reporting and achievements have followed nothing yet.
// `engines` as CityOptions has them.
Filled Fill(const std::filesystem::path& folder, int enrollments,
            std::function<std::shared_ptr<ledger::Engine>(const std::string&)> engines = nullptr);

// The same key for every ledger of a run.
privacy::MasterKey BenchKey();

// Requests to enroll that are never refused: every learner in turn in a scattered order, each time
// in another offering. Any thread.
class Admissions {
 public:
  // Leaves out the first `skipped`.
  Admissions(const Filled& city, int64_t skipped) : city_(city), next_(skipped) {}

  void Next(enrollment::v1::EnrollLearnerRequest* request);

 private:
  const Filled& city_;
  std::atomic<int64_t> next_;
};

}  // namespace learncity::bench
