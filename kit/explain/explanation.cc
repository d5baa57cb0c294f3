// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/explain/explanation.h"

#include <algorithm>

#include "engine/field/render.h"
#include "engine/lang/printer.h"
#include "engine/ruleset/matcher.h"
#include "kit/base/text.h"

namespace saker::kit {

namespace {

constexpr std::size_t kMaxValueBytes = 300;
constexpr std::size_t kMaxReasonBytes = 110;

ExplainedValue value_of(const BoundExpr& expr, const FieldContext& context) {
  ExplainedValue out;
  out.expression = expr.text;
  const Value value = evaluate_operand(expr, context);
  out.is_missing = !value.has_value();
  const ParamType type = value.type() == ParamType::kNone ? expr.type : value.type();
  const ParamFormat format = value.type() == ParamType::kNone ? expr.format : value.format();
  render_value(out.text, value, type, format);
  if (out.text.size() > kMaxValueBytes) {
    out.text = out.text.substr(0, kMaxValueBytes) + "...";
  }
  return out;
}

// Marks the first part that decides, and the way to it. Returns it.
const ExplainedPart& mark_reason(ExplainedPart& part) {
  part.is_reason = true;
  if (part.children.empty()) {
    return part;
  }
  // The first child that alone makes an `and` false or an `or` true; else they all do, and the
  // first stands for them.
  const bool decides = part.kind == NodeKind::kOr;
  if (part.kind != NodeKind::kNot) {
    const auto decisive = std::ranges::find(part.children, decides, &ExplainedPart::is_true);
    if (part.is_true == decides && decisive != part.children.end()) {
      return mark_reason(*decisive);
    }
    return part;
  }
  return mark_reason(part.children.front());
}

std::string sentence_for(bool is_match, const ExplainedPart& reason) {
  std::string out = is_match ? "it matches: " : "no match: ";
  if (reason.kind == NodeKind::kAnd) {
    return out + "all " + std::to_string(reason.children.size()) + " parts of the 'and' are true";
  }
  if (reason.kind == NodeKind::kOr) {
    return out + "none of the " + std::to_string(reason.children.size()) +
           " parts of the 'or' is true";
  }
  std::string text = squeeze(reason.text);
  if (text.size() > kMaxReasonBytes) {
    text = text.substr(0, kMaxReasonBytes) + "...";
  }
  out += "'" + text + "' is " + (reason.is_true ? "true" : "false");
  for (const ExplainedValue& value : reason.values) {
    out +=
        ", " + value.expression + (value.is_missing ? " has no value" : " is '" + value.text + "'");
  }
  if (!reason.through.empty()) {
    out += " (" + reason.through.back() + ")";
  }
  return out;
}

std::string text_of(const BoundExpr& expr, const FieldContext& context) {
  const ExplainedValue value = value_of(expr, context);
  return value.is_missing ? "<NA>" : value.text;
}

std::string field_text(const FieldCatalogue& fields, std::string_view name,
                       const FieldContext& context) {
  const auto bound = fields.bind(name, false, "");
  if (!bound) {
    return "<NA>";
  }
  BoundExpr expr;
  expr.field = *bound;
  expr.type = bound->type;
  expr.format = bound->format;
  return text_of(expr, context);
}

std::string place_text(const SourceMap& sources, SourceSpan span) {
  const SourceLocation place = sources.locate(span);
  return place.line == 0 ? "" : std::string(place.file) + ":" + std::to_string(place.line);
}

}  // namespace

Explainer::Explainer(const RuleBench& bench) : bench_(bench), evaluator_(bench.given_fields()) {}

Explanation Explainer::explain(const Rule& rule, const FieldContext& context) {
  Explanation out;
  out.rule = rule.name;
  const FieldCatalogue& fields = bench_.given_fields();
  out.event = field_text(fields, "evt.type", context) + ", event " +
              std::to_string(context.number) + ", by " + field_text(fields, "proc.name", context) +
              " (" + field_text(fields, "proc.pid", context) + ")";
  const auto& rows = bench_.loaded().trees->definitions.rules.rows();
  const auto row = std::ranges::find(rows, rule.name, &RuleSource::name);
  condition_ = bench_.loaded().trees->rules[static_cast<std::size_t>(row - rows.begin())].get();
  const Node& tree = *condition_->tree;
  const bool holds = evaluator_.evaluate(tree, context);
  out.condition = part_of(tree, context);
  const EventType type = context.event.type();
  const bool is_asked = rule.event_types.test(index_of(type)) || type == EventType::kAsynceventE;
  if (!rule.is_enabled || rule.source != "syscall") {
    out.reason = rule.is_enabled ? "no match: the rule is of another source, " + rule.source
                                 : "no match: the rule is disabled";
  } else if (!is_asked) {
    out.reason = "no match: the rule does not look at events of type " +
                 field_text(fields, "evt.type", context);
  } else {
    out.is_match = holds;
    out.reason = sentence_for(holds, mark_reason(out.condition));
  }
  if (out.is_match) {
    Matcher matcher(bench_.rules(), RuleMatching::kFirst);
    const auto first = matcher.match(context);
    if (!first.empty() && bench_.rules()->rule(first.front()).name != rule.name) {
      out.taken_by = bench_.rules()->rule(first.front()).name;
    }
  }
  return out;
}

ExplainedPart Explainer::part_of(const Node& node, const FieldContext& context) const {
  ExplainedPart part;
  part.kind = node.kind;
  part.is_true = evaluator_.truth(node);
  switch (node.kind) {
    case NodeKind::kAnd:
      part.text = "and";
      break;
    case NodeKind::kOr:
      part.text = "or";
      break;
    case NodeKind::kNot:
      part.text = "not";
      break;
    default:
      part.text = print(node);
      add_values(node, context, part);
  }
  add_origin(node, part);
  for (const auto& child : node.children) {
    part.children.push_back(part_of(*child, context));
  }
  return part;
}

void Explainer::add_values(const Node& node, const FieldContext& context,
                           ExplainedPart& part) const {
  part.values.push_back(value_of(evaluator_.left(node), context));
  if (const BoundExpr* right = evaluator_.right(node); right != nullptr) {
    part.values.push_back(value_of(*right, context));
  }
}

void Explainer::add_origin(const Node& node, ExplainedPart& part) const {
  const LoadResult& loaded = bench_.loaded();
  part.place = place_text(loaded.sources, node.span);
  for (ExpansionId id = node.expansion; id != ExpansionId::kNone;) {
    const Expansion& expansion = loaded.trees->expansions.get(id);
    part.through.insert(part.through.begin(), "macro " + expansion.macro + " (" +
                                                  place_text(loaded.sources, expansion.use) + ")");
    id = expansion.parent;
  }
  if (node.kind != NodeKind::kCheck || node.check.right_list() == nullptr ||
      node.check.right_list()->items.empty()) {
    return;
  }
  const SourceSpan item = node.check.right_list()->items.front().span;
  const CompiledCondition* text = condition_->source == item.source ? condition_ : nullptr;
  for (const auto& macro : loaded.trees->macro_conditions) {
    text = macro != nullptr && macro->source == item.source ? macro.get() : text;
  }
  if (text == nullptr) {
    return;
  }
  const std::uint32_t use = text->substitution.use_at(item.begin);
  if (use != ListUse::kNone) {
    const auto& lists = loaded.trees->definitions.lists.rows();
    const ListSource& list = lists[text->substitution.uses[use].list];
    part.through.push_back("list " + list.name + " (" +
                           place_text(loaded.sources, list.context->span()) + ")");
  }
}

}  // namespace saker::kit
