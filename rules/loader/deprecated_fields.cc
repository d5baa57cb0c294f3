// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/deprecated_fields.h"

#include <algorithm>

namespace saker {

namespace {

constexpr std::string_view kNoValue = "<NA>";

bool is_equality(CompareOp op) {
  return op == CompareOp::kEq || op == CompareOp::kNe || op == CompareOp::kIn ||
         op == CompareOp::kIntersects || op == CompareOp::kPmatch;
}

class Finder {
public:
  void visit(const Node& node) {
    if (node.kind == NodeKind::kCheck) {
      expansion_ = node.expansion;
      visit_check(node.check);
    }
    for (const auto& child : node.children) {
      visit(*child);
    }
  }

  FieldFindings findings;

private:
  void visit_check(const Check& check) {
    visit(check.left);
    if (const Expr* right = check.right_expr(); right != nullptr) {
      visit(*right);
    }
    const FieldExpr* field = check.left.as_field();
    if (findings.has_unsafe_na || field == nullptr || !is_equality(check.op) ||
        !(field->name.starts_with("ka.") || field->name.starts_with("jevt."))) {
      return;
    }
    const auto note = [&](const Literal& literal) {
      if (literal.text == kNoValue && !findings.has_unsafe_na) {
        findings.has_unsafe_na = true;
        findings.unsafe_na = literal.span;
        findings.unsafe_na_expansion = expansion_;
      }
    };
    if (const Literal* literal = check.right_literal(); literal != nullptr) {
      note(*literal);
    }
    if (const ListValue* list = check.right_list(); list != nullptr) {
      std::for_each(list->items.begin(), list->items.end(), note);
    }
  }

  void visit(const Expr& expr) {
    if (const FieldExpr* field = expr.as_field(); field != nullptr) {
      visit_field(*field);
    } else if (const TransformerExpr* transformer = expr.as_transformer(); transformer != nullptr) {
      for (const Expr& argument : transformer->args) {
        visit(argument);
      }
    } else if (const TupleExpr* tuple = expr.as_tuple(); tuple != nullptr) {
      for (const Expr& item : tuple->items) {
        visit(item);
      }
    }
  }

  void visit_field(const FieldExpr& field) {
    const auto* known = std::find(kDeprecatedFields.begin(), kDeprecatedFields.end(), field.name);
    if (known == kDeprecatedFields.end()) {
      return;
    }
    const auto is_same = [&](const DeprecatedUse& use) { return use.field == *known; };
    if (std::none_of(findings.deprecated.begin(), findings.deprecated.end(), is_same)) {
      findings.deprecated.push_back(DeprecatedUse{*known, field.span, expansion_});
    }
  }

  ExpansionId expansion_ = ExpansionId::kNone;
};

}  // namespace

FieldFindings find_doubtful_fields(const Node& condition) {
  Finder finder;
  finder.visit(condition);
  const auto rank = [](const DeprecatedUse& use) {
    return std::find(kDeprecatedFields.begin(), kDeprecatedFields.end(), use.field);
  };
  std::sort(finder.findings.deprecated.begin(), finder.findings.deprecated.end(),
            [&](const DeprecatedUse& a, const DeprecatedUse& b) { return rank(a) < rank(b); });
  return std::move(finder.findings);
}

std::string deprecated_in_condition(std::string_view field) {
  return field == "evt.dir"
             ? "due to the drop of enter events, 'evt.dir = <' always evaluates to true, and "
               "'evt.dir = >' always evaluates to false. The rule expression can be simplified "
               "by removing the condition on 'evt.dir'"
             : "field is not available due to the drop of enter events.";
}

}  // namespace saker
