// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/solve/expr_theory.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <set>

#include "engine/eval/constants.h"
#include "engine/eval/value_class.h"
#include "kit/solve/text_witness.h"

namespace saker::kit {

namespace {

// More constants than this on one expression are treated as "some other value".
constexpr std::size_t kMaxCandidates = 3000;
constexpr std::size_t kMaxRelatedPatterns = 300;

bool is_number_class(ValueClass value) {
  return value == ValueClass::kSigned || value == ValueClass::kUnsigned ||
         value == ValueClass::kPort;
}

bool is_equality(const Predicate& predicate) {
  return predicate.op == CompareOp::kEq || predicate.op == CompareOp::kNe ||
         predicate.op == CompareOp::kIn;
}

// Membership in an empty list: a place that others fill, so nothing is known of it.
bool is_placeholder(const Predicate& predicate) {
  const bool is_membership = predicate.op == CompareOp::kIn || predicate.op == CompareOp::kPmatch ||
                             predicate.op == CompareOp::kIntersects;
  const Constants& constants = predicate.constants;
  return is_membership && predicate.right == ExprId::kNone && constants.numbers.empty() &&
         constants.texts.empty() && constants.addresses.empty() && constants.nets.empty() &&
         predicate.op != CompareOp::kPmatch;
}

// A text as a value of the class; nothing when it is none.
std::optional<Value> to_value(ValueClass value, ParamType type, const std::string& text,
                              std::deque<std::string>& storage) {
  if (value == ValueClass::kText || value == ValueClass::kBytes) {
    const std::string& kept = storage.emplace_back(text);
    return value == ValueClass::kText ? Value::text(kept) : Value::bytes(as_bytes(kept));
  }
  const std::string_view view = text;
  const auto constants = make_constants(value == ValueClass::kNet ? ParamType::kIpaddr : type,
                                        CompareOp::kEq, std::span(&view, 1), false);
  if (!constants) {
    return std::nullopt;
  }
  if (!constants->addresses.empty()) {
    const IpConstant& address = constants->addresses.front();
    const std::string& bytes = storage.emplace_back(
        reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size());
    return address.is_ipv6 ? Value::ipv6(reinterpret_cast<const std::uint8_t*>(bytes.data()))
                           : Value::ipv4(load_le<std::uint32_t>(as_bytes(bytes), 0));
  }
  if (constants->numbers.empty()) {
    return std::nullopt;
  }
  const std::uint64_t number = constants->numbers.front();
  switch (value) {
    case ValueClass::kBool:
      return Value::boolean(number != 0);
    case ValueClass::kDouble:
      return std::nullopt;
    case ValueClass::kSigned:
      return Value::integer(static_cast<std::int64_t>(number));
    default:
      return Value::number(number);
  }
}

// The numbers at and beside the constants of order and equality: every gap has one.
std::set<std::string> numbers_of(const std::vector<PredicateVariable>& checks,
                                 const PredicateTable& predicates, bool is_signed) {
  std::set<std::string> texts;
  for (const PredicateVariable& check : checks) {
    for (const std::uint64_t number : predicates.get(check.id).constants.numbers) {
      if (is_signed) {
        const auto n = static_cast<std::int64_t>(number);
        texts.insert(std::to_string(n));
        if (n > std::numeric_limits<std::int64_t>::min()) {
          texts.insert(std::to_string(n - 1));
        }
        if (n < std::numeric_limits<std::int64_t>::max()) {
          texts.insert(std::to_string(n + 1));
        }
        continue;
      }
      texts.insert(std::to_string(number));
      texts.insert(std::to_string(number == 0 ? 0 : number - 1));
      texts.insert(std::to_string(number == ~std::uint64_t{0} ? number : number + 1));
    }
  }
  return texts;
}

}  // namespace

ExprTheory::ExprTheory(const BoundExpr& expr, std::vector<PredicateVariable> checks,
                       const PredicateTable& predicates, SatSolver& solver)
    : expr_(expr), checks_(std::move(checks)), predicates_(predicates) {
  missing_ = solver.add_variable();
  // Its values have in some events another type, and then compare with nothing.
  is_simple_ = !(expr.is_plain_field() && expr.field.info->name == "evt.rawarg");
  for (const PredicateVariable& check : checks_) {
    const Predicate& predicate = predicates_.get(check.id);
    is_simple_ = is_simple_ && !predicate.is_list && !predicate.is_stateful &&
                 predicate.quantifier == Quantifier::kNone && predicate.right == ExprId::kNone;
    solver.add_clause({~missing_, ~check.literal});  // a check without a value is false
    if (predicate.op == CompareOp::kExists) {
      solver.add_clause({missing_, check.literal});
    }
  }
  if (is_simple_) {
    add_candidates(solver);
    add_other(solver);
  }
}

void ExprTheory::add_candidates(SatSolver& solver) {
  const ValueClass value = value_class(expr_.type);
  std::set<std::string> texts;
  if (is_number_class(value)) {
    texts = numbers_of(checks_, predicates_, value == ValueClass::kSigned);
  } else if (value == ValueClass::kBool) {
    texts = {"true", "false"};
  } else if (value == ValueClass::kText || value == ValueClass::kBytes) {
    for (const PredicateVariable& check : checks_) {
      const Predicate& predicate = predicates_.get(check.id);
      if (is_equality(predicate)) {
        for (const std::string& text : predicate.constants.texts) {
          if (text.find('\0') == std::string::npos) {
            texts.insert(text);
          }
        }
      }
    }
  }
  if (texts.size() > kMaxCandidates) {
    return;
  }
  for (const std::string& text : texts) {
    const Candidate& candidate = candidates_.emplace_back(Candidate{text, solver.add_variable()});
    solver.add_clause({~candidate.literal, ~missing_});
    for (const PredicateVariable& check : checks_) {
      const Predicate& predicate = predicates_.get(check.id);
      if (!is_placeholder(predicate)) {
        solver.add_clause(
            {~candidate.literal, evaluate(predicate, {text}) ? check.literal : ~check.literal});
      }
    }
  }
}

void ExprTheory::add_other(SatSolver& solver) {
  const ValueClass value = value_class(expr_.type);
  const bool is_complete =
      !candidates_.empty() && (is_number_class(value) || value == ValueClass::kBool);
  std::vector<SatLiteral> choices;
  for (const Candidate& candidate : candidates_) {
    choices.push_back(candidate.literal);
  }
  choices.push_back(missing_);
  if (!is_complete) {
    const SatLiteral other = solver.add_variable();
    choices.push_back(other);
    for (const Candidate& candidate : candidates_) {
      solver.add_clause({~other, ~candidate.literal});
    }
    solver.add_clause({~other, ~missing_});
    if (!candidates_.empty()) {
      for (const PredicateVariable& check : checks_) {
        const Predicate& predicate = predicates_.get(check.id);
        // Constants with NUL are no candidates, so such a check stays free.
        const bool is_known =
            is_equality(predicate) && !is_placeholder(predicate) &&
            predicate.modifier == OpModifier::kNone &&
            std::ranges::none_of(predicate.constants.texts, [](const std::string& text) {
              return text.find('\0') != std::string::npos;
            });
        if (is_known) {
          solver.add_clause(
              {~other, predicate.op == CompareOp::kNe ? check.literal : ~check.literal});
        }
      }
    }
    relate_patterns(solver, other);
  }
  solver.add_clause(choices);
  // At most one candidate: a chain "one of the first i".
  SatLiteral before{};
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const SatLiteral so_far = solver.add_variable();
    solver.add_clause({~candidates_[i].literal, so_far});
    if (i > 0) {
      solver.add_clause({~before, so_far});
      solver.add_clause({~before, ~candidates_[i].literal});
    }
    before = so_far;
  }
}

