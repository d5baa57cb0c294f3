// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/event_types.h"

#include <charconv>
#include <string>
#include <unordered_map>

#include "engine/event/catalogue.h"

namespace saker {

namespace {

constexpr std::size_t kGenericEnter = index_of(EventType::kGenericE);
constexpr std::size_t kGenericExit = index_of(EventType::kGenericX);

using NameIndex = std::unordered_map<std::string_view, EventTypeSet>;

NameIndex make_name_index() {
  NameIndex index;
  for (const SyscallInfo& syscall : all_syscalls()) {
    if (syscall.exit_event == EventType::kGenericX) {
      EventTypeSet& set = index[syscall.name];
      set.set(kGenericEnter);
      set.set(kGenericExit);
    }
  }
  for (const EventInfo& event : all_events()) {
    if (event.is_nameable) {
      index[event.name].set(index_of(event.type));
    }
  }
  return index;
}

const NameIndex& name_index() {
  static const NameIndex kIndex = make_name_index();  // immutable
  return kIndex;
}

bool is_event_type_field(const FieldExpr& field) {
  return !field.has_argument && (field.name == "evt.type" || field.name == "syscall.type");
}

bool mentions_event_type(const Expr& expr) {
  if (const FieldExpr* field = expr.as_field()) {
    return is_event_type_field(*field);
  }
  if (const TransformerExpr* transformer = expr.as_transformer()) {
    for (const Expr& arg : transformer->args) {
      if (mentions_event_type(arg)) {
        return true;
      }
    }
  }
  return false;
}

bool parse_number(std::string_view text, std::int64_t& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size();
}

enum class Truth : std::uint8_t { kNever, kAlways, kDepends };

// evt.num begins at 1, so some comparisons have one answer for every event.
Truth truth_of_event_number(const Check& check) {
  if (const ListValue* list = check.right_list()) {
    if (check.op != CompareOp::kIn) {
      return Truth::kDepends;
    }
    for (const Literal& item : list->items) {
      std::int64_t number = 0;
      if (!parse_number(item.text, number) || number != 0) {
        return Truth::kDepends;
      }
    }
    return Truth::kNever;
  }
  const Literal* literal = check.right_literal();
  std::int64_t number = 0;
  if (literal == nullptr || !parse_number(literal->text, number)) {
    return Truth::kDepends;
  }
  switch (check.op) {
    case CompareOp::kEq:
    case CompareOp::kLe:
      return number == 0 ? Truth::kNever : Truth::kDepends;
    case CompareOp::kLt:
      return number == 0 || number == 1 ? Truth::kNever : Truth::kDepends;
    case CompareOp::kNe:
    case CompareOp::kGt:
      return number == 0 ? Truth::kAlways : Truth::kDepends;
    case CompareOp::kGe:
      return number == 0 || number == 1 ? Truth::kAlways : Truth::kDepends;
    default:
      return Truth::kDepends;
  }
}

// Types that a check can hold for, when `is_negated` under an odd number of nots.
Compiled<EventTypeSet> types_of_check(const Check& check, bool is_negated) {
  const EventTypeSet all = all_event_types();
  const FieldExpr* field = check.left.as_field();
  if (field != nullptr && field->name == "evt.num" && !field->has_argument) {
    const Truth truth = truth_of_event_number(check);
    if (truth == Truth::kDepends) {
      return all;
    }
    return (truth == Truth::kAlways) != is_negated ? all : EventTypeSet();
  }
  const bool is_on_type = field != nullptr && is_event_type_field(*field);
  if (!is_on_type && !mentions_event_type(check.left)) {
    return all;
  }
  const bool names_types =
      check.op == CompareOp::kEq || check.op == CompareOp::kNe || check.op == CompareOp::kIn;
  if (names_types && check.right_expr() != nullptr) {
    return tl::unexpected(
        CompileError{"right-hand field comparisons on `evt.type`/`syscall.type` checks are not "
                     "supported by event code search",
                     check.op_span});
  }
  if (names_types && !is_on_type) {
    return tl::unexpected(
        CompileError{"field transformers on `evt.type`/`syscall.type` checks are not supported by "
                     "event code search",
                     check.op_span});
  }
  if (!names_types) {
    return all;
  }
  EventTypeSet named;
  if (const Literal* literal = check.right_literal()) {
    named = event_types_named(literal->text);
  } else if (const ListValue* list = check.right_list()) {
    for (const Literal& item : list->items) {
      named |= event_types_named(item.text);
    }
  }
  switch (check.op) {
    case CompareOp::kEq:
    case CompareOp::kIn:
      return is_negated ? all & ~named : named;
    case CompareOp::kNe:
      return is_negated ? named : all & ~named;
    default:
      return all;
  }
}

Compiled<EventTypeSet> types_of_node(const Node& node, bool is_negated) {
  switch (node.kind) {
    case NodeKind::kCheck:
      return types_of_check(node.check, is_negated);
    case NodeKind::kMacro:
      return all_event_types();
    case NodeKind::kNot:
      return types_of_node(*node.children.front(), !is_negated);
    case NodeKind::kAnd:
    case NodeKind::kOr:
      break;
  }
  const bool is_intersection = (node.kind == NodeKind::kAnd) != is_negated;
  EventTypeSet result = is_intersection ? all_event_types() : EventTypeSet();
  for (const auto& child : node.children) {
    SAKER_ASSIGN_OR_RETURN(const EventTypeSet types, types_of_node(*child, is_negated));
    if (is_intersection) {
      result &= types;
    } else {
      result |= types;
    }
  }
  return result;
}

}  // namespace

Compiled<EventTypeSet> event_types_of(const Node& condition) {
  return types_of_node(condition, false);
}

EventTypeSet event_types_named(std::string_view name) {
  const auto found = name_index().find(name);
  return found == name_index().end() ? EventTypeSet() : found->second;
}

bool is_event_name(std::string_view name) {
  return name_index().contains(name) || name == "NA" || syscall_by_name(name) != nullptr;
}

EventTypeSet all_event_types() {
  EventTypeSet all;
  all.set();
  return all;
}

}  // namespace saker
