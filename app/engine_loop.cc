// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/engine_loop.h"

#include "outputs/clocks.h"

namespace saker::app {

namespace {

MatcherOptions matcher_options(const LoopOptions& options) {
  return {.matching = options.matching, .now_ns = &steady_clock_ns};
}

}  // namespace

RuleMatching matching_of(const config::Config& config) {
  return config.rule_matching == "all" ? RuleMatching::kAll : RuleMatching::kFirst;
}

StateLimits state_limits(const config::Config& config) {
  constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
  return {.max_threads = config.falco_libs.thread_table_size,
          .purge_interval_ns = config.falco_libs.purging_interval_s * kNsPerSecond,
          .thread_timeout_ns = config.falco_libs.purging_thread_timeout_s * kNsPerSecond};
}

EngineLoop::EngineLoop(State& state, std::shared_ptr<const RuleSet> rules, Outputs& outputs,
                       SourceMonitor& monitor, Counters& counters, LoopOptions options)
    : state_(state),
      matcher_(std::in_place, std::move(rules), matcher_options(options)),
      outputs_(outputs),
      monitor_(monitor),
      counters_(counters),
      options_(std::move(options)),
      deliver_([this](const std::shared_ptr<const RuleSet>& of, RuleId id, Alert alert) {
        raise(of, id, std::move(alert));
      }) {}

Status EngineLoop::run(EventSource& source, const std::atomic<bool>& stop) {
  Status status = run_source(source, stop);
  if (options_.containers != nullptr) {
    options_.containers->give_up(deliver_);
  }
  return status;
}

Status EngineLoop::run_source(EventSource& source, const std::atomic<bool>& stop) {
  Batch batch;
  while (!stop.load(std::memory_order_relaxed)) {
    if (has_new_rules_.load(std::memory_order_acquire)) [[unlikely]] {
      take_new_rules();
    }
    if (options_.containers != nullptr) {
      options_.containers->settle(deliver_);
    }
    batch = Batch{};
    SAKER_ASSIGN_OR_RETURN(const SourceStatus status, source.next(batch));
    if (batch.snapshot != nullptr) {
      state_.reset(*batch.snapshot);
      if (options_.containers != nullptr) {
        options_.containers->note_all(*batch.snapshot);
      }
      for (EventObserver* observer : observers_) {
        observer->on_snapshot(*batch.snapshot);
      }
    }
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      if (!process(batch.events[i])) {
        left_over_ = batch.events.size() - i - 1;
        return std::move(fault_);
      }
    }
    if (options_.advance) {
      options_.advance(number_);
    }
    if (options_.figures != nullptr && options_.figures->is_wanted()) [[unlikely]] {
      options_.figures->publish([this](LoopFigures& figures) { fill_figures(figures); });
    }
    if (status == SourceStatus::kEnd) {
      break;
    }
    if (status == SourceStatus::kTimeout) {
      monitor_.on_timeout(wall_clock_ns());
      // Only live sources time out; for them time passes as for us, whatever the wall clock does.
      if (options_.duration_ns != 0 && first_ts_ns_ != 0 &&
          steady_clock_ns() >= first_seen_ns_ + options_.duration_ns) {
        break;
      }
    }
  }
  return {};
}

void EngineLoop::exchange(Exchange next) {
  const std::lock_guard lock(new_rules_mutex_);
  new_rules_ = std::move(next);
  has_new_rules_.store(true, std::memory_order_release);
}

void EngineLoop::take_new_rules() {
  earlier_ = totals();
  earlier_figures_.add(*matcher_);
  const std::lock_guard lock(new_rules_mutex_);
  options_.matching = matching_of(*new_rules_.config);
  monitor_.set_options(*new_rules_.config);
  matcher_.emplace(std::move(new_rules_.rules), matcher_options(options_));
  has_new_rules_.store(false, std::memory_order_relaxed);
}

MatchTotals EngineLoop::totals() const {
  MatchTotals totals = earlier_;
  totals.add(*matcher_->rules(), matcher_->match_counts());
  return totals;
}

void EngineLoop::fill_figures(LoopFigures& figures) const {
  figures.events_processed = event_count_;
  figures.thread_count = state_.thread_count();
  figures.fd_count = state_.fd_count();
  figures.types = type_counts_;
  figures.rules = matcher_->rules();
  figures.match_counts.assign(matcher_->match_counts().begin(), matcher_->match_counts().end());
  figures.costs.assign(matcher_->costs().begin(), matcher_->costs().end());
  figures.earlier = earlier_figures_;
}

