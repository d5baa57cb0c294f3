// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/open_match.h"

#include <algorithm>
#include <map>

#include "engine/ruleset/metadata_need.h"
#include "engine/ruleset/rule_program.h"

namespace saker {

bool OpenMatch::is_decided() const {
  return std::ranges::all_of(candidates, [](const Candidate& one) { return one.start == kAccept; });
}

std::vector<bool> find_metadata_checks(const PredicateTable& predicates) {
  std::vector<bool> found(predicates.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Predicate& predicate = predicates.get(static_cast<PredicateId>(i));
    const MetadataNeed left = metadata_need(predicates.expr(predicate.left));
    const bool has_right = predicate.right != ExprId::kNone;
    found[i] = left == MetadataNeed::kOnly &&
               (!has_right || metadata_need(predicates.expr(predicate.right)) == left);
  }
  return found;
}

StepIndex reduce_graph(std::span<const Step> graph, StepIndex start,
                       const std::vector<bool>& is_left_open,
                       const std::function<bool(PredicateId)>& answer, std::vector<Step>& steps) {
  if (start >= kAccept) {
    return start;
  }
  // Jumps go forward, so walking the map in order meets every reachable step after those that lead
  // to it, and walking back meets it after those it leads to.
  struct Visit {
    StepIndex on_true = kReject;  // equal: the check was answered
    StepIndex on_false = kReject;
    StepIndex copy = kReject;
  };
  std::map<StepIndex, Visit> visits;
  visits.emplace(start, Visit{});
  for (auto at = visits.begin(); at != visits.end(); ++at) {
    const Step& step = graph[at->first];
    Visit& visit = at->second;
    visit.on_true = step.on_true;
    visit.on_false = step.on_false;
    if (!is_left_open[static_cast<std::size_t>(step.predicate)]) {
      visit.on_true = visit.on_false = answer(step.predicate) ? step.on_true : step.on_false;
    }
    for (const StepIndex next : {visit.on_true, visit.on_false}) {
      if (next < kAccept) {
        visits.emplace(next, Visit{});
      }
    }
  }
  const auto copy_of = [&](StepIndex at) { return at >= kAccept ? at : visits.at(at).copy; };
  for (auto at = visits.rbegin(); at != visits.rend(); ++at) {
    const StepIndex on_true = copy_of(at->second.on_true);
    const StepIndex on_false = copy_of(at->second.on_false);
    if (on_true == on_false) {
      at->second.copy = on_true;
      continue;
    }
    at->second.copy = static_cast<StepIndex>(steps.size());
    steps.push_back({graph[at->first].predicate, on_true, on_false});
  }
  return visits.at(start).copy;
}

std::vector<RuleId> close_match(const OpenMatch& match, const FieldContext& context) {
  const PredicateTable& predicates = match.rules->program().predicates();
  const auto holds = [&](PredicateId id) {
    const Predicate& predicate = predicates.get(id);
    const Value left = evaluate_operand(predicates.expr(predicate.left), context);
    const Value right = predicate.right == ExprId::kNone
                            ? Value()
                            : evaluate_operand(predicates.expr(predicate.right), context);
    return evaluate_predicate(predicate, left, right, context.arena, context.host_names);
  };
  std::vector<RuleId> matched;
  for (const OpenMatch::Candidate& candidate : match.candidates) {
    StepIndex at = candidate.start;
    while (at < kAccept) {
      const Step& step = match.steps[at];
      at = holds(step.predicate) ? step.on_true : step.on_false;
    }
    if (at == kAccept) {
      matched.push_back(candidate.rule);
      if (match.matching == RuleMatching::kFirst) {
        break;
      }
    }
  }
  return matched;
}

}  // namespace saker
