// How far a service has applied each feed it follows, and who waits for that.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "platform/ledger/record.h"
#include "platform/runtime/mutex.h"

namespace learncity::feed {

// Waiters at the same time; one more is refused with RESOURCE_EXHAUSTED.
constexpr size_t kWaitersMax = 10'000;

// Called from any thread: Set by the follower, Await and Cancel by whoever serves callers.
// Callbacks run without the lock, on the thread that called Set, Await or Close.
class Positions {
 public:
  // OK with how far the feed is applied, that position or later. ABORTED: the feed is in another
  // epoch. NOT_FOUND: no such feed is followed. UNAVAILABLE: closed.
  using Done = std::function<void(absl::Status, int64_t applied)>;
  // Names a waiter; 0 names none.
  using Ticket = int64_t;

  // A lower position in the same epoch is ignored.
  void Set(const std::string& feed, int64_t epoch, int64_t position) LEARNCITY_EXCLUDES(mutex_);
  std::optional<ledger::Cursor> Get(std::string_view feed) const LEARNCITY_EXCLUDES(mutex_);
  // In the order of the feeds' names.
  std::vector<ledger::Cursor> All() const LEARNCITY_EXCLUDES(mutex_);

  // Calls `done` once: at once, or when the position is reached, unless it is cancelled before. 0:
  // `done` has been called already.
  Ticket Await(const std::string& feed, int64_t epoch, int64_t position, Done done)
      LEARNCITY_EXCLUDES(mutex_);
  // True: `done` will not be called. False: it has been, or is being, called.
  bool Cancel(Ticket ticket) LEARNCITY_EXCLUDES(mutex_);
  // Everybody who waits, or comes to wait later, is answered with UNAVAILABLE.
  void Close() LEARNCITY_EXCLUDES(mutex_);

 private:
  struct Waiter {
    Ticket ticket = 0;
    int64_t epoch = 1;
    Done done;
  };
  struct Feed {
    ledger::Cursor cursor;
    // By the position they wait for; all of the cursor's epoch.
    std::multimap<int64_t, Waiter> waiters;
  };
  struct Call {
    Done done;
    absl::Status status;
    int64_t applied = 0;
    Ticket ticket = 0;
  };

  // Takes out the waiters to be answered now: all after a change of
  // epoch, else those whose position is reached.
  static void TakeDue(Feed& feed, std::vector<Call>* due);
  static void Run(std::vector<Call>& calls);
  std::optional<Call> AnswerNow(const std::string& feed, int64_t epoch, int64_t position,
                                Done& done) LEARNCITY_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, Feed, std::less<>> feeds_ LEARNCITY_GUARDED_BY(mutex_);
  // Where a ticket's waiter stands: feed and position.
  std::map<Ticket, std::pair<std::string, int64_t>> tickets_ LEARNCITY_GUARDED_BY(mutex_);
  Ticket last_ticket_ LEARNCITY_GUARDED_BY(mutex_) = 0;
  bool closed_ LEARNCITY_GUARDED_BY(mutex_) = false;
};

}  // namespace learncity::feed
