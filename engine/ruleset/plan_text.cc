// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/plan_text.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "engine/eval/predicate_cost.h"
#include "engine/event/catalogue.h"

namespace saker {

namespace {

// Steps that `start` can lead to, ascending.
std::vector<StepIndex> reachable(const RuleProgram& program, StepIndex start) {
  std::vector<StepIndex> found;
  if (!is_end(start)) {
    found.push_back(start);
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Step& step = program.program().steps()[found[i]];
    for (const StepIndex target : {step.on_true, step.on_false}) {
      if (!is_end(target) && std::ranges::find(found, target) == found.end()) {
        found.push_back(target);
      }
    }
  }
  std::ranges::sort(found);
  return found;
}

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

std::string counted(std::size_t count, std::string_view what) {
  const bool is_sibilant = what.ends_with('s') || what.ends_with('x');
  return std::to_string(count) + " " + std::string(what) +
         (count == 1    ? ""
          : is_sibilant ? "es"
                        : "s");
}

// Names entries in a stable order, each once.
std::string entry_names(const RuleSet& rules, const TypeProgram& program,
                        std::vector<IndexEntry> entries) {
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  std::string out;
  for (const IndexEntry at : entries) {
    out += (out.empty() ? "" : "; ") + rules.rule(program.entries[at].rule).name;
  }
  return out;
}

std::string group_text(const GuardIndex::Group& group, const PredicateTable& predicates) {
  std::string out = "  " + predicates.expr(group.expr).text + ":";
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count != 0) {
      out += (out.ends_with(':') ? " " : ", ") + counted(count, what);
    }
  };
  const TextIndex::Sizes sizes = group.texts.sizes();
  add(sizes.equal, group.value_class == ValueClass::kIp ? "address" : "text");
  add(group.numbers.size(), "number");
  add(sizes.prefixes, "prefix");
  add(sizes.suffixes, "suffix");
  add(sizes.substrings, "substring");
  return out + (group.is_process_fact ? " (kept per process)\n" : "\n");
}

std::string index_text(const RuleSet& rules, const TypeProgram& program,
                       const PredicateTable& predicates) {
  if (program.index == nullptr) {
    return "index: none, every rule is asked\n";
  }
  std::string out = "index:\n";
  for (const GuardIndex::Group& group : program.index->process_groups()) {
    out += group_text(group, predicates);
  }
  for (const GuardIndex::Group& group : program.index->event_groups()) {
    out += group_text(group, predicates);
  }
  const std::span<const IndexEntry> always = program.index->always();
  if (!always.empty()) {
    out += "  asked without a look-up: " +
           entry_names(rules, program, {always.begin(), always.end()}) + "\n";
  }
  return out;
}

std::string target_text(StepIndex at, StepIndex start) {
  if (is_end(at)) {
    return at == kAccept ? "match" : "no";
  }
  return std::to_string(at - start);
}

std::string entry_text(const RuleSet& rules, const TypeProgram::Entry& entry) {
  const RuleProgram& program = rules.program();
  std::string out = "rule \"" + rules.rule(entry.rule).name + "\", cost " +
                    decimal(program_cost(program, entry.start)) + "\n";
  if (entry.start == kAccept) {
    return out + "  always matches\n";
  }
  for (const StepIndex at : reachable(program, entry.start)) {
    const Step& step = program.program().steps()[at];
    const Predicate& predicate = program.predicates().get(step.predicate);
    out += "  " + std::to_string(at - entry.start) + ": " + predicate.text + " ? " +
           target_text(step.on_true, entry.start) + " : " +
           target_text(step.on_false, entry.start) +
           (predicate.is_process_fact() ? "  (kept per process)\n" : "\n");
  }
  return out;
}

// Which way of answering the splits a program is for; "" without splits.
std::string split_text(const TypePlan& plan, std::size_t answers,
                       const PredicateTable& predicates) {
  std::string out;
  for (std::size_t i = 0; i < plan.splits.size(); ++i) {
    const bool is_true = (answers >> i & 1U) != 0;
    out += (out.empty() ? "when " : " and ") + std::string(is_true ? "" : "not ") +
           predicates.get(plan.splits[i]).text;
  }
  return out.empty() ? out : out + "\n";
}

std::string program_text(const RuleSet& rules, const TypeProgram& program) {
  double cost = 0;
  for (const TypeProgram::Entry& entry : program.entries) {
    cost += program_cost(rules.program(), entry.start);
  }
  std::string out =
      counted(program.entries.size(), "rule") + ", cost " + decimal(cost) + " if all were asked\n";
  if (program.entries.empty()) {
    return out;
  }
  out += index_text(rules, program, rules.program().predicates());
  for (const TypeProgram::Entry& entry : program.entries) {
    out += entry_text(rules, entry);
  }
  return out;
}

}  // namespace

double program_cost(const RuleProgram& program, StepIndex start) {
  // Probability of reaching each step; jumps only go forward.
  std::map<StepIndex, double> reach{{start, 1.0}};
  double cost = 0;
  for (const StepIndex at : reachable(program, start)) {
    const Step& step = program.program().steps()[at];
    const double here = reach[at];
    const double likelihood = predicate_likelihood(program.predicates(), step.predicate);
    cost += here * predicate_cost(program.predicates(), step.predicate);
    reach[step.on_true] += here * likelihood;
    reach[step.on_false] += here * (1 - likelihood);
  }
  return cost;
}

std::vector<std::vector<EventType>> types_by_program(const RuleSet& rules) {
  std::vector<std::vector<EventType>> groups;
  std::map<std::uint32_t, std::size_t> group_of;  // by program
  for (const EventInfo& event : all_events()) {
    const TypePlan& plan = rules.program().of_type(event.type);
    if (plan.is_empty || !reaches_rules(event.type)) {
      continue;
    }
    const auto [at, is_new] = group_of.try_emplace(plan.programs.front(), groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    groups[at->second].push_back(event.type);
  }
  return groups;
}

std::string plan_text(const RuleSet& rules, std::span<const EventType> types) {
  const RuleProgram& program = rules.program();
  const TypePlan& plan = program.of_type(types.front());
  std::string out = "events:";
  std::string_view last;
  for (const EventType type : types) {
    const std::string_view name = event_info(type).name;
    out += name == last ? "" : " " + std::string(name);  // versions of one event
    last = name;
  }
  out += "\n";
  for (std::size_t answers = 0; answers < plan.programs.size(); ++answers) {
    out += split_text(plan, answers, program.predicates());
    out += program_text(rules, program.programs()[plan.programs[answers]]);
  }
  return out;
}

}  // namespace saker
