// Writes what the release at hand publishes when each of its write methods is called, and what else
// brings its events about, for the tests of the releases after it: publish FOLDER.
//
// <feed>.events has a line for each record, "position type document version hex", and
// <feed>.documents one for each document as it stands after them, "type document version hex".
#include <filesystem>
#include <fstream>
#include <iostream>

#include "absl/strings/escaping.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "platform/runtime/exit_code.h"
#include "platform/testing/text.h"
#include "tests/contract/examples.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

using google::protobuf::Message;
namespace fs = std::filesystem;

constexpr int kRecordsAtOnce = 1000;

void WriteFeed(host::Host& host, const fs::path& release) {
  auto reader = host.readers().Mine();
  LEARNCITY_CHECK(reader.ok());
  std::ofstream events(release / Concat(host.service(), ".events"));
  for (int64_t after = 0;;) {
    const auto records = (*reader)->Read(after, kRecordsAtOnce);
    LEARNCITY_CHECK(records.ok());
    if (records->empty()) break;
    for (const ledger::Record& r : *records) {
      events << r.position << " " << r.type << " " << r.subject.ToString() << " " << r.version
             << " " << absl::BytesToHexString(r.data) << "\n";
    }
    after = records->back().position;
  }
  std::ofstream documents(release / Concat(host.service(), ".documents"));
  for (const auto& table : host.schema().tables()) {
    if (table->origin != ledger::Table::Origin::kOwn) continue;
    const auto scanned =
        (*reader)->ScanAll(*table, [&](const Id& id, int64_t version, std::string_view bytes) {
          documents << table->prototype->GetTypeName() << " " << id.ToString() << " " << version
                    << " " << absl::BytesToHexString(std::string(bytes)) << "\n";
        });
    LEARNCITY_CHECK(scanned.ok());
  }
}

Reply Call(TestCity& city, Message& request) {
  Name(&request);
  Reply reply = city.Call(request);
  LEARNCITY_CHECK(reply.ok()) << request.GetTypeName() << ": " << reply.status.error_message();
  city.Settle();
  return reply;
}

void CallEveryWriteMethod(TestCity& city, Grounds& grounds) {
  for (const auto* method : WriteMethods()) {
    const Example* example = FindExample(*method);
    LEARNCITY_CHECK(example != nullptr) << ShortName(*method);
    Call(city, *example->make(grounds));
  }
}

std::string Enroll(TestCity& city, const std::string& learner, const std::string& offering) {
  enrollment::v1::EnrollLearnerRequest request;
  request.set_learner(learner);
  request.set_offering(offering);
  request.set_joins_waitlist(true);
  return Call(city, request).name();
}

// Two wait for the only seat of an offering. One of them leaves; the other gets the seat by itself
// once it is given back.
void FillAWaitlist(TestCity& city, Grounds& grounds) {
  const std::string offering = grounds.Offering(/*seats=*/1);
  const std::string holds = Enroll(city, grounds.Learner(), offering);
  const std::string leaves = Enroll(city, grounds.Learner(), offering);
  const std::string waits = Enroll(city, grounds.Learner(), offering);
  for (const std::string& name : {leaves, holds}) {
    enrollment::v1::WithdrawEnrollmentRequest withdraw;
    withdraw.set_name(name);
    Call(city, withdraw);
  }
  enrollment::v1::GetEnrollmentRequest get;
  get.set_name(waits);
  for (;;) {
    // Read before the enrollment, so that a promotion in between has passed it.
    const int64_t before = city.Position("enrollment");
    const auto enrollment = Call(city, get).As<enrollment::v1::Enrollment>();
    if (enrollment.state() == enrollment::v1::Enrollment::STATE_ENROLLED) break;
    city.Await("reporting", "enrollment", before + 1);
  }
}

// A unit has the code of one that has ended.
void PassACodeOn(TestCity& city, Grounds& grounds) {
  auto before = grounds.NewUnit();
  auto after = before;
  *before.mutable_unit()->mutable_valid_to() = DateOf("2026-01-01");
  *after.mutable_unit()->mutable_valid_from() = DateOf("2026-01-01");
  Call(city, before);
  Call(city, after);
}

}  // namespace
}  // namespace learncity::contract

int main(int argc, char** argv) {
  using namespace learncity;
  if (argc != 2) {
    std::cerr << "usage: publish FOLDER\n";
    return runtime::kExitUsage;
  }
  const std::filesystem::path folder = argv[1];
  contract::TestCity city;
  contract::Grounds grounds(city);
  contract::CallEveryWriteMethod(city, grounds);
  contract::FillAWaitlist(city, grounds);
  contract::PassACodeOn(city, grounds);
  std::filesystem::create_directories(folder);
  for (host::Host* host : city.city().hosts()) contract::WriteFeed(*host, folder);
  std::cout << "published events and documents of " << city.city().hosts().size() << " services in "
            << folder.string() << "\n";
  return runtime::kExitOk;
}
