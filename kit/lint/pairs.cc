// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rules beside each other: with rule_matching: first, the earlier of two rules takes the events
// that both match.
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

// Pairs grow with the square of the rules.
constexpr std::size_t kMaxRules = 500;

class PairWalk {
public:
  explicit PairWalk(LintContext& context) : context_(context) {}

  void visit(const RuleView& later, std::size_t index) {
    std::vector<const RuleView*> overlapping;
    for (std::size_t i = 0; i < index; ++i) {
      const RuleView& earlier = context_.rules()[i];
      if (!earlier.is_live || (earlier.rule->event_types & later.rule->event_types).none()) {
        continue;
      }
      if (report_taken(earlier, later)) {
        return;
      }
      // One is enough to tell, and each question costs.
      if (overlapping.empty() &&
          context_.logic().ask({earlier.literal, later.literal}) == SatAnswer::kYes) {
        overlapping.push_back(&earlier);
      }
    }
    report_overlap(later, overlapping);
  }

private:
  std::vector<Expectation> both(const RuleView& earlier, const RuleView& later) {
    return {{earlier.condition->tree.get(), true}, {later.condition->tree.get(), true}};
  }

  bool report_taken(const RuleView& earlier, const RuleView& later) {
    const bool is_equal = earlier.literal == later.literal;
    if (!is_equal && context_.logic().ask({later.literal, ~earlier.literal}) != SatAnswer::kNo) {
      return false;
    }
    std::optional<Witness> witness;
    if (context_.logic().ask({later.literal}) == SatAnswer::kYes) {
      witness = context_.logic().witness(both(earlier, later));
    }
    const std::string name = "'" + earlier.source->name + "'";
    context_.report(is_equal ? "duplicate-condition" : "shadowed-rule",
                    later.source->context->span(),
                    is_equal ? "rule '" + later.source->name + "' has the condition of rule " + name
                             : "every event that rule '" + later.source->name + "' matches, rule " +
                                   name + " takes first",
                    {.item = later.source->name,
                     .hint = "it fires only with rule_matching: all; put the narrower rule first",
                     .witness = std::move(witness),
                     .notes = {{earlier.source->context->span(), "the earlier rule"}}});
    return true;
  }

  void report_overlap(const RuleView& later, const std::vector<const RuleView*>& overlapping) {
    for (const RuleView* earlier : overlapping) {
      if (context_.logic().ask({earlier->literal, later.literal}) != SatAnswer::kYes) {
        continue;
      }
      auto witness = context_.logic().witness(both(*earlier, later));
      if (!witness) {
        continue;
      }
      const std::size_t others = overlapping.size() - 1;
      context_.report("overlapping-rules", later.source->context->span(),
                      "some events match rule '" + earlier->source->name + "' and rule '" +
                          later.source->name + "'; the earlier one takes them" +
                          (others == 0 ? ""
                                       : " (perhaps " + std::to_string(others) +
                                             " more earlier rules overlap)"),
                      {.item = later.source->name,
                       .witness = std::move(witness),
                       .notes = {{earlier->source->context->span(), "the earlier rule"}}});
      return;
    }
  }

  LintContext& context_;
};

}  // namespace

void lints::pairs(LintContext& context) {
  if (context.rules().size() > kMaxRules) {
    return;
  }
  PairWalk walk(context);
  for (std::size_t i = 0; i < context.rules().size(); ++i) {
    if (context.rules()[i].is_live) {
      walk.visit(context.rules()[i], i);
    }
  }
}

}  // namespace saker::kit
