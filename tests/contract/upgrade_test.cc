// A city's folder as release 0.1.0 left it opens with this one by itself: nothing is lost, what it
// follows is read again, and the proof finds no divergence.
#include <deque>

#include "gtest/gtest.h"
#include "platform/ledger/sqlite.h"
#include "platform/runtime/concat.h"
#include "platform/testing/text.h"
#include "services/achievements/domain/certificate.h"
#include "services/enrollment/domain/enrollment.h"
#include "services/enrollment/domain/learner.h"
#include "services/enrollment/domain/offering.h"
#include "services/enrollment/domain/references.h"
#include "services/learncity/proof.h"
#include "services/registry/domain/center.h"
#include "services/registry/domain/unit.h"
#include "services/reporting/domain/report.h"
#include "services/reporting/tables.h"
#include "tests/contract/published.h"
#include "tests/contract/test_city.h"

namespace learncity::contract {
namespace {

namespace fs = std::filesystem;
using ledger::Schema;
using ledger::Table;
using ledger::Value;

constexpr Time kThen = Time(std::chrono::microseconds(1'792'026'000'000'000));  // 2026-10-15.

std::string Key(const std::string& name) { return std::string(IdOf(name).view()); }

// What each service of 0.1.0 kept, and the feeds that it followed.
struct OldService {
  Schema schema;
  std::vector<std::string> follows;
};

OldService OldRegistry() {
  namespace v1 = registry::v1;
  Schema schema("registry");
  schema.Own<v1::Unit, v1::UnitEvent>("unit");
  schema.Own<v1::Center, v1::CenterEvent>("center").Indexed(
      "unit", [](const v1::Center& c) -> Value { return Key(c.unit()); });
  return {std::move(schema), {}};
}

std::string OldSeatOf(const enrollment::v1::Enrollment& e) {
  std::string seat = Key(e.learner()) + Key(e.offering());
  if (e.state() != enrollment::v1::Enrollment::STATE_ENROLLED) seat += Key(e.name());
  return seat;
}

OldService OldEnrollment() {
  namespace v1 = enrollment::v1;
  Schema schema("enrollment");
  schema.Own<v1::Learner, v1::LearnerEvent>("learner").DueAt(v1::ErasureDue);
  schema.Own<v1::Offering, v1::OfferingEvent>("offering")
      .Indexed("center", [](const v1::Offering& o) -> Value { return Key(o.center()); });
  schema.Own<v1::Enrollment, v1::EnrollmentEvent>("enrollment")
      .Unique("seat", [](const v1::Enrollment& e) -> Value { return OldSeatOf(e); });
  schema.Reference<v1::CenterReference, registry::v1::CenterEvent>("center", "registry");
  schema.Reference<v1::UnitReference, registry::v1::UnitEvent>("unit", "registry");
  return {std::move(schema), {"registry"}};
}

OldService OldAchievements() {
  namespace v1 = achievements::v1;
  Schema schema("achievements");
  schema.Own<v1::Certificate, v1::CertificateEvent>("certificate")
      .Unique("enrollment", [](const v1::Certificate& c) -> Value { return Key(c.enrollment()); });
  return {std::move(schema), {"enrollment"}};
}

OldService OldReporting() {
  namespace v1 = reporting::v1;
  Schema schema("reporting");
  schema.Own<v1::Report, v1::ReportEvent>("report");
  schema.Derived<v1::LearnerFact>("learner_fact");
  schema.Derived<v1::CenterFact>("center_fact");
  schema.Derived<v1::Cell>("cell").IndexedNumber(
      "measure", [](const v1::Cell& cell) { return Value(int64_t{cell.key().measure()}); });
  return {std::move(schema), {"enrollment", "registry"}};
}

// Documents of one turn, which live until it is committed.
class Documents {
 public:
  void Add(const Table& table, const Id& id, int64_t version, const std::string& bytes) {
    auto& message = messages_.emplace_back(table.prototype->New());
    ASSERT_TRUE(message->ParseFromString(bytes));
    stored_.push_back({.table = &table,
                       .id = id,
                       .version = version,
                       .message = message.get(),
                       .bytes = bytes_.emplace_back(bytes)});
  }
  const std::vector<ledger::StoredDocument>& stored() const { return stored_; }

 private:
  std::vector<std::unique_ptr<google::protobuf::Message>> messages_;
  // A deque, since the views into it must stay.
  std::deque<std::string> bytes_;
  std::vector<ledger::StoredDocument> stored_;
};

// A folder written by 0.1.0 from what it has published. Frozen reports are left out: they name the
// seals of ledgers, which nobody has published.
class OldFolder {
 public:
  OldFolder() {
    Write(OldRegistry());
    Write(OldEnrollment());
    Write(OldAchievements());
    Write(OldReporting());
  }
  ~OldFolder() { fs::remove_all(path_); }

  const fs::path& path() const { return path_; }
  std::vector<PublishedLine> Events(const std::string& service) const {
    if (service == "reporting") return {};
    return ReadPublished(Published(service, "events"), /*has_position=*/true);
  }
  std::vector<PublishedLine> DocumentsOf(const std::string& service) const {
    if (service == "reporting") return {};
    return ReadPublished(Published(service, "documents"), /*has_position=*/false);
  }

 private:
  static fs::path Published(const std::string& service, const std::string& ending) {
    for (const fs::path& release : PublishedReleases()) {
      if (release.filename() == "0.1.0") return release / Concat(service, ".", ending);
    }
    return {};
  }

  void Write(const OldService& old) {
    const std::string& service = old.schema.service();
    const fs::path file = path_ / Concat(service, ".ledger");
    {
      auto opened = ledger::SqliteLedger::Open(file, old.schema);
      ASSERT_TRUE(opened.ok()) << opened.status().ToString();
      WriteEvents(old.schema, **opened);
      WriteFollowed(old, **opened);
    }
    // Format 1, which did not say what it kept.
    auto database = sqlite::Database::Open(file, {});
    ASSERT_TRUE(database.ok());
    const absl::Status marked = database->Execute(
        "DELETE FROM ledger WHERE key IN ('columns', 'followed'); PRAGMA user_version=1");
    ASSERT_TRUE(marked.ok()) << marked.ToString();
  }

  // A turn for each event. A document is written with its last one.
  void WriteEvents(const Schema& schema, ledger::SqliteLedger& ledger) const {
    const auto documents = DocumentsOf(schema.service());
    for (const PublishedLine& event : Events(schema.service())) {
      const Table* table = schema.ByEventType(event.type);
      ASSERT_NE(table, nullptr) << event.type;
      Documents last;
      for (const PublishedLine& d : documents) {
        if (d.document == event.document && d.version == event.version) {
          last.Add(*table, d.document, d.version, d.bytes);
        }
      }
      Commit(ledger, {.time = kThen,
                      .records = {{.position = event.position,
                                   .time = kThen,
                                   .type = event.type,
                                   .subject = event.document,
                                   .version = event.version,
                                   .data = event.bytes}},
                      .documents = last.stored()});
    }
  }

  // References as their feeds made them, and of each kind of derived document one that no release
  // of today would make.
  void WriteFollowed(const OldService& old, ledger::SqliteLedger& ledger) const {
    Documents documents;
    std::vector<ledger::Cursor> cursors;
    for (const std::string& feed : old.follows) {
      const auto events = Events(feed);
      for (const PublishedLine& event : events) {
        for (const Table* table : old.schema.References(feed, event.type)) {
          std::unique_ptr<google::protobuf::Message> reference(table->prototype->New()),
              happened(table->event_prototype->New());
          ASSERT_TRUE(happened->ParseFromString(event.bytes));
          table->fold(*reference, *happened);
          documents.Add(*table, event.document, 1, reference->SerializeAsString());
        }
      }
      cursors.push_back({.feed = feed, .position = events.back().position});
    }
    for (const auto& table : old.schema.tables()) {
      if (table->origin != Table::Origin::kDerived) continue;
      documents.Add(*table, IdOf(table->name), 7, "");
    }
    if (cursors.empty()) return;
    Commit(ledger, {.time = kThen, .documents = documents.stored(), .cursors = cursors});
  }

  static void Commit(ledger::SqliteLedger& ledger, const ledger::TurnWrites& writes) {
    ASSERT_TRUE(ledger.Begin().ok());
    const absl::Status committed = ledger.Commit(writes);
    ASSERT_TRUE(committed.ok()) << committed.ToString();
  }

  const fs::path path_ = NewFolder("old");
};

class Upgraded : public testing::Test {
 protected:
  Upgraded()
      : foundations_(
            reporting::LoadFoundations(LEARNCITY_SOURCE_DIR "/data", "hanoi", "VN-HN").value()) {}

  std::unique_ptr<City> Open(bool upgrades = true) {
    const auto key = privacy::MasterKey::FromBytes("32 bytes of a key for tests only");
    auto city = City::Open(*key, {.folder = folder_.path().string(),
                                  .ledger = {.upgrades = upgrades},
                                  .clock = [] { return kThen + std::chrono::hours(24); }});
    EXPECT_TRUE(city.ok()) << city.status().ToString();
    return city.ok() ? *std::move(city) : nullptr;
  }

  // Everything that anybody follows has been read.
  static void CatchUp(City& city) {
    while (city.Step() || !city.CaughtUp()) {
    }
  }

  void ExpectProved(City& city) {
    const auto proof = Prove(city, foundations_);
    ASSERT_TRUE(proof.ok()) << proof.status().ToString();
    for (const ServiceProof& service : proof->services) {
      for (const auto& d : service.divergences) {
        ADD_FAILURE() << service.service << ": " << d.kind << ": " << d.what;
      }
    }
  }

  // Every event and every document that the city had is there, byte for byte.
  void ExpectKept(City& city) {
    for (host::Host* host : city.hosts()) {
      SCOPED_TRACE(host->service());
      auto reader = host->readers().Mine();
      ASSERT_TRUE(reader.ok());
      const auto events = folder_.Events(host->service());
      const auto records = (*reader)->Read(0, 1000);
      ASSERT_TRUE(records.ok());
      ASSERT_EQ(records->size(), events.size()) << "an event was added, as by a reaction";
      for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ((*records)[i].data, events[i].bytes);
      for (const PublishedLine& d : folder_.DocumentsOf(host->service())) {
        const auto* kind =
            google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(d.type);
        const auto row = (*reader)->Get(*host->schema().ByDocument(kind), d.document);
        ASSERT_TRUE(row.ok() && *row) << d.type << " " << d.document.ToString();
        EXPECT_EQ((*row)->bytes, d.bytes);
        EXPECT_EQ((*row)->version, d.version);
      }
    }
  }

  template <class Document>
  static int64_t Count(host::Host& host) {
    return (*host.readers().Mine())
        ->Count(*host.schema().ByDocument(Document::descriptor()))
        .value();
  }

  const OldFolder folder_;
  const reporting::Foundations foundations_;
};

TEST_F(Upgraded, CityHasAllItHad) {
  const auto city = Open();
  ASSERT_NE(city, nullptr);
  ExpectKept(*city);
  ExpectProved(*city);
  CatchUp(*city);
  ExpectKept(*city);
  ExpectProved(*city);
}

TEST_F(Upgraded, CityCountsTheLearnersOfBefore) {
  const auto city = Open();
  ASSERT_NE(city, nullptr);
  CatchUp(*city);
  const int64_t learners = Count<enrollment::v1::Learner>(city->enrollment());
  EXPECT_GT(learners, 3);
  EXPECT_EQ(Count<reporting::v1::LearnerFact>(city->reporting()), learners);
  EXPECT_EQ(Count<achievements::v1::LearnerReference>(city->achievements()), learners);
  EXPECT_GT(Count<reporting::v1::Cell>(city->reporting()), 1);
  // Two centers have opened, and courses have run in one of them.
  const auto snapshot = city->board().Read(DateOf("2026-12-31"));
  const auto figure = reporting::EvaluateIndicator(snapshot, foundations_, "indicators/KF-5.1-a");
  ASSERT_TRUE(figure.ok()) << figure.status().ToString();
  EXPECT_EQ(figure->figures(0).numerator(), 1);
}

TEST_F(Upgraded, CityIsUpgradedOnce) {
  const auto turns = [](City& city) {
    std::vector<int64_t> all;
    for (host::Host* host : city.hosts()) all.push_back(host->head().turn);
    return all;
  };
  auto city = Open();
  ASSERT_NE(city, nullptr);
  CatchUp(*city);
  const auto before = turns(*city);
  city.reset();
  city = Open(/*upgrades=*/false);
  ASSERT_NE(city, nullptr);
  EXPECT_TRUE(city->CaughtUp());
  EXPECT_EQ(turns(*city), before);
  ExpectProved(*city);
}

}  // namespace
}  // namespace learncity::contract
