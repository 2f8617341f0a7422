#include <chrono>
#include <map>

#include "platform/runtime/concat.h"
#include "services/learncity/proof.h"
#include "services/reporting/board.h"
#include "services/reporting/domain/cell_sums.h"
#include "services/reporting/recount.h"
#include "services/reporting/tables.h"
#include "tests/simulation/checks.h"
#include "tests/simulation/foundations.h"
#include "tests/simulation/plain_counts.h"

namespace learncity::simulation {
namespace {

namespace rep = reporting::v1;

template <class Message>
absl::Status Scan(ledger::Reader& reader, std::map<Id, Message>& into) {
  const auto& table = *reporting::ReportingSchema().ByDocument(Message::descriptor());
  return reader.ScanAll(table, [&](const Id& id, int64_t, std::string_view bytes) {
    (void)into[id].ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  });
}

template <class Fact>
void CompareFacts(std::map<Id, Fact> stored, const std::map<Id, Fact>& folded, Findings& findings) {
  for (auto& [id, fact] : stored) {
    fact.clear_contributed();
    const auto other = folded.find(id);
    if (other != folded.end() && fact.SerializeAsString() == other->second.SerializeAsString()) {
      continue;
    }
    findings.push_back(Concat(Fact::descriptor()->name(), " ", id.ToString(), " {",
                              fact.ShortDebugString(), "} is not what the feeds give"));
  }
  for (const auto& [id, fact] : folded) {
    if (stored.contains(id) || fact.ByteSizeLong() == 0) continue;
    findings.push_back(Concat(Fact::descriptor()->name(), " ", id.ToString(), " is missing"));
  }
}

Counts CountsOf(const std::map<Id, rep::Cell>& cells, Day day) {
  reporting::CellSums sums(ToDate(day));
  for (const auto& [id, cell] : cells) sums.Add(cell);
  Counts counts;
  for (const auto& [group, count] : sums.Of(rep::MEASURE_PUPILS)) {
    counts[Pupils(group.isced_level(), group.sex())] += count;
  }
  for (const auto& [group, count] : sums.Of(rep::MEASURE_CENTERS)) {
    counts[Centers(group.center_kind(), group.ownership(), group.standard_level())] += count;
  }
  for (const auto& [group, count] : sums.Of(rep::MEASURE_RECOGNITIONS)) {
    counts[Recognitions(group.recognition())] += count;
  }
  for (const auto& [group, count] : sums.Of(rep::MEASURE_AWARDS)) {
    counts[Awards(group.is_international())] += count;
  }
  std::erase_if(counts, [](const auto& one) { return one.second == 0; });
  return counts;
}

void CompareCounts(const Counts& stored, const Counts& plain, Day day, Findings& findings) {
  if (stored == plain) return;
  Counts all = stored;
  all.insert(plain.begin(), plain.end());
  const auto of = [](const Counts& counts, const std::string& what) {
    const auto found = counts.find(what);
    return found == counts.end() ? 0 : found->second;
  };
  for (const auto& [what, count] : all) {
    if (of(stored, what) == of(plain, what)) continue;
    findings.push_back(Concat(what, " on ", FormatDay(day), ": the cells say ", of(stored, what),
                              ", counted the plain way they are ", of(plain, what)));
  }
}

// Everything that a board gives for a day, as one text.
std::string TextOf(const reporting::Board& board, Day day) {
  const reporting::Snapshot snapshot = board.Read(ToDate(day));
  std::map<rep::CellKey, int64_t, reporting::GroupBefore> sums;
  std::string text;
  for (int m = rep::MEASURE_UNSPECIFIED + 1; m < rep::Measure_ARRAYSIZE; ++m) {
    for (const auto& [group, sum] : snapshot.cells.Of(static_cast<rep::Measure>(m))) {
      rep::CellKey key = group;
      key.clear_time();
      sums[key] = sum;
    }
    text += Concat(snapshot.cells.CellsOf(static_cast<rep::Measure>(m)), " cells; ");
  }
  for (const auto& [key, sum] : sums) text += Concat("{", key.ShortDebugString(), "} ", sum, "; ");
  for (const auto& [name, unit] : snapshot.units->all()) {
    text += Concat(unit.ShortDebugString(), "; ");
  }
  for (const auto& position : snapshot.positions) text += Concat(position.ShortDebugString(), "; ");
  return text;
}

}  // namespace

void CheckBoard(City& city, Day today, Findings& findings) {
  auto reader = city.reporting().readers().Mine();
  if (!reader.ok()) return findings.push_back(reader.status().ToString());
  reporting::Board stored;
  if (auto status = stored.Load(**reader); !status.ok()) {
    return findings.push_back(status.ToString());
  }
  for (const int later : {-30, 0, 30}) {
    const Day day = today + std::chrono::days(later);
    if (TextOf(city.board(), day) == TextOf(stored, day)) continue;
    findings.push_back(Concat("on ", FormatDay(day), " the board says ", TextOf(city.board(), day),
                              " and the ledger ", TextOf(stored, day)));
  }
}

void CheckFacts(ledger::Reader& reporting, const Applied& applied, const Seen& seen, Day today,
                Findings& findings) {
  std::map<Id, rep::LearnerFact> learners;
  std::map<Id, rep::CenterFact> centers;
  std::map<Id, rep::RecognitionFact> recognitions;
  std::map<Id, rep::AwardFact> awards;
  std::map<Id, rep::Cell> cells;
  auto status = Scan(reporting, learners);
  status.Update(Scan(reporting, centers));
  status.Update(Scan(reporting, recognitions));
  status.Update(Scan(reporting, awards));
  status.Update(Scan(reporting, cells));
  if (!status.ok()) return findings.push_back(status.ToString());

  reporting::Refold refold;
  const auto apply = [&](const std::string& feed, int64_t up_to) {
    for (const ledger::Record& record : seen.ledgers.at(feed).records) {
      if (record.position <= up_to) refold.Apply(feed, record);
    }
  };
  apply("registry", applied.registry);
  apply("enrollment", applied.enrollment);
  apply("achievements", applied.achievements);
  CompareFacts(learners, refold.Of<rep::LearnerFact>(), findings);
  CompareFacts(centers, refold.Of<rep::CenterFact>(), findings);
  CompareFacts(recognitions, refold.Of<rep::RecognitionFact>(), findings);
  CompareFacts(awards, refold.Of<rep::AwardFact>(), findings);

  reporting::Recount recount;
  for (const auto& [id, fact] : learners) recount.Add(id, fact);
  for (const auto& [id, fact] : centers) recount.Add(id, fact);
  for (const auto& [id, fact] : recognitions) recount.Add(id, fact);
  for (const auto& [id, fact] : awards) recount.Add(id, fact);
  for (const auto& [id, cell] : cells) recount.Compare(cell);
  for (const std::string& difference : recount.Differences()) findings.push_back(difference);

  for (const int later : {-30, 0, 30}) {
    const Day day = today + std::chrono::days(later);
    CompareCounts(CountsOf(cells, day), CountPlainly(seen, applied, day), day, findings);
  }
}

void CheckRecounts(const Seen& seen, Time now, bool at_rest, Findings& findings) {
  int running = 0;
  for (const auto& [id, recount] : seen.recounts) {
    if (recount.differences() != 0) {
      findings.push_back(Concat("a recount differs: {", recount.ShortDebugString(), "}"));
    }
    if (recount.state() == rep::Recount::STATE_DONE) continue;
    ++running;
    // One of the night may have begun in the last minute.
    if (at_rest && ToTime(recount.due_time()) < now - std::chrono::minutes(1)) {
      findings.push_back(Concat("a recount lags: {", recount.ShortDebugString(), "}"));
    }
  }
  if (running > 1) findings.push_back(Concat(running, " recounts run at once"));
}

void CheckLedgers(City& city, const Seen& seen, bool at_rest, Findings& findings) {
  const auto proof = Prove(city, SimulatedFoundations());
  if (!proof.ok()) return findings.push_back(proof.status().ToString());
  for (const ServiceProof& service : proof->services) {
    for (const auto& divergence : service.divergences) {
      findings.push_back(Concat(service.service, ": ", divergence.kind, ": ", divergence.what));
    }
    if (service.ledger.parked > 0) {
      findings.push_back(Concat(service.service, " has parked ", service.ledger.parked));
    }
    for (const auto& applied : service.applied) {
      if (!at_rest || applied.applied == applied.head) continue;
      findings.push_back(Concat(service.service, " has applied ", applied.applied, " of ",
                                applied.head, " of ", applied.feed));
    }
  }
}

}  // namespace learncity::simulation
