// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One atomic check of a condition: expression, operator, constants. Predicates are pure and shared
// by every rule that writes the same check; each is evaluated at most once per event.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/eval/bound_expr.h"
#include "engine/eval/compare.h"

namespace saker {

enum class ExprId : std::uint32_t { kNone = 0xffffffff };
enum class PredicateId : std::uint32_t {};

struct Predicate {
  std::string text;  // canonical, for people
  ExprId left = ExprId::kNone;
  ExprId right = ExprId::kNone;  // of a comparison with a field
  CompareOp op = CompareOp::kExists;
  OpModifier modifier = OpModifier::kNone;
  ValueClass value_class = ValueClass::kOther;
  Quantifier quantifier = Quantifier::kNone;
  FieldScope scope = FieldScope::kEvent;
  bool is_list = false;
  // evt.deltatime: the value depends on the event that this very check saw before, so it is neither
  // shared nor skipped.
  bool is_stateful = false;
  ValueTest test = nullptr;  // null: exists, or a comparison with a field
  Constants constants;

  // Whether the answer holds as long as Thread::facts_version of the event's thread.
  [[nodiscard]] bool is_process_fact() const {
    return scope <= FieldScope::kLineage && !is_stateful;
  }
  // Whether it holds as long as also the event's FdInfo, if it has one, is the same.
  [[nodiscard]] bool is_fd_fact() const { return scope == FieldScope::kFd && !is_stateful; }
};

// A check that is bound but not yet in a table.
struct BoundCheck {
  std::string identity;  // equal for checks that mean the same
  BoundExpr left;
  bool has_right = false;
  BoundExpr right;
  Predicate predicate;  // without left and right
};

[[nodiscard]] Compiled<BoundCheck> bind_check(const Check& check, const FieldCatalogue& fields,
                                              bool allow_pcre2);

// All expressions and predicates of a rule set, each once.
class PredicateTable {
public:
  // Without sharing every check stays one of its own.
  explicit PredicateTable(bool shares = true) : shares_(shares) {}

  PredicateId add(BoundCheck check);

  [[nodiscard]] const Predicate& get(PredicateId id) const {
    return predicates_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] const BoundExpr& expr(ExprId id) const {
    return *exprs_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] std::size_t size() const { return predicates_.size(); }
  [[nodiscard]] std::size_t expr_count() const { return exprs_.size(); }

private:
  ExprId add_expr(BoundExpr expr);

  bool shares_;
  std::vector<Predicate> predicates_;
  std::vector<std::unique_ptr<const BoundExpr>> exprs_;
  std::unordered_map<std::string, PredicateId> by_identity_;
  std::unordered_map<std::string, ExprId> exprs_by_identity_;
};

// Evaluates a predicate whose operand values are known. `left` of a quantified predicate is its
// candidates' list. Without `host_names` no host has an address.
[[nodiscard]] bool evaluate_predicate(const Predicate& predicate, const Value& left,
                                      const Value& right, Arena& arena,
                                      HostNames* host_names = nullptr);

// Value of an expression as conditions compare it: candidates of quantified fields.
[[nodiscard]] Value evaluate_operand(const BoundExpr& expr, const FieldContext& context);

}  // namespace saker
