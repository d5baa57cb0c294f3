// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/predicate.h"

#include <algorithm>
#include <span>

#include "engine/eval/event_types.h"
#include "engine/eval/identity.h"
#include "engine/field/host_names.h"
#include "engine/lang/printer.h"

namespace saker {

namespace {

tl::unexpected<CompileError> refuse(std::string message, SourceSpan span) {
  return tl::unexpected(CompileError{std::move(message), span});
}

std::string type_text(const BoundExpr& expr) {
  return std::string(expr.is_list ? "LIST(" : "") + std::string(to_text(expr.type)) +
         (expr.is_list ? ")" : "");
}

// Constants of an evt.type check must name an event or a system call, also when the field is inside
// a transformer. Source: falco-compat.md 1.4.
const std::string_view* unknown_event_type(const BoundExpr& left,
                                           std::span<const std::string_view> texts) {
  const BoundExpr* field = &left;
  while (field->kind == BoundExpr::Kind::kTransformer && field->args.size() == 1) {
    field = &field->args.front();
  }
  if (field->text != "evt.type") {
    return nullptr;
  }
  for (const std::string_view& text : texts) {
    if (!is_event_name(text)) {
      return &text;
    }
  }
  return nullptr;
}

Compiled<void> bind_right_field(BoundCheck& bound, const Check& check, const Expr& right,
                                const FieldCatalogue& fields) {
  const Expr* inner = &right;
  if (const TransformerExpr* transformer = right.as_transformer();
      transformer != nullptr && transformer->name == "val") {
    if (transformer->has_argument) {
      return refuse("filter error: transformer 'val' does not support field arguments",
                    transformer->span);
    }
    inner = &transformer->args.front();
  }
  SAKER_ASSIGN_OR_RETURN(bound.right, bind_expr(*inner, fields));
  bound.has_right = true;
  if (check.op == CompareOp::kRegex || check.op == CompareOp::kPmatch) {
    return refuse(std::string("operator '") + (check.op == CompareOp::kRegex ? "REGEX" : "PMATCH") +
                      "' doesn't support right-hand side fields",
                  check.op_span);
  }
  const auto forbids = [](const BoundExpr& side) {
    return side.is_plain_field() &&
           (side.field.info->has(field_flag::kNoRightSide) || side.type == ParamType::kIpnet);
  };
  if (forbids(bound.left)) {
    return refuse("field '" + std::string(bound.left.field.info->name) +
                      "' doesn't support right-hand side fields",
                  right.span());
  }
  if (forbids(bound.right)) {
    return refuse("field '" + std::string(bound.right.field.info->name) +
                      "' can't be used as a right-hand side field",
                  right.span());
  }
  if (bound.left.type != bound.right.type || bound.left.is_list != bound.right.is_list) {
    return refuse("field '" + bound.left.text + "' has type '" + type_text(bound.left) +
                      "' while the right-hand side field '" + bound.right.text +
                      "' has incompatible type '" + type_text(bound.right) + "'",
                  right.span());
  }
  return {};
}

// What Falco does with membership of these fields, recorded and kept. Compat:
// docs/compat.md#membership
void apply_quirks(Predicate& predicate, const BoundExpr& left) {
  const bool is_membership =
      predicate.op == CompareOp::kIn || predicate.op == CompareOp::kIntersects;
  if (!is_membership || !left.is_plain_field()) {
    return;
  }
  const std::string_view name = left.field.info->name;
  if (name == "evt.rawarg" ||
      (name == "proc.apid" && predicate.quantifier == Quantifier::kAncestors)) {
    predicate.constants.numbers.clear();  // never true
    predicate.constants.texts.clear();
    predicate.constants.text_set.clear();
  } else if (name == "fd.net" && !predicate.constants.nets.empty()) {
    predicate.constants.nets.resize(1);  // only the first counts
  }
}

Compiled<void> bind_constants(BoundCheck& bound, const Check& check, bool allow_pcre2) {
  std::vector<std::string_view> texts;
  std::vector<SourceSpan> spans;
  if (const Literal* literal = check.right_literal()) {
    texts.push_back(literal->text);
    spans.push_back(literal->span);
  } else if (const ListValue* list = check.right_list()) {
    for (const Literal& item : list->items) {
      texts.push_back(item.text);
      spans.push_back(item.span);
    }
  }
  if (const std::string_view* unknown = unknown_event_type(bound.left, texts)) {
    return refuse("unknown event type " + std::string(*unknown),
                  spans[static_cast<std::size_t>(unknown - texts.data())]);
  }
  Predicate& predicate = bound.predicate;
  auto constants = make_constants(bound.left.type, check.op, texts, allow_pcre2);
  if (!constants) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto one =
          make_constants(bound.left.type, check.op, std::span(&texts[i], 1), allow_pcre2);
      if (!one) {
        return refuse(one.error().message, spans[i]);
      }
    }
    return refuse(constants.error().message, check.right_span());
  }
  predicate.constants = std::move(*constants);
  apply_quirks(predicate, bound.left);
  predicate.test = select_test(predicate.value_class, predicate.is_list, check.op, check.modifier);
  return {};
}

