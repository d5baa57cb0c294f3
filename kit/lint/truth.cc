// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Conditions and parts of them that are always true, always false, or that change nothing beside
// the rest. A claim is a proof: the solver finds no event, although it thinks more events possible
// than there are. Only what stands in the text of the rule or macro itself is reported; a macro is
// looked at once, where it is defined.
#include <algorithm>

#include "engine/lang/printer.h"
#include "kit/base/text.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

constexpr std::size_t kMaxShownBytes = 70;

std::string shown(const Node& node) {
  std::string text = squeeze(print(node));
  if (text.size() > kMaxShownBytes) {
    text = text.substr(0, kMaxShownBytes - 3) + "...";
  }
  return "'" + text + "'";
}

class TruthWalk {
public:
  TruthWalk(LintContext& context, const std::string& item) : context_(context), item_(item) {}

  void visit_root(const Node& root) {
    if (is_never({literal(root)})) {
      report_never(root);
      return;
    }
    if (is_never({~literal(root)})) {
      report("always-true", root, "the condition is true for every event");
      return;
    }
    visit(root, false, {});
  }

private:
  using Literals = std::vector<SatLiteral>;

  SatLiteral literal(const Node& node, bool is_negated = false) {
    const SatLiteral found = *context_.logic().literal_of(node);
    return is_negated ? ~found : found;
  }

  bool is_never(const Literals& literals) {
    return context_.logic().ask(literals) == SatAnswer::kNo;
  }

  void report(std::string_view code, const Node& node, std::string message, Details details = {}) {
    details.item = item_;
    context_.report(code, node.span, std::move(message), std::move(details));
  }

  // An event for which everything but `node` can hold, to show that the rest is not the reason.
  std::optional<Witness> witness_for(const Literals& literals,
                                     const std::vector<Expectation>& expected) {
    if (context_.logic().ask(literals) != SatAnswer::kYes) {
      return std::nullopt;
    }
    return context_.logic().witness(expected);
  }

  // The smallest part that is false on its own, or two parts that exclude each other.
  void report_never(const Node& node) {
    if (node.kind == NodeKind::kAnd) {
      for (const auto& child : node.children) {
        if (is_never({literal(*child)})) {
          report_never(*child);
          return;
        }
      }
      for (const auto& child : node.children) {
        if (asks_for_enter_events(*child)) {
          report("enter-event", *child,
                 shown(*child) + " is never true: system calls have no enter events",
                 {.hint = "ask for the exit event: leave the check out"});
          return;
        }
      }
      if (report_contradiction(node)) {
        return;
      }
    }
    report("always-false", node, shown(node) + " is false for every event");
  }

