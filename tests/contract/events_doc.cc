#include "tests/contract/events_doc.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "google/protobuf/compiler/importer.h"
#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"
#include "platform/feed/envelope.h"
#include "platform/runtime/check.h"
#include "platform/runtime/concat.h"
#include "services/learncity/city.h"
#include "services/learncity/version.h"

namespace learncity::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using nlohmann::ordered_json;

constexpr char kPageHead[] = R"(# Events

What the services of a city publish, for whoever follows them. `docs/asyncapi.json` says the same to
programs. Both are made from the comments of the protos by `./run docs`; a test holds them to that.

Each service has one topic, `learncity.<city>.<service>.v1`, of one partition: all its events in the
order in which they were committed. A message is a CloudEvent 1.0 in binary mode:

| header | |
|---|---|
| `ce_specversion` | `1.0` |
| `ce_id` | `<epoch>-<position>`, unique within the source |
| `ce_source` | `urn:learncity:<city>:<service>` |
| `ce_type` | full name of the event's message, as below |
| `ce_subject`, `ce_partitionkey` | id of the document that it is about; the message's key too |
| `ce_time` | when it happened, RFC 3339 in UTC |
| `ce_sequence` | the position in the feed, 19 digits: 1, 2, 3, without holes |
| `ce_epoch` | 1 until the ledger is restored with a loss; positions of two epochs say nothing |
| `ce_subjectversion` | version of that document after the event |
| `content-type` | `application/protobuf`: the value is the event's message |

**How to follow.** Remember the last position you applied, together with what you made of it. A
lower one has come again: pass it by. A higher one than the next shows a hole: read it with
`FeedService.Read` of the service, which is also how to begin when the topic does not reach back far
enough. Offsets of Kafka mean nothing else. A field that you do not know is of a later release;
nothing that was published is ever given another meaning.

Persons are in no event: `sealed_person` opens for the services of the city alone.
)";

class Complaints : public google::protobuf::compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& file, int line, int column, const std::string& text) override {
    LEARNCITY_CHECK(false) << file << ":" << line + 1 << ": " << text;
  }
};

// The comment above something, on one line.
template <class Thing>
std::string CommentOf(const Thing& thing) {
  google::protobuf::SourceLocation location;
  LEARNCITY_CHECK(thing.GetSourceLocation(&location)) << thing.full_name();
  std::string text;
  for (const char c : location.leading_comments) {
    if (!std::isspace(static_cast<unsigned char>(c))) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  LEARNCITY_CHECK(!text.empty()) << thing.full_name() << " has no comment";
  return text;
}

// The events of a service: messages of its events file that have a oneof of what happened.
std::vector<const Descriptor*> EventsOf(const FileDescriptor& file) {
  std::vector<const Descriptor*> events;
  for (int i = 0; i < file.message_type_count(); ++i) {
    const Descriptor* message = file.message_type(i);
    if (message->oneof_decl_count() == 1 && message->oneof_decl(0)->name() == "event") {
      events.push_back(message);
    }
  }
  return events;
}

std::string TypeOf(const FieldDescriptor& field) {
  std::string type = field.type() == FieldDescriptor::TYPE_MESSAGE ? field.message_type()->name()
                     : field.type() == FieldDescriptor::TYPE_ENUM  ? field.enum_type()->name()
                                                                   : field.type_name();
  return field.is_repeated() ? Concat("repeated ", type) : type;
}

ordered_json Headers() {
  const auto text = [](const char* description) {
    return ordered_json{{"type", "string"}, {"description", description}};
  };
  ordered_json properties;
  properties["ce_specversion"] = {{"type", "string"}, {"const", "1.0"}};
  properties["ce_id"] = text("<epoch>-<position>, unique within the source");
  properties["ce_source"] = text("urn:learncity:<city>:<service>");
  properties["ce_type"] = text("full name of the event's message");
  properties["ce_subject"] = text("id of the document that the event is about, a UUID");
  properties["ce_partitionkey"] = text("the same; the message's key too");
  properties["ce_time"] = text("when it happened, RFC 3339 in UTC");
  properties["ce_sequence"] = {{"type", "string"},
                               {"pattern", "^[0-9]{19}$"},
                               {"description", "the position in the feed: 1, 2, 3, without holes"}};
  properties["ce_epoch"] = text("1 until the ledger is restored with a loss");
  properties["ce_subjectversion"] = text("version of that document after the event");
  properties["content-type"] = {{"type", "string"}, {"const", "application/protobuf"}};
  ordered_json required = ordered_json::array();
  for (const auto& [name, schema] : properties.items()) required.push_back(name);
  return {{"type", "object"}, {"required", required}, {"properties", properties}};
}

}  // namespace

