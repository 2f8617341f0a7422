#include "services/reporting/recount_slice.h"

#include <set>

#include "platform/calendar/calendar.h"
#include "services/reporting/domain/cell.h"
#include "services/reporting/domain/contribution.h"

namespace learncity::reporting {
namespace {

using ledger::Walk;

// A slice at work: the recount and its mark as they become.
struct Work {
  v1::Recount& recount;
  v1::RecountMark& mark;
  Walk& walk;

  Id After() const { return Id::FromBytes(mark.after()).value_or(Id()); }
  void ComeBy(const Id& id) { mark.set_after(std::string(id.view())); }
};

// Counts facts of one kind; false when it leaves off before their end.
template <class Fact>
bool Count(const RecountSlice& slice, int& facts, std::set<Id>& cells, Work& work) {
  const int room = slice.facts - facts;
  const auto found = work.walk.Next<Fact>(work.After(), room);
  for (const auto& [id, fact] : found) {
    if (static_cast<int>(cells.size()) >= slice.cells) return false;
    for (const v1::Contribution& one : Contribution(*fact)) {
      const Id cell = CellId(one.key());
      Apply(work.walk.Put<v1::RecountedCell>(cell), one);
      cells.insert(cell);
    }
    work.ComeBy(id);
    ++facts;
  }
  return static_cast<int>(found.size()) < room;
}

// From the kind at which the mark stands on.
template <int kPlace = 0>
void CountFrom(const RecountSlice& slice, int& facts, std::set<Id>& cells, Work& work) {
  if constexpr (kPlace == kFactKinds) {
    work.mark.set_state(v1::Recount::STATE_COMPARING);
  } else {
    if (work.mark.kind() == kPlace) {
      using Fact = std::tuple_element_t<kPlace, FactKinds>;
      if (!Count<Fact>(slice, facts, cells, work)) return;
      work.mark.set_kind(kPlace + 1);
      work.mark.clear_after();
    }
    CountFrom<kPlace + 1>(slice, facts, cells, work);
  }
}

void CountFacts(const RecountSlice& slice, Work& work) {
  int facts = 0;
  std::set<Id> cells;
  CountFrom(slice, facts, cells, work);
  work.recount.set_facts(work.recount.facts() + facts);
}

// A cell as it is stored and as it was recounted; nullptr where there is none.
void Compare(const Id& id, const v1::Cell* cell, const v1::RecountedCell* recounted, Work& work) {
  const int64_t stored = cell == nullptr ? 0 : cell->count();
  const int64_t found = recounted == nullptr ? 0 : recounted->count();
  if (stored != found) {
    work.recount.set_differences(work.recount.differences() + 1);
    if (work.mark.differing_size() < kDifferingMax) {
      v1::CellDifference& difference = *work.mark.add_differing();
      *difference.mutable_key() = cell == nullptr ? recounted->key() : cell->key();
      difference.set_stored(stored);
      difference.set_recounted(found);
    }
  }
  // The next recount begins from nothing.
  if (found != 0) work.walk.Put<v1::RecountedCell>(id).set_count(0);
  work.ComeBy(id);
}

// The first cells of both tables taken together.
void CompareCells(const RecountSlice& slice, Work& work) {
  const Id after = work.After();
  const auto stored = work.walk.Next<v1::Cell>(after, slice.cells);
  const auto recounted = work.walk.Next<v1::RecountedCell>(after, slice.cells);
  auto s = stored.begin();
  auto r = recounted.begin();
  int cells = 0;
  for (; cells < slice.cells && (s != stored.end() || r != recounted.end()); ++cells) {
    const bool is_stored = s != stored.end() && (r == recounted.end() || s->id <= r->id);
    const bool is_recounted = r != recounted.end() && (s == stored.end() || r->id <= s->id);
    Compare(is_stored ? s->id : r->id, is_stored ? s->document : nullptr,
            is_recounted ? r->document : nullptr, work);
    if (is_stored) ++s;
    if (is_recounted) ++r;
  }
  work.recount.set_cells(work.recount.cells() + cells);
  if (cells < slice.cells) work.mark.set_state(v1::Recount::STATE_DONE);
}

}  // namespace

Decision AdvanceRecount(const v1::Recount& recount, const RecountSlice& slice, const Moment& moment,
                        Walk& walk) {
  v1::RecountEvent event;
  v1::Recount& advanced = *event.mutable_advanced()->mutable_recount();
  advanced = recount;
  auto& mark = walk.Put<v1::RecountMark>(RecountMarkId());
  if (mark.recount() != recount.name()) {
    // It begins, or begins anew: where feeds are followed anew the mark is gone, with all that was
    // counted.
    mark.Clear();
    mark.set_recount(recount.name());
    mark.set_state(v1::Recount::STATE_COUNTING);
    advanced.clear_facts();
    advanced.clear_cells();
    advanced.clear_differences();
  }
  Work work{.recount = advanced, .mark = mark, .walk = walk};
  if (mark.state() == v1::Recount::STATE_COUNTING) {
    CountFacts(slice, work);
  } else {
    CompareCells(slice, work);
  }
  advanced.set_state(mark.state());
  if (mark.state() == v1::Recount::STATE_DONE) {
    advanced.clear_due_time();
    *advanced.mutable_end_time() = ToTimestamp(moment.now);
  } else {
    *advanced.mutable_due_time() = ToTimestamp(moment.now + kRecountPause);
  }
  return Decision().Then(recount.name(), std::move(event));
}

}  // namespace learncity::reporting
