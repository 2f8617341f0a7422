// Writes what the release at hand publishes when each of its write methods is called, for the tests
// of the releases after it: publish FOLDER.
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

void CallEveryWriteMethod(TestCity& city) {
  Grounds grounds(city);
  for (const auto* method : WriteMethods()) {
    const Example* example = FindExample(*method);
    LEARNCITY_CHECK(example != nullptr) << ShortName(*method);
    auto request = example->make(grounds);
    Name(request.get());
    const Reply reply = city.Call(*request);
    LEARNCITY_CHECK(reply.ok()) << ShortName(*method) << ": " << reply.status.error_message();
    city.Settle();
  }
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
  contract::CallEveryWriteMethod(city);
  std::filesystem::create_directories(folder);
  for (host::Host* host : city.city().hosts()) contract::WriteFeed(*host, folder);
  std::cout << "published events and documents of " << city.city().hosts().size() << " services in "
            << folder.string() << "\n";
  return runtime::kExitOk;
}
