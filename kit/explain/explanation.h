// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Why a rule matches an event, or does not: the condition as a tree in which every part has its
// truth, its values and where it comes from.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kit/given/condition_evaluator.h"
#include "kit/test/rule_bench.h"

namespace saker::kit {

struct ExplainedValue {
  std::string expression;  // proc.name
  std::string text;
  bool is_missing = false;
};

struct ExplainedPart {
  NodeKind kind = NodeKind::kCheck;
  std::string text;  // of a check as the compiler prints it; else and, or, not
  bool is_true = false;
  bool is_reason = false;              // on the way to the first reason for the verdict
  std::vector<ExplainedValue> values;  // of the expressions of a check
  std::string place;                   // file:line
  std::vector<std::string> through;    // macros and lists, outermost first: "macro m (file:line)"
  std::vector<ExplainedPart> children;
};

struct Explanation {
  std::string rule;
  std::string event;  // "openat, event 17, by bash (1000)"
  bool is_match = false;
  std::string reason;    // one sentence
  std::string taken_by;  // with rule_matching: first, the earlier rule that matches; may be empty
  ExplainedPart condition;
};

class Explainer {
public:
  // `bench` must outlive the explainer.
  explicit Explainer(const RuleBench& bench);

  // Nothing but a rule that exists may be named.
  [[nodiscard]] Explanation explain(const Rule& rule, const FieldContext& context);

private:
  [[nodiscard]] ExplainedPart part_of(const Node& node, const FieldContext& context) const;
  void add_values(const Node& node, const FieldContext& context, ExplainedPart& part) const;
  void add_origin(const Node& node, ExplainedPart& part) const;

  const RuleBench& bench_;
  ConditionEvaluator evaluator_;
  const CompiledCondition* condition_ = nullptr;  // of the rule in hand
};

[[nodiscard]] std::string explanation_text(const Explanation& explanation, bool has_colours);
// Over several lines, or in one for a stream of them.
[[nodiscard]] std::string explanation_json(const Explanation& explanation,
                                           bool is_one_line = false);
// One page for all.
[[nodiscard]] std::string explanation_html(std::span<const Explanation> explanations);

}  // namespace saker::kit