void ExprTheory::relate_patterns(SatSolver& solver, SatLiteral other) {
  if (value_class(expr_.type) != ValueClass::kText) {
    return;
  }
  struct Pattern {
    CompareOp op;
    const std::string* text;
    SatLiteral literal;
  };
  std::vector<Pattern> patterns;
  for (const PredicateVariable& check : checks_) {
    const Predicate& predicate = predicates_.get(check.id);
    const bool is_plain = predicate.op == CompareOp::kStartswith ||
                          predicate.op == CompareOp::kEndswith ||
                          predicate.op == CompareOp::kContains;
    if (is_plain && predicate.modifier == OpModifier::kNone &&
        predicate.constants.texts.size() == 1) {
      patterns.push_back({predicate.op, &predicate.constants.texts.front(), check.literal});
    }
  }
  if (patterns.size() > kMaxRelatedPatterns) {
    return;
  }
  for (const Pattern& a : patterns) {
    for (const Pattern& b : patterns) {
      if (&a == &b) {
        continue;
      }
      const bool needs =
          (b.op == CompareOp::kContains && a.text->find(*b.text) != std::string::npos) ||
          (a.op == CompareOp::kStartswith && b.op == a.op && a.text->starts_with(*b.text)) ||
          (a.op == CompareOp::kEndswith && b.op == a.op && a.text->ends_with(*b.text));
      if (needs) {
        solver.add_clause({~other, ~a.literal, b.literal});
      }
      const bool excludes =
          a.op == b.op && ((a.op == CompareOp::kStartswith && !a.text->starts_with(*b.text) &&
                            !b.text->starts_with(*a.text)) ||
                           (a.op == CompareOp::kEndswith && !a.text->ends_with(*b.text) &&
                            !b.text->ends_with(*a.text)));
      if (excludes) {
        solver.add_clause({~other, ~a.literal, ~b.literal});
      }
    }
  }
}

