#include "platform/feed/positions.h"

#include <iterator>
#include <memory>

#include "platform/runtime/concat.h"

namespace learncity::feed {
namespace {

absl::Status OtherEpoch(std::string_view feed, int64_t asked, int64_t current) {
  return absl::AbortedError(Concat("feed ", feed, " is in epoch ", current, ", not in ", asked,
                                   ": positions of the old one mean nothing any more"));
}

}  // namespace

void Positions::TakeDue(Feed& feed, std::vector<Call>* due) {
  const ledger::Cursor& cursor = feed.cursor;
  for (auto it = feed.waiters.begin(); it != feed.waiters.end();) {
    Waiter& waiter = it->second;
    const bool same_epoch = waiter.epoch == cursor.epoch;
    if (same_epoch && it->first > cursor.position) break;
    due->push_back(
        {std::move(waiter.done),
         same_epoch ? absl::OkStatus() : OtherEpoch(cursor.feed, waiter.epoch, cursor.epoch),
         cursor.position, waiter.ticket});
    it = feed.waiters.erase(it);
  }
}

void Positions::Run(std::vector<Call>& calls) {
  for (Call& call : calls) call.done(std::move(call.status), call.applied);
}

void Positions::Set(const std::string& feed, int64_t epoch, int64_t position) {
  std::vector<Call> due;
  {
    MutexLock lock(&mutex_);
    Feed& known = feeds_[feed];
    const bool behind = !known.cursor.feed.empty() && known.cursor.epoch == epoch &&
                        position < known.cursor.position;
    if (behind) return;
    known.cursor = {.feed = feed, .epoch = epoch, .position = position};
    TakeDue(known, &due);
    for (const Call& call : due) tickets_.erase(call.ticket);
  }
  Run(due);
}

std::optional<ledger::Cursor> Positions::Get(std::string_view feed) const {
  MutexLock lock(&mutex_);
  const auto known = feeds_.find(feed);
  if (known == feeds_.end()) return std::nullopt;
  return known->second.cursor;
}

std::vector<ledger::Cursor> Positions::All() const {
  MutexLock lock(&mutex_);
  std::vector<ledger::Cursor> cursors;
  for (const auto& [name, feed] : feeds_) cursors.push_back(feed.cursor);
  return cursors;
}

std::optional<Positions::Call> Positions::AnswerNow(const std::string& feed, int64_t epoch,
                                                    int64_t position, Done& done) {
  if (closed_) return Call{std::move(done), absl::UnavailableError("the server is stopping"), 0};
  const auto known = feeds_.find(feed);
  if (known == feeds_.end()) {
    return Call{std::move(done), absl::NotFoundError(Concat("feed ", feed, " is not followed")), 0};
  }
  const ledger::Cursor& cursor = known->second.cursor;
  if (cursor.epoch != epoch) {
    return Call{std::move(done), OtherEpoch(feed, epoch, cursor.epoch), cursor.position};
  }
  if (cursor.position >= position) return Call{std::move(done), absl::OkStatus(), cursor.position};
  if (tickets_.size() >= kWaitersMax) {
    return Call{std::move(done), absl::ResourceExhaustedError("too many callers wait"),
                cursor.position};
  }
  return std::nullopt;
}

Positions::Ticket Positions::Await(const std::string& feed, int64_t epoch, int64_t position,
                                   Done done) {
  std::optional<Call> now;
  {
    MutexLock lock(&mutex_);
    now = AnswerNow(feed, epoch, position, done);
    if (!now) {
      const Ticket ticket = ++last_ticket_;
      feeds_.find(feed)->second.waiters.emplace(position, Waiter{ticket, epoch, std::move(done)});
      tickets_.emplace(ticket, std::pair(feed, position));
      return ticket;
    }
  }
  now->done(std::move(now->status), now->applied);
  return 0;
}

bool Positions::Cancel(Ticket ticket) {
  // Destroyed after the lock is given back: what it holds may call here.
  Done dropped;
  MutexLock lock(&mutex_);
  const auto place = tickets_.find(ticket);
  if (place == tickets_.end()) return false;
  auto& waiters = feeds_.find(place->second.first)->second.waiters;
  auto [it, end] = waiters.equal_range(place->second.second);
  while (it != end && it->second.ticket != ticket) ++it;
  dropped = std::move(it->second.done);
  waiters.erase(it);
  tickets_.erase(place);
  return true;
}

void Positions::Close() {
  std::vector<Call> calls;
  {
    MutexLock lock(&mutex_);
    closed_ = true;
    tickets_.clear();
    for (auto& [name, feed] : feeds_) {
      for (auto& [position, waiter] : feed.waiters) {
        calls.push_back({std::move(waiter.done), absl::UnavailableError("the server is stopping"),
                         feed.cursor.position, waiter.ticket});
      }
      feed.waiters.clear();
    }
  }
  Run(calls);
}

}  // namespace learncity::feed
