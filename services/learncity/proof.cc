#include "services/learncity/proof.h"

#include <algorithm>

#include "google/protobuf/util/message_differencer.h"
#include "platform/ledger/seal.h"
#include "platform/runtime/concat.h"
#include "services/reporting/recount.h"
#include "services/reporting/tables.h"

namespace learncity {
namespace {

using ledger::Divergence;

constexpr int kRecordsAtOnce = 2000;

absl::Status ProveFollowing(City& city, host::Host& host, ledger::Reader& reader,
                            ServiceProof& proof) {
  for (const std::string& feed : host.feeds()) {
    host::Host& owner = *city.Owner(feed);
    const auto cursor = reader.ReadCursor(feed);
    if (!cursor.ok()) return cursor.status();
    auto feed_reader = owner.readers().Mine();
    if (!feed_reader.ok()) return feed_reader.status();
    const auto head = (*feed_reader)->ReadHead();
    if (!head.ok()) return head.status();
    proof.applied.push_back({.feed = feed, .applied = cursor->position, .head = head->position});
    if (cursor->position > head->position) {
      proof.divergences.push_back(
          {"position", Concat(host.service(), " has applied ", cursor->position, " of ", feed,
                              ", which ends at ", head->position)});
    }
    auto found = ledger::VerifyReferences(reader, host.schema(), feed, [&](int64_t after) {
      return (*feed_reader)->Read(after, kRecordsAtOnce);
    });
    if (!found.ok()) return found.status();
    proof.divergences.insert(proof.divergences.end(), found->begin(), found->end());
  }
  return absl::OkStatus();
}

template <class Message, class Use>
absl::Status ScanMessages(ledger::Reader& reader, const Use& use) {
  const auto& table = *reporting::ReportingSchema().ByDocument(Message::descriptor());
  bool sound = true;
  Message message;
  auto status = reader.ScanAll(table, [&](const Id& id, int64_t, std::string_view bytes) {
    sound &= message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    use(id, message);
  });
  if (status.ok() && !sound) return absl::DataLossError(Concat("a ", table.name, " is unreadable"));
  return status;
}

absl::Status ProveCells(ledger::Reader& reader, CityProof& proof,
                        std::vector<Divergence>& divergences) {
  namespace rep = reporting;
  rep::Recount recount;
  const absl::Status status = reader.InSnapshot([&]() -> absl::Status {
    absl::Status scanned;
    const auto recount_facts = [&](auto fact) {
      scanned.Update(ScanMessages<decltype(fact)>(reader, [&](const Id& id, const auto& stored) {
        recount.Add(id, stored);
        ++proof.facts;
      }));
    };
    recount_facts(rep::v1::LearnerFact());
    recount_facts(rep::v1::CenterFact());
    recount_facts(rep::v1::RecognitionFact());
    recount_facts(rep::v1::AwardFact());
    scanned.Update(ScanMessages<rep::v1::Cell>(reader, [&](const Id&, const auto& cell) {
      recount.Compare(cell);
      ++proof.cells;
    }));
    return scanned;
  });
  for (const std::string& difference : recount.Differences()) {
    divergences.push_back({"cell", difference});
  }
  return status;
}

absl::Status StreamOf(City& city, const std::string& feed, int64_t position,
                      const std::function<void(const ledger::Record&)>& record) {
  host::Host* owner = city.Owner(feed);
  if (owner == nullptr) return absl::NotFoundError(Concat("nobody here owns feed ", feed));
  auto reader = owner->readers().Mine();
  if (!reader.ok()) return reader.status();
  for (int64_t after = 0; after < position;) {
    const auto records = (*reader)->Read(after, kRecordsAtOnce);
    if (!records.ok()) return records.status();
    if (records->empty()) {
      return absl::DataLossError(Concat("feed ", feed, " ends at ", after, " before ", position));
    }
    for (const auto& r : *records) {
      if (r.position > position) break;
      record(r);
    }
    after = records->back().position;
  }
  return absl::OkStatus();
}

// A fact as its feeds make it: what it contributed is checked against the cells.
template <class Fact>
Fact Bare(Fact fact) {
  fact.clear_contributed();
  return fact;
}

template <class Fact>
void CompareFact(const Id& id, const Fact& stored, const std::map<Id, Fact>& refolded,
                 std::vector<Divergence>& divergences) {
  const auto found = refolded.find(id);
  const Fact expected = found == refolded.end() ? Fact() : Bare(found->second);
  if (!google::protobuf::util::MessageDifferencer::Equals(Bare(stored), expected)) {
    divergences.push_back({"fact", Concat(Fact::descriptor()->name(), " ", id.ToString(),
                                          " differs from the fold of its feeds")});
  }
}

// The stored facts against a fold of the followed feeds up to reporting's own cursors.
absl::Status ProveFacts(City& city, ledger::Reader& reader, std::vector<Divergence>& divergences) {
  namespace rep = reporting;
  return reader.InSnapshot([&]() -> absl::Status {
    rep::Refold refold;
    const auto parked = reader.ReadParked();
    if (!parked.ok()) return parked.status();
    for (const ledger::Parked& one : *parked) refold.PassOver(one.feed, one.record.position);
    for (const std::string& feed : rep::ReportingFollows()) {
      const auto cursor = reader.ReadCursor(feed);
      if (!cursor.ok()) return cursor.status();
      const auto streamed = StreamOf(city, feed, cursor->position,
                                     [&](const auto& record) { refold.Apply(feed, record); });
      if (!streamed.ok()) return streamed;
    }
    absl::Status status;
    const auto compare_facts = [&](auto fact) {
      using Fact = decltype(fact);
      size_t count = 0;
      status.Update(ScanMessages<Fact>(reader, [&](const Id& id, const Fact& stored) {
        CompareFact(id, stored, refold.Of<Fact>(), divergences);
        ++count;
      }));
      if (status.ok() && count != refold.Of<Fact>().size()) {
        divergences.push_back(
            {"fact", Concat("there are ", count, " of ", Fact::descriptor()->name(),
                            ", the feeds make ", refold.Of<Fact>().size())});
      }
    };
    compare_facts(rep::v1::LearnerFact());
    compare_facts(rep::v1::CenterFact());
    compare_facts(rep::v1::RecognitionFact());
    compare_facts(rep::v1::AwardFact());
    return status;
  });
}

// A head that left with a report: signed by this city, and still in the chain of its ledger.
absl::Status ProveHead(City& city, const std::string& report,
                       const learncity::feed::v1::SignedHead& head,
                       std::vector<Divergence>& divergences) {
  auto unsigned_head = head;
  unsigned_head.clear_signature();
  unsigned_head.clear_public_key();
  const std::string which = Concat(report, ", head of ", head.feed(), " at turn ", head.turn());
  if (head.public_key() != city.signer().public_key() ||
      !privacy::HeadSigner::Verify(head.public_key(), unsigned_head.SerializeAsString(),
                                   head.signature())) {
    divergences.push_back({"head", Concat(which, ": not signed with this city's key")});
  }
  host::Host* owner = city.Owner(head.feed());
  if (owner == nullptr || head.turn() == 0) return absl::OkStatus();
  auto reader = owner->readers().Mine();
  if (!reader.ok()) return reader.status();
  const auto turns = (*reader)->ReadTurns(head.turn() - 1, 1);
  if (!turns.ok()) return turns.status();
  if (turns->empty() || turns->front().turn != head.turn() || turns->front().seal != head.seal() ||
      turns->front().last_position != head.position()) {
    divergences.push_back({"head", Concat(which, ": the ledger has another seal there")});
  }
  return absl::OkStatus();
}

// An observation that a report keeps as evidence: it was recorded so, whatever has become of it.
absl::Status ProveObservation(ledger::Reader& reader, const std::string& report,
                              const reporting::v1::Observation& kept,
                              std::vector<Divergence>& divergences) {
  const auto& table =
      *reporting::ReportingSchema().ByDocument(reporting::v1::Observation::descriptor());
  const auto row = reader.Get(table, IdOf(kept.name()));
  if (!row.ok()) return row.status();
  reporting::v1::Observation stored;
  const bool is_there = row->has_value() && stored.ParseFromString((*row)->bytes);
  stored.clear_withdraw_time();
  if (!is_there || !google::protobuf::util::MessageDifferencer::Equals(stored, kept)) {
    divergences.push_back(
        {"report", Concat(report, " keeps ", kept.name(), ", which was not recorded so")});
  }
  return absl::OkStatus();
}

absl::Status ProveReport(City& city, const reporting::Foundations& foundations,
                         ledger::Reader& reader, const reporting::v1::Report& report,
                         CityProof& proof, std::vector<Divergence>& divergences) {
  reporting::v1::ReportContent frozen;
  if (!frozen.ParseFromString(report.content()) ||
      report.content_digest() != ledger::Digest(report.content())) {
    divergences.push_back({"report", Concat(report.name(), " does not match its digest")});
    return absl::OkStatus();
  }
  for (const auto& head : report.heads()) {
    if (auto status = ProveHead(city, report.name(), head, divergences); !status.ok()) {
      return status;
    }
  }
  for (const auto& kept : frozen.observations()) {
    if (auto status = ProveObservation(reader, report.name(), kept, divergences); !status.ok()) {
      return status;
    }
  }
  const auto again = reporting::Recompute(
      frozen, foundations.catalogue, foundations.denominators, foundations.digests,
      [&](const std::string& feed, int64_t, int64_t position, const auto& record) {
        return StreamOf(city, feed, position, record);
      });
  if (absl::IsFailedPrecondition(again.status())) {
    proof.of_other_files.push_back(report.name());
  } else if (!again.ok()) {
    divergences.push_back(
        {"report", Concat(report.name(), " cannot be computed again: ", again.status().message())});
  } else if (reporting::ContentBytes(*again) != report.content()) {
    divergences.push_back(
        {"report", Concat(report.name(), " differs from what its feeds give today")});
  }
  return absl::OkStatus();
}

absl::Status ProveReports(City& city, const reporting::Foundations& foundations,
                          ledger::Reader& reader, CityProof& proof,
                          std::vector<Divergence>& divergences) {
  std::vector<reporting::v1::Report> reports;
  auto status = ScanMessages<reporting::v1::Report>(reader, [&](const Id&, const auto& report) {
    // A draft says nothing yet that could be wrong.
    if (!reporting::IsDraft(report)) reports.push_back(report);
  });
  for (const auto& report : reports) {
    if (!status.ok()) break;
    status = ProveReport(city, foundations, reader, report, proof, divergences);
    ++proof.reports;
  }
  return status;
}

}  // namespace

size_t CityProof::divergences() const {
  size_t all = 0;
  for (const auto& service : services) all += service.divergences.size();
  return all;
}

absl::StatusOr<CityProof> Prove(City& city, const reporting::Foundations& foundations,
                                const std::function<void(const std::string&)>& progress) {
  CityProof proof;
  const auto say = [&](const std::string& what) {
    if (progress) progress(what);
  };
  for (host::Host* host : city.hosts()) {
    ServiceProof& service = proof.services.emplace_back();
    service.service = host->service();
    auto reader = host->readers().Mine();
    if (!reader.ok()) return reader.status();
    say(Concat(host->service(), ": seals, positions, documents"));
    auto verified = ledger::Verify(**reader, host->schema());
    if (!verified.ok()) return verified.status();
    service.ledger = std::move(*verified);
    service.divergences = service.ledger.divergences;
    say(Concat(host->service(), ": followed feeds"));
    if (auto status = ProveFollowing(city, *host, **reader, service); !status.ok()) return status;
  }
  say("reporting: cells against a recount of the facts");
  auto& last = proof.services.back();
  auto reader = city.reporting().readers().Mine();
  if (!reader.ok()) return reader.status();
  if (auto status = ProveCells(**reader, proof, last.divergences); !status.ok()) return status;
  say("reporting: facts against the followed feeds");
  if (auto status = ProveFacts(city, **reader, last.divergences); !status.ok()) return status;
  say("reporting: frozen reports against the feeds");
  if (auto status = ProveReports(city, foundations, **reader, proof, last.divergences);
      !status.ok()) {
    return status;
  }
  return proof;
}

}  // namespace learncity
