// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/container_watch.h"

#include <utility>

#include "engine/ruleset/metadata_need.h"
#include "engine/state/container_id.h"
#include "outputs/clocks.h"

namespace saker::app {

namespace {

using containers::ContainerState;
using containers::LookupFault;

bool needs_metadata(const Rule& rule) {
  for (const BoundExpr& expression : rule.output.expressions) {
    if (metadata_need(expression) != MetadataNeed::kNone) {
      return true;
    }
  }
  return false;
}

}  // namespace

ContainerWatch::ContainerWatch(const WatchOptions& options, Counters& counters, const State& state,
                               Warn warn,
                               const containers::ContainerLookup::ClientMaker& make_clients)
    : options_(options),
      counters_(counters),
      state_(state),
      warn_(std::move(warn)),
      lookup_(options.runtimes, make_clients),
      cache_(options.cache, counters,
             [this](std::string_view id, std::string_view hint,
                    std::optional<std::uint32_t> owner) { return lookup_.ask(id, hint, owner); }) {}

void ContainerWatch::note_all(const Snapshot& snapshot) {
  const std::uint64_t now = steady_clock_ns();
  for (const ThreadSnapshot& thread : snapshot.threads) {
    const ContainerMatch container = find_container(thread.cgroups);
    if (!container.id.empty()) {
      static_cast<void>(cache_.note({container.id, container.runtime, thread.cgroups}, now));
    }
  }
}

ContainerState ContainerWatch::note(const Thread* thread) {
  if (thread == nullptr || !thread->cgroups || thread->cgroups->container_id.empty()) {
    return ContainerState::kHost;
  }
  const Cgroups& cgroups = *thread->cgroups;
  return cache_.note({cgroups.container_id, cgroups.container_type, cgroups.text},
                     steady_clock_ns());
}

void ContainerWatch::add(OpenMatch match, const FieldContext& context, const Deliver& deliver) {
  if (match.candidates.empty()) {
    return;
  }
  bool can_go = match.is_decided();
  std::vector<Alert> alerts;
  for (const OpenMatch::Candidate& candidate : match.candidates) {
    can_go = can_go && !needs_metadata(match.rules->rule(candidate.rule));
    alerts.push_back(Alert::make(match.rules, candidate.rule, context));
  }
  const Cgroups& cgroups = *context.applied.thread->cgroups;
  Waiting waiting{.match = std::move(match),
                  .alerts = std::move(alerts),
                  .cgroups = cgroups_.make(),
                  .deadline_ns = steady_clock_ns() + options_.wait_ns};
  waiting.cgroups->container_id = cgroups.container_id;
  waiting.cgroups->container_type = cgroups.container_type;
  const bool is_full = waiting_.size() >= options_.max_waiting_events;
  if (can_go || is_full) {
    if (!can_go) {
      counters_.add(Counter::kEventsWaitingFull);
    }
    close(waiting, deliver);
    return;
  }
  counters_.add(Counter::kEventsWaited);
  waiting_.push_back(std::move(waiting));
}

void ContainerWatch::settle(const Deliver& deliver) {
  const bool has_answers = lookup_.has_answers();
  if (has_answers) {
    take_answers();
  }
  if (waiting_.empty() || (!has_answers && steady_clock_ns() < waiting_.front().deadline_ns)) {
    return;
  }
  const std::uint64_t now = steady_clock_ns();
  std::deque<Waiting> still;
  for (Waiting& waiting : waiting_) {
    const bool is_pending = cache_.state(waiting.cgroups->container_id) == ContainerState::kPending;
    if (is_pending && now < waiting.deadline_ns) {
      still.push_back(std::move(waiting));
    } else {
      close(waiting, deliver);
    }
  }
  waiting_ = std::move(still);
}

void ContainerWatch::give_up(const Deliver& deliver) {
  settle(deliver);
  for (const Waiting& waiting : waiting_) {
    close(waiting, deliver);
  }
  waiting_.clear();
}

void ContainerWatch::close(const Waiting& waiting, const Deliver& deliver) {
  Thread thread;
  thread.cgroups = waiting.cgroups;
  const Applied applied{.thread = &thread};
  const EventView no_event;
  const FieldContext context{.event = no_event,
                             .applied = applied,
                             .state = state_,
                             .arena = arena_,
                             .containers = &cache_};
  const ContainerState state = cache_.state(waiting.cgroups->container_id);
  const bool is_pending =
      state == ContainerState::kPending || state == ContainerState::kUnavailable;
  const std::vector<RuleId> rules = close_match(waiting.match, context);
  if (!rules.empty()) {
    counters_.add(Counter::kEventsMatched);
    counters_.add(Counter::kEventsWaitedInVain, is_pending ? 1 : 0);
  }
  for (const RuleId rule : rules) {
    for (const Alert& alert : waiting.alerts) {
      if (alert.rule_id() == rule) {
        Alert complete = alert.with_metadata(context);
        if (is_pending) {
          complete.set_container_pending();
        }
        deliver(waiting.match.rules, rule, std::move(complete));
      }
    }
  }
  arena_.clear();
}

void ContainerWatch::take_answers() {
  for (const containers::LookupAnswer& answer : lookup_.take_answers()) {
    take(answer);
  }
}

void ContainerWatch::take(const containers::LookupAnswer& answer) {
  if (answer.info != nullptr) {
    cache_.set_known(answer.id, answer.info, answer.owner);
    return;
  }
  const bool is_unavailable =
      answer.fault == LookupFault::kUnavailable || answer.fault == LookupFault::kStopped;
  cache_.set_failed(answer.id,
                    is_unavailable ? ContainerState::kUnavailable : ContainerState::kUnknown,
                    answer.owner);
  if (answer.fault == LookupFault::kNoRuntime && !std::exchange(has_warned_no_runtime_, true)) {
    warn_(
        "There are containers, but no container runtime answers; of container.* and k8s.* only "
        "container.id has a value");
  } else if (is_unavailable && !std::exchange(has_warned_unavailable_, true)) {
    warn_("A container runtime gives no proper answer; alerts of its containers are marked with " +
          std::string(kPendingKey));
  }
}

}  // namespace saker::app
