// Locks that clang's thread-safety analysis and the thread sanitizer both understand.
//
// Fields behind a lock are declared with LEARNCITY_GUARDED_BY(mutex_); clang then refuses code that
// touches them without it. gcc ignores the annotations. Inside are std::mutex and
// std::condition_variable, since the sanitizer cannot see into abseil's packaged locks.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define LEARNCITY_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define LEARNCITY_THREAD_ATTRIBUTE(x)
#endif

#define LEARNCITY_CAPABILITY(name) LEARNCITY_THREAD_ATTRIBUTE(capability(name))
#define LEARNCITY_SCOPED_CAPABILITY LEARNCITY_THREAD_ATTRIBUTE(scoped_lockable)
// On a field: read and written only with the mutex held; for a pointer, what it points at.
#define LEARNCITY_GUARDED_BY(mutex) LEARNCITY_THREAD_ATTRIBUTE(guarded_by(mutex))
#define LEARNCITY_PT_GUARDED_BY(mutex) LEARNCITY_THREAD_ATTRIBUTE(pt_guarded_by(mutex))
// On a function: the caller holds the mutex, or must not hold it.
#define LEARNCITY_REQUIRES(...) LEARNCITY_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define LEARNCITY_EXCLUDES(...) LEARNCITY_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
// On a function: it takes, gives back, or may take the mutex.
#define LEARNCITY_ACQUIRE(...) LEARNCITY_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define LEARNCITY_RELEASE(...) LEARNCITY_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define LEARNCITY_TRY_ACQUIRE(...) LEARNCITY_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define LEARNCITY_NO_THREAD_SAFETY_ANALYSIS LEARNCITY_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace learncity {

// Not recursive. Prefer MutexLock to Lock and Unlock by hand.
class LEARNCITY_CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() LEARNCITY_ACQUIRE() { mutex_.lock(); }
  void Unlock() LEARNCITY_RELEASE() { mutex_.unlock(); }
  bool TryLock() LEARNCITY_TRY_ACQUIRE(true) { return mutex_.try_lock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class LEARNCITY_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) LEARNCITY_ACQUIRE(mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~MutexLock() LEARNCITY_RELEASE() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};

// Waits release the mutex and hold it again when they return. The forms without a predicate may
// wake for no reason: call them in a loop that tests the condition.
// For clang a predicate that reads guarded fields is written
// `[this]() LEARNCITY_REQUIRES(mutex_) { return done_; }`.
class CondVar {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  void Wait(Mutex* mutex) LEARNCITY_REQUIRES(mutex) {
    Adopted lock(mutex->mutex_);
    condition_.wait(lock.held);
  }

  // False: the deadline has passed.
  bool WaitUntil(Mutex* mutex, Deadline deadline) LEARNCITY_REQUIRES(mutex) {
    Adopted lock(mutex->mutex_);
    return condition_.wait_until(lock.held, deadline) == std::cv_status::no_timeout;
  }

  template <typename Predicate>
  void Wait(Mutex* mutex, Predicate done)
      LEARNCITY_REQUIRES(mutex) LEARNCITY_NO_THREAD_SAFETY_ANALYSIS {
    while (!done()) Wait(mutex);
  }

  // What `done` says at the end: false only when the deadline passed first.
  template <typename Predicate>
  bool WaitUntil(Mutex* mutex, Deadline deadline, Predicate done)
      LEARNCITY_REQUIRES(mutex) LEARNCITY_NO_THREAD_SAFETY_ANALYSIS {
    while (!done()) {
      if (!WaitUntil(mutex, deadline)) return done();
    }
    return true;
  }

  template <typename Predicate>
  bool WaitFor(Mutex* mutex, std::chrono::nanoseconds timeout, Predicate done)
      LEARNCITY_REQUIRES(mutex) LEARNCITY_NO_THREAD_SAFETY_ANALYSIS {
    return WaitUntil(mutex, std::chrono::steady_clock::now() + timeout, done);
  }

  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  // Lends the mutex, which the caller has locked, to std::condition_variable.
  struct Adopted {
    explicit Adopted(std::mutex& mutex) : held(mutex, std::adopt_lock) {}
    ~Adopted() { held.release(); }
    std::unique_lock<std::mutex> held;
  };

  std::condition_variable condition_;
};

}  // namespace learncity