struct EventsDoc::Sources {
  explicit Sources(const std::string& root) : importer(&tree, &complaints) {
    tree.MapPath("", root + "/proto");
    tree.MapPath("", root + "/build/tools/googleapis");
    tree.MapPath("", "/usr/include");
  }

  const FileDescriptor& File(std::string_view service) {
    const std::string path = Concat("learncity/", service, "/v1/", service, "_events.proto");
    const FileDescriptor* file = importer.Import(path);
    LEARNCITY_CHECK(file != nullptr) << path;
    return *file;
  }

  google::protobuf::compiler::DiskSourceTree tree;
  Complaints complaints;
  google::protobuf::compiler::Importer importer;
};

EventsDoc::EventsDoc(const std::string& root) : sources_(new Sources(root)) {}
EventsDoc::~EventsDoc() = default;

std::string EventsDoc::Page() const {
  std::string page = kPageHead;
  for (const std::string_view service : kServices) {
    page += Concat("\n## ", service, "\n");
    for (const Descriptor* event : EventsOf(sources_->File(service))) {
      page += Concat("\n### ", event->full_name(), "\n\n", CommentOf(*event), "\n\n",
                     "| happened | | fields |\n|---|---|---|\n");
      for (int i = 0; i < event->field_count(); ++i) {
        const FieldDescriptor& kind = *event->field(i);
        std::vector<std::string> fields;
        for (int j = 0; j < kind.message_type()->field_count(); ++j) {
          const FieldDescriptor& field = *kind.message_type()->field(j);
          fields.push_back(Concat("`", field.name(), "` ", TypeOf(field)));
        }
        page += Concat("| `", kind.name(), "` ", kind.message_type()->name(), " | ",
                       CommentOf(kind), " | ", Join(fields, ", "), " |\n");
      }
    }
  }
  return page;
}

std::string EventsDoc::AsyncApi() const {
  ordered_json channels, operations, messages;
  for (const std::string_view name : kServices) {
    const std::string service(name);
    ordered_json of_channel;
    ordered_json carried = ordered_json::array();
    for (const Descriptor* event : EventsOf(sources_->File(service))) {
      const std::string id = Concat(service, ".", event->name());
      ordered_json happened = ordered_json::array();
      for (int i = 0; i < event->field_count(); ++i) {
        happened.push_back(Concat(event->field(i)->name(), ": ", CommentOf(*event->field(i))));
      }
      messages[id] = {
          {"name", event->full_name()},
          {"title", event->name()},
          {"summary", CommentOf(*event)},
          {"contentType", "application/protobuf"},
          {"headers", {{"$ref", "#/components/schemas/cloudEvent"}}},
          {"payload",
           {{"type", "string"},
            {"format", "binary"},
            {"description",
             Concat("A serialized ", event->full_name(), " of ", event->file()->name())},
            {"x-protobuf-message", event->full_name()},
            {"x-happened", happened}}},
          {"bindings",
           {{"kafka",
             {{"key", {{"type", "string"}, {"format", "uuid"}}}, {"bindingVersion", "0.5.0"}}}}}};
      of_channel[event->name()] = {{"$ref", Concat("#/components/messages/", id)}};
      carried.push_back({{"$ref", Concat("#/channels/", service, "/messages/", event->name())}});
    }
    const feed::FeedName feed{.city = "{city}", .feed = service};
    channels[service] = {
        {"address", feed.Topic()},
        {"title", Concat("The feed of ", service)},
        {"description", "All its events in the order in which they were committed."},
        {"messages", of_channel},
        {"parameters", {{"city", {{"description", "The city, as hanoi."}, {"default", "hanoi"}}}}},
        {"bindings",
         {{"kafka",
           {{"partitions", 1},
            {"topicConfiguration", {{"cleanup.policy", {"delete"}}}},
            {"bindingVersion", "0.5.0"}}}}}};
    operations[Concat("publish-", service)] = {
        {"action", "send"},
        {"channel", {{"$ref", Concat("#/channels/", service)}}},
        {"summary", Concat("What ", service, " publishes.")},
        {"messages", carried}};
  }
  const ordered_json document = {
      {"asyncapi", "3.0.0"},
      {"info",
       {{"title", "Learncity"},
        {"version", std::string(kVersion)},
        {"description",
         "What the services of a learning city publish; docs/events.md says how to "
         "follow them."}}},
      {"defaultContentType", "application/protobuf"},
      {"channels", channels},
      {"operations", operations},
      {"components", {{"schemas", {{"cloudEvent", Headers()}}}, {"messages", messages}}}};
  return document.dump(2) + "\n";
}

}  // namespace learncity::contract