// evt.rawarg has in some events a type other than the one that the condition was compiled for; such
// a value compares with nothing.
bool fits(const Value& value, bool is_list, ValueClass value_class) {
  return is_list ? value.kind() == ValueKind::kList : is_of_class(value.kind(), value_class);
}

bool evaluate_candidates(const Predicate& predicate, std::span<const Value> candidates,
                         Arena& arena) {
  const auto holds = [&](const Value& value) {
    return fits(value, false, predicate.value_class) && predicate.test != nullptr &&
           predicate.test(predicate.constants, value, arena);
  };
  if (predicate.quantifier == Quantifier::kEitherEnd && predicate.op == CompareOp::kNe) {
    return !candidates.empty() && std::ranges::all_of(candidates, holds);
  }
  return std::ranges::any_of(candidates, holds);
}

// Other operators than these three never hold, as in Falco. Tests of rules give the name itself
// instead of an address.
bool evaluate_host_name(const Predicate& predicate, const Value& address, HostNames* host_names) {
  const bool is_inverted = predicate.op == CompareOp::kNe;
  if (!is_inverted && predicate.op != CompareOp::kEq && predicate.op != CompareOp::kIn) {
    return false;
  }
  const bool is_one_of =
      address.kind() == ValueKind::kText
          ? predicate.constants.has_text(address.as_text())
          : host_names != nullptr && host_names->any_has(predicate.constants.texts, address);
  return is_one_of != is_inverted;
}

}  // namespace

Compiled<BoundCheck> bind_check(const Check& check, const FieldCatalogue& fields,
                                bool allow_pcre2) {
  BoundCheck bound;
  SAKER_ASSIGN_OR_RETURN(bound.left, bind_expr(check.left, fields));
  const BoundExpr& left = bound.left;
  std::string fault = operator_fault(left.type, left.is_list, check.op, check.modifier);
  if (!fault.empty() && check.op != CompareOp::kExists) {
    return refuse(std::move(fault), check.op_span);
  }
  Predicate& predicate = bound.predicate;
  predicate.text = print(check);
  bound.identity = identity_of(check);
  predicate.op = check.op;
  predicate.modifier = check.modifier;
  predicate.value_class = value_class(left.type);
  predicate.is_list = left.is_list;
  predicate.scope = left.scope;
  if (left.is_plain_field()) {
    predicate.quantifier = left.field.quantifier;
    predicate.is_stateful = left.field.info->name.starts_with("evt.deltatime");
  }
  if (check.op == CompareOp::kExists) {
    return bound;
  }
  if (const Expr* right = check.right_expr()) {
    SAKER_RETURN_IF_ERROR(bind_right_field(bound, check, *right, fields));
    predicate.scope = std::max(predicate.scope, bound.right.scope);
    return bound;
  }
  SAKER_RETURN_IF_ERROR(bind_constants(bound, check, allow_pcre2));
  return bound;
}

ExprId PredicateTable::add_expr(BoundExpr expr) {
  const auto fresh = ExprId{static_cast<std::uint32_t>(exprs_.size())};
  const auto [at, is_new] = exprs_by_identity_.try_emplace(expr.identity, fresh);
  if (is_new) {
    exprs_.push_back(std::make_unique<const BoundExpr>(std::move(expr)));
  }
  return at->second;
}

PredicateId PredicateTable::add(BoundCheck check) {
  const auto fresh = PredicateId{static_cast<std::uint32_t>(predicates_.size())};
  if (check.predicate.is_stateful || !shares_) {
    check.identity += "#" + std::to_string(predicates_.size());
  }
  const auto [at, is_new] = by_identity_.try_emplace(check.identity, fresh);
  if (is_new) {
    check.predicate.left = add_expr(std::move(check.left));
    if (check.has_right) {
      check.predicate.right = add_expr(std::move(check.right));
    }
    predicates_.push_back(std::move(check.predicate));
  }
  return at->second;
}

bool evaluate_predicate(const Predicate& predicate, const Value& left, const Value& right,
                        Arena& arena, HostNames* host_names) {
  if (!left.has_value()) {
    return false;
  }
  if (predicate.op == CompareOp::kExists) {
    return true;
  }
  switch (predicate.quantifier) {
    case Quantifier::kNone:
      return fits(left, predicate.is_list, predicate.value_class) &&
             (predicate.test == nullptr
                  ? fits(right, predicate.is_list, predicate.value_class) &&
                        compare_values(predicate.value_class, predicate.is_list, predicate.op, left,
                                       right)
                  : predicate.test(predicate.constants, left, arena));
    case Quantifier::kAncestors:
    case Quantifier::kEitherEnd:
      return evaluate_candidates(predicate, left.as_list(), arena);
    case Quantifier::kHostName:
      return evaluate_host_name(predicate, left, host_names);
    case Quantifier::kDistance:
      return predicate.op == CompareOp::kEq && !predicate.constants.numbers.empty() &&
             left.as_uint() <= predicate.constants.numbers.front();
  }
  return false;
}

Value evaluate_operand(const BoundExpr& expr, const FieldContext& context) {
  return expr.is_plain_field() ? extract_candidates(context, expr.field) : evaluate(expr, context);
}

}  // namespace saker
