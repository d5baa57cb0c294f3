// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an event matches when the metadata of its container has been asked for but has not arrived.
// Every check that can be answered is answered while the event is there; what is left are the rules
// whose outcome depends on the metadata, with nothing but the checks of metadata in them. So the
// verdict is the same as if the metadata had been known at once.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/eval/program.h"
#include "engine/ruleset/matcher.h"
#include "engine/ruleset/ruleset.h"

namespace saker {

struct OpenMatch {
  struct Candidate {
    RuleId rule{};
    StepIndex start = kAccept;  // into `steps`; kAccept: matches in any case
  };

  std::shared_ptr<const RuleSet> rules;
  RuleMatching matching = RuleMatching::kFirst;
  std::vector<Candidate> candidates;  // in rule order
  std::vector<Step> steps;            // a step jumps to earlier steps or ends

  [[nodiscard]] bool is_decided() const;
};

// Rules that match, in load order; at most one with kFirst. `context` needs a thread of the
// container and the metadata; its event is not looked at.
[[nodiscard]] std::vector<RuleId> close_match(const OpenMatch& match, const FieldContext& context);

// Which predicates of a rule set can be answered from metadata alone, by PredicateId.
[[nodiscard]] std::vector<bool> find_metadata_checks(const PredicateTable& predicates);

// Copies the graph that begins at `start` to the end of `steps`, without the checks that `answer`
// answers. Returns where the copy begins. Forward-only graphs only; each step is visited once.
[[nodiscard]] StepIndex reduce_graph(std::span<const Step> graph, StepIndex start,
                                     const std::vector<bool>& is_left_open,
                                     const std::function<bool(PredicateId)>& answer,
                                     std::vector<Step>& steps);

}  // namespace saker
