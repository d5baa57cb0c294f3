// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/delivery/delivery_worker.h"

#include <algorithm>
#include <random>
#include <utility>

#include "outputs/clocks.h"

namespace saker {

namespace {

using Clock = std::chrono::steady_clock;

// More failing keys than this mean that the receiver itself is in trouble.
constexpr std::size_t kMaxHeldKeys = 64;
// Records that are given up are told at once, then at most this often.
constexpr std::int64_t kDropReportSeconds = 60;
// How often a waiting worker looks for expired records and at the stop signal from outside.
constexpr std::chrono::milliseconds kLookAround{250};

// The worker logs by itself, less often than there are failures.
const Error kAlreadyTold{ErrorCode::kIo, ""};

}  // namespace

DeliveryWorker::DeliveryWorker(Parts parts, const DeliveryOptions& options, OutputLog log)
    : parts_(parts),
      options_(options),
      log_(std::move(log)),
      outage_backoff_(options.first_pause, options.longest_pause, std::random_device{}()),
      seed_(std::random_device{}()) {}

DeliveryWorker::~DeliveryWorker() {
  drain(Clock::now());
}

void DeliveryWorker::start() {
  thread_ = std::thread([this] { run(); });
}

void DeliveryWorker::notify() {
  const std::lock_guard guard(mutex_);
  has_news_ = true;
  wakeup_.notify_one();
}

void DeliveryWorker::drain(SteadyTime deadline) {
  if (!thread_.joinable()) {
    return;
  }
  {
    std::unique_lock guard(mutex_);
    is_draining_ = true;
    wakeup_.notify_one();
    const SteadyTime began = Clock::now();
    // What is under way may take as long as the transport lets it, unless the receiver is known to
    // be away.
    const auto is_patient = [&] {
      return (is_under_way_ && !is_receiver_away_) ||
             Clock::now() < std::max(began, last_progress_.load()) + options_.drain_patience;
    };
    // The signal from outside has no condition variable of its own.
    while (!is_done_ && !is_set() && Clock::now() < deadline && is_patient()) {
      done_.wait_until(guard, std::min(deadline, Clock::now() + kLookAround));
    }
    is_stopped_ = true;
    wakeup_.notify_one();
  }
  thread_.join();
  if (const std::uint64_t untold = dropped_since_told_.exchange(0); untold > 0) {
    log_(Priority::kError, std::string(parts_.transport.name()) + " output: " +
                               std::to_string(untold) + " more alerts given up by the spool");
  }
}

bool DeliveryWorker::is_set() const {
  return is_stopped_.load(std::memory_order_relaxed) || parts_.outer_stop.is_set();
}

void DeliveryWorker::run() {
  AgeClock age_clock;
  while (!is_set()) {
    // Read before the store is: nothing is stored after the drain has begun, so what is found empty
    // then is empty.
    const bool is_last_look = is_draining_;
    if (const auto expired = parts_.store.expire(age_clock.now(wall_clock_ns(), steady_clock_ns()));
        expired) {
      report_dropped(*expired, "older than the spool's limit of age");
    }
    const std::set<std::string> held = held_keys(Clock::now());
    const auto batch = parts_.store.next(options_.batch_limit, options_.batch_limit_bytes, held);
    if (!batch) {
      log_(Priority::kError,
           std::string(parts_.transport.name()) + " output: " + batch.error().message);
      pause(outage_backoff_.next());
    } else if (!batch->empty()) {
      deliver(*batch);
    } else if (held.empty() && is_last_look) {
      break;
    } else {
      wait_for_records();
    }
  }
  const std::lock_guard guard(mutex_);
  is_done_ = true;
  done_.notify_all();
}

std::set<std::string> DeliveryWorker::held_keys(SteadyTime now) {
  std::set<std::string> keys;
  for (const auto& [key, held] : held_) {
    if (held.until > now) {
      keys.insert(key);
    }
  }
  return keys;
}

void DeliveryWorker::deliver(std::span<const DeliveryRecord> batch) {
  is_under_way_ = true;
  const std::vector<Outcome> outcomes = parts_.transport.send(batch, *this);
  std::chrono::milliseconds wish{0};
  bool is_away = false;
  for (std::size_t i = 0; i < batch.size() && i < outcomes.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    switch (outcome.kind) {
      using enum Outcome::Kind;
      case kAcknowledged:
        acknowledge(batch[i], outcome);
        break;
      case kRejected:
      case kFailed:
        count_failure(batch[i], outcome);
        break;
      case kUnavailable:
        if (!is_away) {
          note_outage(batch[i], outcome);
        }
        is_away = true;
        wish = std::max(wish, outcome.retry_after);
        break;
      case kNotTried:
        break;
    }
  }
  const bool has_progress = !settlements_.empty() || !set_aside_.empty();
  settle();
  is_under_way_ = false;
  if (held_.size() > kMaxHeldKeys) {
    is_away = true;
    held_.clear();
  }
  if (is_away || !has_progress) {
    pause(std::max(outage_backoff_.next(), std::min(wish, options_.longest_pause)));
  }
}

void DeliveryWorker::acknowledge(const DeliveryRecord& record, const Outcome& outcome) {
  if (!outcome.reason.empty() && !std::exchange(is_oddity_told_, true)) {
    log_(Priority::kWarning, std::string(parts_.transport.name()) + " output: " + outcome.reason +
                                 "; such alerts count as delivered (told once)");
  }
  settlements_.push_back({record.sequence, Settlement::Kind::kRemove, {}});
  held_.erase(record.key);
  outage_backoff_.reset();
  last_progress_ = Clock::now();
  if (is_receiver_away_) {
    is_receiver_away_ = false;
    log_(Priority::kNotice, std::string(parts_.transport.name()) + " output: delivering again");
  }
}

void DeliveryWorker::count_failure(const DeliveryRecord& record, const Outcome& outcome) {
  const bool is_final =
      outcome.kind == Outcome::Kind::kRejected || record.tries + 1 >= options_.max_tries;
  if (is_final) {
    held_.erase(record.key);
    set_aside_.push_back({record.sequence, Settlement::Kind::kSetAside, outcome.reason});
    const char* const fate = parts_.store.survives_restart() ? " set aside: " : " lost: ";
    log_(Priority::kError, std::string(parts_.transport.name()) + " output: alert " + record.id +
                               fate + outcome.reason);
    return;
  }
  settlements_.push_back({record.sequence, Settlement::Kind::kCountTry, outcome.reason});
  auto [held, is_new] = held_.try_emplace(
      record.key, HeldKey{{}, Backoff(options_.first_pause, options_.longest_pause, ++seed_)});
  // No receiver may hold an alert back for longer than we would.
  held->second.until =
      Clock::now() +
      std::max(held->second.backoff.next(), std::min(outcome.retry_after, options_.longest_pause));
}

void DeliveryWorker::note_outage(const DeliveryRecord& record, const Outcome& outcome) {
  if (options_.counts_outages) {
    count_failure(record, outcome);
  }
  if (!is_receiver_away_) {
    is_receiver_away_ = true;
    log_(Priority::kError, std::string(parts_.transport.name()) + " output: " + outcome.reason +
                               "; alerts wait and are sent again");
  }
}

// Tells the store and the observer what became of the batch.
void DeliveryWorker::settle() {
  const auto own = parts_.store.settle(settlements_);
  const auto own_lost =
      set_aside_.empty() ? Result<std::uint64_t>(0) : parts_.store.settle(set_aside_);
  for (const auto* result : {&own, &own_lost}) {
    if (!*result) {
      log_(Priority::kError,
           std::string(parts_.transport.name()) + " output: " + result->error().message);
    }
  }
  // Settlements that only count a try are not among the own ones.
  if (own && *own > 0) {
    parts_.observer.delivered(*own);
  }
  if (own_lost && *own_lost > 0) {
    parts_.observer.failed(*own_lost, kAlreadyTold);
  }
  settlements_.clear();
  set_aside_.clear();
}

void DeliveryWorker::report_dropped(const DropCount& dropped, std::string_view why) {
  if (dropped.all == 0) {
    return;
  }
  if (dropped.own > 0) {
    parts_.observer.failed(dropped.own, kAlreadyTold);
  }
  const std::uint64_t total = dropped_since_told_.fetch_add(dropped.all) + dropped.all;
  const auto now_s = static_cast<std::int64_t>(steady_clock_ns() / 1'000'000'000);
  std::int64_t due_s = next_drop_report_s_.load();
  if (now_s >= due_s &&
      next_drop_report_s_.compare_exchange_strong(due_s, now_s + kDropReportSeconds)) {
    dropped_since_told_ = 0;
    log_(Priority::kError, std::string(parts_.transport.name()) + " output: " +
                               std::to_string(total) + " alerts given up: " + std::string(why));
  }
}

void DeliveryWorker::wait_for_records() {
  parts_.transport.idle();
  std::unique_lock guard(mutex_);
  SteadyTime until = Clock::now() + kLookAround;
  for (const auto& [key, held] : held_) {
    until = std::min(until, held.until);
  }
  wakeup_.wait_until(guard, until, [this] { return has_news_ || is_draining_ || is_stopped_; });
  has_news_ = false;
}

void DeliveryWorker::pause(std::chrono::milliseconds duration) {
  std::unique_lock guard(mutex_);
  const SteadyTime until = Clock::now() + duration;
  while (!is_set() && Clock::now() < until) {
    wakeup_.wait_until(guard, std::min(until, Clock::now() + kLookAround));
  }
}

}  // namespace saker