bool EngineLoop::process(const RawEvent& raw) {
  counters_.add(Counter::kEventsRead);
  number_ = raw.number != 0 ? raw.number : number_ + 1;
  const EventFault fault = event_.parse(raw.bytes);
  if (fault != EventFault::kNone) [[unlikely]] {
    counters_.add(fault == EventFault::kUnknownType ? Counter::kEventsUnknownType
                                                    : Counter::kEventsMalformed);
    return true;
  }
  type_counts_.add(event_);
  if (first_ts_ns_ == 0 && reaches_rules(event_.type())) {
    first_ts_ns_ = event_.ts_ns();
    first_seen_ns_ = steady_clock_ns();
  }
  if (options_.duration_ns != 0 && first_ts_ns_ != 0 &&
      event_.ts_ns() - first_ts_ns_ >= options_.duration_ns) {
    return false;
  }
  const Applied& applied = state_.apply(event_);
  const FieldContext context{
      .event = event_,
      .applied = applied,
      .state = state_,
      .arena = arena_,
      .number = number_,
      .first_ts_ns = first_ts_ns_,
      .previous_ts_ns = previous_ts_ns_,
      .cpu = raw.cpu,
      .hostname = options_.hostname,
      .containers = options_.containers == nullptr ? nullptr : &options_.containers->metadata(),
      .host_names = options_.host_names,
      .losses = &monitor_};
  const bool has_rules = !raw.is_state_only && reaches_rules(event_.type());
  std::span<const RuleId> matches;
  if (has_rules) {
    matches = run_rules(context);
  } else {
    const bool is_unused = !raw.is_state_only && event_.info().has(event_flag::kUnused);
    counters_.add(is_unused ? Counter::kEventsUnused : Counter::kEventsStateOnly);
  }
  const bool goes_on =
      observers_.empty() || show({raw, context, has_rules, *matcher_->rules(), matches});
  if (has_rules) {
    arena_.clear();
    previous_ts_ns_ = event_.ts_ns();
  }
  state_.retire(event_);
  for (EventObserver* observer : observers_) {
    observer->on_retired(state_, event_.ts_ns());
  }
  if (monitor_.is_check_due(event_.ts_ns())) [[unlikely]] {
    fault_ = monitor_.check_drops(event_.ts_ns());
  }
  return goes_on && fault_.has_value();
}

void EngineLoop::raise(const std::shared_ptr<const RuleSet>& rules, RuleId id, Alert alert) {
  if (rules == matcher_->rules()) {
    matcher_->count(id);
  } else {  // it waited while the rules were exchanged
    std::vector<std::uint64_t> counts(rules->rules().size());
    counts[static_cast<std::size_t>(id)] = 1;
    earlier_.add(*rules, counts);
    earlier_figures_.add(*rules, counts, std::vector<RuleCost>(counts.size()));
  }
  for (EventObserver* observer : observers_) {
    observer->on_late_match(rules->rule(id));
  }
  counters_.add(Counter::kAlertsRaised);
  deliver(std::move(alert));
}

void EngineLoop::deliver(Alert alert) {
  OutputMessage message(std::move(alert));
  if (options_.raise) {
    options_.raise(number_, std::move(message));
  } else {
    outputs_.push(message);
  }
}

bool EngineLoop::is_mine(const Applied& applied) const {
  const Partition& partition = options_.partition;
  if (partition.count == 1) {
    return true;
  }
  const std::int64_t pid = applied.thread != nullptr ? applied.thread->pid : event_.tid();
  return static_cast<std::uint64_t>(pid) % partition.count == partition.index;
}

std::span<const RuleId> EngineLoop::run_rules(const FieldContext& context) {
  ++event_count_;
  if (!is_mine(context.applied)) {
    return {};
  }
  ContainerWatch* const watch = options_.containers;
  const containers::ContainerState container =
      watch == nullptr ? containers::ContainerState::kHost : watch->note(context.applied.thread);
  if (container == containers::ContainerState::kPending) [[unlikely]] {
    watch->add(matcher_->match_without_metadata(context), context, deliver_);
    return {};
  }
  const std::span<const RuleId> matches = matcher_->match(context);
  if (!matches.empty()) {
    counters_.add(Counter::kEventsMatched);
    counters_.add(Counter::kAlertsRaised, matches.size());
    for (const RuleId id : matches) {
      Alert alert = Alert::make(matcher_->rules(), id, context);
      if (container == containers::ContainerState::kUnavailable) {
        alert.set_container_pending();
      }
      deliver(std::move(alert));
    }
  }
  return matches;
}

bool EngineLoop::show(const SeenEvent& seen) {
  bool goes_on = true;
  for (EventObserver* observer : observers_) {
    goes_on = observer->on_event(seen) && goes_on;
  }
  return goes_on;
}

}  // namespace saker::app
