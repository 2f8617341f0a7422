// Writes docs/events.md and docs/asyncapi.json from the protos: learncity_docs ROOT.
#include <fstream>
#include <iostream>

#include "platform/runtime/exit_code.h"
#include "tests/contract/events_doc.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: learncity_docs ROOT\n";
    return learncity::runtime::kExitUsage;
  }
  const std::string root = argv[1];
  const learncity::contract::EventsDoc doc(root);
  std::ofstream(root + "/docs/events.md") << doc.Page();
  std::ofstream(root + "/docs/asyncapi.json") << doc.AsyncApi();
  std::cout << "wrote docs/events.md and docs/asyncapi.json\n";
  return learncity::runtime::kExitOk;
}
