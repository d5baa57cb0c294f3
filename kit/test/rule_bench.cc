// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/test/rule_bench.h"

#include <algorithm>

#include "compat/scap/scap_source.h"
#include "engine/event/catalogue.h"
#include "kit/base/rule_files.h"
#include "kit/given/event_record.h"
#include "kit/given/given_catalogue.h"

namespace saker::kit {

namespace {

// The first event type of a condition that an event can have; empty when it asks for none.
std::string first_event_type(const Node* subject) {
  if (subject == nullptr) {
    return {};
  }
  const auto types = event_types_of(*subject);
  if (!types || types->all()) {
    return {};
  }
  for (const EventInfo& info : all_events()) {
    if (types->test(index_of(info.type)) && info.is_current() && reaches_rules(info.type)) {
      return std::string(info.name);
    }
  }
  return {};
}

}  // namespace

RuleBench::RuleBench()
    : standard_fields_(std::make_shared<const FieldCatalogue>()),
      given_fields_(make_given_catalogue()) {}

Result<std::unique_ptr<RuleBench>> RuleBench::load(const std::vector<std::string>& rule_files) {
  SAKER_ASSIGN_OR_RETURN(const std::vector<RuleFile> files, read_rule_files(rule_files));
  return load_texts(files);
}

Result<std::unique_ptr<RuleBench>> RuleBench::load_texts(const std::vector<RuleFile>& files) {
  std::unique_ptr<RuleBench> bench(new RuleBench());
  LoadOptions options;
  options.keeps_trees = true;
  bench->loaded_ = load_rules(files, options, bench->given_fields_);
  if (bench->loaded_.rules == nullptr) {
    std::string errors = bench->loaded_.fatal.message;
    for (const Diagnostic& diagnostic : bench->loaded_.diagnostics.all()) {
      if (diagnostic.severity == Severity::kError) {
        errors += "\n" + render_text(diagnostic, bench->loaded_.sources);
      }
    }
    return fail(ErrorCode::kRejected, "the rules do not load" + errors);
  }
  return bench;
}

const Node* RuleBench::rule_tree(const std::string& name) const {
  const auto& rows = loaded_.trees->definitions.rules.rows();
  const auto found = std::ranges::find(rows, name, &RuleSource::name);
  if (found == rows.end()) {
    return nullptr;
  }
  const auto& condition = loaded_.trees->rules[static_cast<std::size_t>(found - rows.begin())];
  return condition == nullptr ? nullptr : condition->tree.get();
}

const Node* RuleBench::macro_tree(const std::string& name) const {
  const auto& rows = loaded_.trees->definitions.macros.rows();
  const auto found = std::ranges::find(rows, name, &MacroSource::name);
  return found == rows.end()
             ? nullptr
             : loaded_.trees->macros[static_cast<std::size_t>(found - rows.begin())].tree.get();
}

const CompiledList* RuleBench::list(const std::string& name) const {
  const auto& rows = loaded_.trees->definitions.lists.rows();
  const auto found = std::ranges::find(rows, name, &ListSource::name);
  return found == rows.end()
             ? nullptr
             : &loaded_.trees->lists[static_cast<std::size_t>(found - rows.begin())];
}

Result<GivenEvent> RuleBench::make_event(const GivenFields& fields, const Node* subject,
                                         std::uint64_t number) const {
  GivenValues given(*standard_fields_);
  for (const GivenField& field : fields) {
    SAKER_RETURN_IF_ERROR(field.is_missing ? given.set_missing(field.name)
                                           : given.set(field.name, field.texts));
  }
  if (!given.has("evt.type")) {
    const std::string type = first_event_type(subject);
    if (type.empty()) {
      return fail(ErrorCode::kInvalidArgument, "the event needs evt.type");
    }
    SAKER_RETURN_IF_ERROR(given.set("evt.type", type));
  }
  constexpr std::uint64_t kStepNs = 1'000'000;
  return GivenEvent::make(std::move(given), number, GivenEvent::kDefaultTsNs + number * kStepNs);
}

Status RuleBench::replay(const CaptureSlice& slice, const Visit& visit) const {
  Counters counters;
  SAKER_ASSIGN_OR_RETURN(const auto source, scap::ScapSource::open(slice.file, counters));
  State state(StateLimits{}, counters);
  const GivenValues nothing(*standard_fields_);
  Arena arena;
  EventView event;
  std::uint64_t first_ts_ns = 0;
  std::uint64_t previous_ts_ns = 0;
  while (true) {
    Batch batch;
    SAKER_ASSIGN_OR_RETURN(const SourceStatus status, source->next(batch));
    if (batch.snapshot != nullptr) {
      state.reset(*batch.snapshot);
    }
    for (const RawEvent& raw : batch.events) {
      if (raw.number > slice.last_event) {
        return {};
      }
      if (event.parse(raw.bytes) != EventFault::kNone) {
        continue;
      }
      const bool is_for_rules = !raw.is_state_only && reaches_rules(event.type());
      if (first_ts_ns == 0 && reaches_rules(event.type())) {
        first_ts_ns = event.ts_ns();
      }
      const Applied& applied = state.apply(event);
      if (is_for_rules && raw.number >= slice.first_event) {
        arena.clear();
        visit(FieldContext{.event = event,
                           .applied = applied,
                           .state = state,
                           .arena = arena,
                           .number = raw.number,
                           .first_ts_ns = first_ts_ns,
                           .previous_ts_ns = previous_ts_ns,
                           .cpu = raw.cpu,
                           .hostname = {},
                           .given = &nothing});
      }
      if (is_for_rules) {
        previous_ts_ns = event.ts_ns();
      }
      state.retire(event);
    }
    if (status == SourceStatus::kEnd) {
      return {};
    }
  }
}

}  // namespace saker::kit
