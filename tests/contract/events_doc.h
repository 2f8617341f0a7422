// What readers outside the city are told of its events, made from the comments of the protos:
// docs/events.md for people, docs/asyncapi.json for programs (AsyncAPI 3.0).
#pragma once

#include <memory>
#include <string>

namespace learncity::contract {

// The protos, read from their sources since programs keep no comments. One thread.
class EventsDoc {
 public:
  // `root` is the repository; aborts with what is wrong when a proto does not parse.
  explicit EventsDoc(const std::string& root);
  ~EventsDoc();

  std::string Page() const;
  std::string AsyncApi() const;

 private:
  struct Sources;
  const std::unique_ptr<Sources> sources_;
};

}  // namespace learncity::contract
