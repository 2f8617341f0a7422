// What was ever published still decodes and folds into what it folded into then, and a release's
// own events are kept for the releases after it. publish.cc writes what is read here.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "platform/runtime/concat.h"
#include "services/achievements/tables.h"
#include "services/enrollment/tables.h"
#include "services/registry/tables.h"
#include "services/reporting/recount.h"
#include "services/reporting/tables.h"
#include "tests/contract/published.h"

namespace learncity::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
namespace fs = std::filesystem;

const fs::path kReleasedImage = fs::path(LEARNCITY_SOURCE_DIR) / "proto/released.binpb";

const std::vector<const ledger::Schema*>& Schemas() {
  static const auto* all = new std::vector<const ledger::Schema*>{
      &registry::RegistrySchema(), &enrollment::EnrollmentSchema(),
      &achievements::AchievementsSchema(), &reporting::ReportingSchema()};
  return *all;
}

// The documents of one table, folded from events.
using Folded = std::map<Id, std::unique_ptr<Message>>;

void FoldInto(const ledger::Table& table, const PublishedLine& line, Folded& documents) {
  std::unique_ptr<Message> event(table.event_prototype->New());
  ASSERT_TRUE(event->ParseFromString(line.bytes)) << "position " << line.position;
  auto& document = documents[line.document];
  if (!document) document.reset(table.prototype->New());
  table.fold(*document, *event);
}

// What a document was then is in it still; a later release may fold more.
void ExpectKept(const ledger::Table& table, const PublishedLine& line, const Folded& documents) {
  const auto folded = documents.find(line.document);
  ASSERT_NE(folded, documents.end()) << line.type << " " << line.document.ToString();
  std::unique_ptr<Message> then(table.prototype->New());
  ASSERT_TRUE(then->ParseFromString(line.bytes));
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_scope(google::protobuf::util::MessageDifferencer::PARTIAL);
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(*then, *folded->second)) << line.type << ": " << difference;
}

TEST(PublishedEvents, StillFoldIntoWhatTheyFoldedInto) {
  ASSERT_FALSE(PublishedReleases().empty());
  for (const fs::path& release : PublishedReleases()) {
    for (const ledger::Schema* schema : Schemas()) {
      SCOPED_TRACE(Concat(release.filename().string(), " ", schema->service()));
      std::map<std::string, Folded> by_type;
      for (const PublishedLine& line :
           ReadPublished(release / Concat(schema->service(), ".events"), true)) {
        const ledger::Table* table = schema->ByEventType(line.type);
        ASSERT_NE(table, nullptr) << line.type << " folds into nothing";
        FoldInto(*table, line, by_type[table->prototype->GetTypeName()]);
      }
      for (const PublishedLine& line :
           ReadPublished(release / Concat(schema->service(), ".documents"), false)) {
        for (const auto& table : schema->tables()) {
          if (table->prototype->GetTypeName() != line.type) continue;
          ExpectKept(*table, line, by_type[line.type]);
        }
      }
    }
  }
}

// Followers: references fold, and facts are counted, as from a feed that is read from its begin.
TEST(PublishedEvents, StillMoveWhoeverFollows) {
  for (const fs::path& release : PublishedReleases()) {
    reporting::Refold facts;
    for (const ledger::Schema* owner : Schemas()) {
      const std::string& feed = owner->service();
      std::map<const ledger::Table*, Folded> references;
      for (const PublishedLine& line : ReadPublished(release / Concat(feed, ".events"), true)) {
        facts.Apply(feed, {.position = line.position,
                           .time = {},
                           .type = line.type,
                           .subject = line.document,
                           .version = line.version,
                           .data = line.bytes});
        for (const ledger::Schema* follower : Schemas()) {
          for (const ledger::Table* table : follower->References(feed, line.type)) {
            FoldInto(*table, line, references[table]);
          }
        }
      }
    }
    EXPECT_EQ(facts.parked(), 0);
    EXPECT_FALSE(facts.Of<reporting::v1::LearnerFact>().empty());
    EXPECT_FALSE(facts.Of<reporting::v1::CenterFact>().empty());
  }
}

// "learncity.enrollment.v1.OfferingEvent.seat_taken" for all that the line's event says happened.
void AddKinds(const PublishedLine& line, std::set<std::string>& kinds) {
  for (const ledger::Schema* schema : Schemas()) {
    const ledger::Table* table = schema->ByEventType(line.type);
    if (table == nullptr) continue;
    std::unique_ptr<Message> event(table->event_prototype->New());
    ASSERT_TRUE(event->ParseFromString(line.bytes));
    const auto* happened = event->GetReflection()->GetOneofFieldDescriptor(
        *event, event->GetDescriptor()->oneof_decl(0));
    ASSERT_NE(happened, nullptr);
    kinds.insert(happened->full_name());
  }
}

TEST(PublishedEvents, AreKeptForEachThatTheLastReleaseKnows) {
  std::ifstream file(kReleasedImage, std::ios::binary);
  google::protobuf::FileDescriptorSet image;
  ASSERT_TRUE(image.ParseFromIstream(&file)) << "cannot read " << kReleasedImage;
  std::set<std::string> kept;
  for (const fs::path& release : PublishedReleases()) {
    for (const ledger::Schema* schema : Schemas()) {
      for (const PublishedLine& line :
           ReadPublished(release / Concat(schema->service(), ".events"), true)) {
        AddKinds(line, kept);
      }
    }
  }
  int known = 0;
  for (const auto& proto : image.file()) {
    if (!proto.package().starts_with("learncity.")) continue;
    for (const auto& message : proto.message_type()) {
      const bool is_event = message.oneof_decl_size() == 1 &&
                            message.oneof_decl(0).name() == "event" &&
                            message.name().ends_with("Event");
      if (!is_event) continue;
      for (const auto& field : message.field()) {
        const std::string name = Concat(proto.package(), ".", message.name(), ".", field.name());
        EXPECT_TRUE(kept.contains(name)) << name << " has no published bytes";
        ++known;
      }
    }
  }
  EXPECT_GT(known, 10);
}

}  // namespace
}  // namespace learncity::contract