  bool report_contradiction(const Node& group) {
    for (std::size_t i = 0; i < group.children.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Node& earlier = *group.children[j];
        const Node& later = *group.children[i];
        if (!is_never({literal(earlier), literal(later)})) {
          continue;
        }
        report("contradiction", later,
               shown(later) + " and " + shown(earlier) + " are never true together",
               {.witness = witness_for({literal(earlier)}, {{&earlier, true}, {&later, false}}),
                .notes = {{earlier.span, "the other part"}}});
        return true;
      }
    }
    return false;
  }

  // `known`: what holds around the node whenever its truth matters.
  void visit(const Node& node, bool is_negated, const Literals& known) {
    if (node.expansion != ExpansionId::kNone || node.kind == NodeKind::kCheck) {
      return;
    }
    if (node.kind == NodeKind::kNot) {
      visit(*node.children.front(), !is_negated, known);
      return;
    }
    const bool is_and = (node.kind == NodeKind::kAnd) != is_negated;
    std::vector<bool> is_reported(node.children.size());
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      is_reported[i] = is_and ? check_part(node, i, is_negated, known, is_reported)
                              : check_arm(node, i, is_negated, known, is_reported);
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (!is_reported[i]) {
        Literals inside = known;
        if (is_and) {
          append_others(node, i, is_negated, is_reported, inside);
        }
        visit(*node.children[i], is_negated, inside);
      }
    }
  }

  void append_others(const Node& node, std::size_t i, bool is_negated,
                     const std::vector<bool>& is_left_out, Literals& out) {
    for (std::size_t j = 0; j < node.children.size(); ++j) {
      if (j != i && !is_left_out[j]) {
        out.push_back(literal(*node.children[j], is_negated));
      }
    }
  }

  // A part of an `and` that the rest implies.
  bool check_part(const Node& node, std::size_t i, bool is_negated, const Literals& known,
                  const std::vector<bool>& is_reported) {
    const Node& part = *node.children[i];
    const SatLiteral holds = literal(part, is_negated);
    if (is_of_macro(part)) {
      return false;
    }
    if (is_never({~holds})) {
      if (!is_field(part, "evt.dir")) {  // evt.dir has a lint of its own
        report(is_negated ? "always-false" : "always-true", part,
               shown(part) + " is " + (is_negated ? "false" : "true") + " for every event");
      }
      return true;
    }
    Literals rest = known;
    append_others(node, i, is_negated, is_reported, rest);
    rest.push_back(~holds);
    if (is_kept_anyway(part) || !is_never(rest)) {
      return false;
    }
    rest.back() = holds;
    if (is_negated) {  // an arm of an `or` behind `not`
      report("dead-arm", part,
             shown(part) + " is never true where it matters: the rest excludes it",
             {.witness = witness_for({~holds}, {{&part, true}})});
    } else {
      report("redundant-check", part, shown(part) + " changes nothing: the rest implies it",
             {.witness = witness_for(rest, {{&node, true}})});
    }
    return true;
  }

  // An arm of an `or` that can never be the one that matters.
  bool check_arm(const Node& node, std::size_t i, bool is_negated, const Literals& known,
                 const std::vector<bool>& is_reported) {
    const Node& arm = *node.children[i];
    const SatLiteral holds = literal(arm, is_negated);
    if (is_of_macro(arm)) {
      return false;
    }
    if (is_never({holds})) {
      report(is_negated ? "always-true" : "always-false", arm,
             shown(arm) + " is " + (is_negated ? "true" : "false") + " for every event");
      return true;
    }
    Literals around = known;
    around.push_back(holds);
    if (is_never(around)) {
      if (is_negated) {  // a part of an `and` behind `not`
        report("redundant-check", arm, shown(arm) + " changes nothing: it is true where it matters",
               {.witness = witness_for({~holds}, {{&arm, true}})});
      } else {
        report("dead-arm", arm,
               shown(arm) + " is never true where it matters: the rest excludes it",
               {.witness = witness_for({holds}, {{&arm, true}})});
      }
      return true;
    }
    for (std::size_t j = 0; j < node.children.size(); ++j) {
      if (j != i && !is_reported[j]) {
        around.push_back(~literal(*node.children[j], is_negated));
      }
    }
    if (around.size() > known.size() + 1 && is_never(around)) {
      report(is_negated ? "redundant-check" : "redundant-arm", arm,
             shown(arm) + " changes nothing: " +
                 (is_negated ? "the rest implies it" : "the other arms cover it"),
             {.witness = witness_for({holds}, {{&arm, !is_negated}, {&node, !is_negated}})});
      return true;
    }
    return false;
  }

  static bool is_field(const Node& node, std::string_view name) {
    return node.kind == NodeKind::kCheck && node.check.left.as_field() != nullptr &&
           node.check.left.as_field()->name == name;
  }

  // evt.type tells which events to look at, and `exists` tells readers what is needed, even where
  // other checks imply them; evt.dir has a lint of its own.
  static bool is_kept_anyway(const Node& node) {
    return is_field(node, "evt.type") || is_field(node, "evt.dir") ||
           (node.kind == NodeKind::kCheck && node.check.op == CompareOp::kExists);
  }

  static bool asks_for_enter_events(const Node& node) {
    const Literal* right = node.kind == NodeKind::kCheck ? node.check.right_literal() : nullptr;
    return right != nullptr && is_field(node, "evt.dir") && node.check.op == CompareOp::kEq &&
           right->text == ">";
  }

  // The use of a macro, or its negation: what it adds may change with the macro.
  static bool is_of_macro(const Node& node) {
    const Node* inner = &node;
    while (inner->kind == NodeKind::kNot && inner->expansion == ExpansionId::kNone) {
      inner = inner->children.front().get();
    }
    return inner->expansion != ExpansionId::kNone;
  }

  LintContext& context_;
  const std::string& item_;
};

}  // namespace

void lints::truth(LintContext& context) {
  for (const RuleView& view : context.rules()) {
    if (view.rule->source == "syscall") {
      TruthWalk(context, view.source->name).visit_root(*view.condition->tree);
    }
  }
  for (const MacroView& view : context.macros()) {
    if (view.tree->kind == NodeKind::kCheck) {
      continue;  // a macro of one check may well be a switch
    }
    TruthWalk(context, view.source->name).visit_root(*view.tree);
  }
}

}  // namespace saker::kit