bool ExprTheory::evaluate(const Predicate& predicate, const std::vector<std::string>& texts) const {
  if (predicate.right != ExprId::kNone) {
    return false;
  }
  const ValueClass kind = value_class(expr_.type);
  std::deque<std::string> storage;
  std::vector<Value> values;
  for (const std::string& text : texts) {
    const std::optional<Value> value = to_value(kind, expr_.type, text, storage);
    if (!value) {
      return false;
    }
    values.push_back(*value);
  }
  Arena arena;
  const bool is_many = predicate.is_list || predicate.quantifier == Quantifier::kAncestors ||
                       predicate.quantifier == Quantifier::kEitherEnd;
  if (is_many) {
    return evaluate_predicate(predicate, Value::list(values), {}, arena);
  }
  return evaluate_predicate(predicate, values.empty() ? Value() : values.front(), {}, arena);
}

bool ExprTheory::fits(const std::vector<std::string>& texts, const std::vector<bool>& model) const {
  return std::ranges::all_of(checks_, [&](const PredicateVariable& check) {
    const Predicate& predicate = predicates_.get(check.id);
    return predicate.right != ExprId::kNone ||
           evaluate(predicate, texts) == model[check.literal.variable()];
  });
}

std::optional<ChosenValue> ExprTheory::choose(const std::vector<bool>& model) const {
  if (model[missing_.variable()]) {
    return ChosenValue{.is_missing = true, .texts = {}};
  }
  for (const Candidate& candidate : candidates_) {
    if (model[candidate.literal.variable()]) {
      return ChosenValue{.texts = {candidate.text}};
    }
  }
  std::vector<const Predicate*> wanted;
  std::vector<std::string> all;
  for (const PredicateVariable& check : checks_) {
    const Predicate& predicate = predicates_.get(check.id);
    if (model[check.literal.variable()]) {
      wanted.push_back(&predicate);
      if (!predicate.constants.texts.empty()) {
        all.push_back(predicate.constants.texts.front());
      }
    }
  }
  std::vector<std::string> guesses = guess_texts(wanted);
  const ValueClass kind = value_class(expr_.type);
  if (kind == ValueClass::kIp || kind == ValueClass::kNet) {
    guesses = {"192.0.2.1", "10.0.0.1",        "127.0.0.1", "172.16.0.1",
               "0.0.0.0",   "169.254.169.254", "8.8.8.8"};
    for (const Predicate* predicate : wanted) {
      for (const IpConstant& address : predicate->constants.addresses) {
        if (!address.is_ipv6) {
          guesses.push_back(
              std::to_string(address.bytes[0]) + "." + std::to_string(address.bytes[1]) + "." +
              std::to_string(address.bytes[2]) + "." + std::to_string(address.bytes[3]));
        }
      }
    }
  } else if (is_number_class(kind)) {
    guesses = {"0", "1", "1000"};
    for (const std::string& text : numbers_of(checks_, predicates_, kind == ValueClass::kSigned)) {
      guesses.push_back(text);
    }
  } else if (kind == ValueClass::kBool) {
    guesses = {"true", "false"};
  }
  for (const std::string& guess : guesses) {
    if (fits({guess}, model)) {
      return ChosenValue{.texts = {guess}};
    }
  }
  if (!is_simple_ && fits(all, model)) {
    return ChosenValue{.texts = all};
  }
  return std::nullopt;
}

}  // namespace saker::kit
