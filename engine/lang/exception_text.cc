// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/exception_text.h"

#include "engine/base/check.h"
#include "engine/lang/list_substitution.h"
#include "engine/lang/operators.h"

namespace saker {

namespace {

// Text between the parts; it maps to the part beside it, because it has no place of its own.
void append_between(SpannedText& out, std::string_view text, const SourceText& beside) {
  out.append(text, beside.span);
}

void append_value(SpannedText& out, const ExceptionValue& value, const SourceText& op) {
  if (value.is_list) {
    append_between(out, "(", op);
    append_items(out, value.items);
    append_between(out, ")", op);
    return;
  }
  const SourceText& scalar = value.items.front();
  const auto name = find_operator(op.text);
  if (!name || !name->takes_list) {
    append_item(out, scalar);
    return;
  }
  // A scalar for an operator of lists is the text of a list; blanks in it are not protected.
  const bool has_parenthesis = scalar.text.starts_with('(');
  append_between(out, has_parenthesis ? "" : "(", op);
  out.append(scalar);
  append_between(out, has_parenthesis ? "" : ")", op);
}

void append_single(SpannedText& out, const ExceptionText& exception) {
  const SourceText& op = exception.operators.front();
  std::vector<SourceText> items;
  for (const auto& tuple : exception.tuples) {
    items.push_back(tuple.front().items.front());
  }
  append_between(out, " and not (", op);
  out.append(exception.fields.front());
  append_between(out, " ", op);
  out.append(op);
  append_between(out, " (", op);
  append_items(out, items);
  append_between(out, "))", op);
}

void append_tuples(SpannedText& out, const ExceptionText& exception) {
  const SourceText& first = exception.fields.front();
  append_between(out, " and not (", first);
  for (const auto& tuple : exception.tuples) {
    SAKER_CHECK(tuple.size() == exception.fields.size());
    append_between(out, &tuple == &exception.tuples.front() ? "(" : " or (", first);
    for (std::size_t i = 0; i < tuple.size(); ++i) {
      const SourceText& op = exception.operators[i];
      append_between(out, i == 0 ? "" : " and ", op);
      out.append(exception.fields[i]);
      append_between(out, " ", op);
      out.append(op);
      append_between(out, " ", op);
      append_value(out, tuple[i], op);
    }
    append_between(out, ")", first);
  }
  append_between(out, ")", first);
}

}  // namespace

SpannedText add_exceptions(const SpannedText& condition,
                           std::span<const ExceptionText> exceptions) {
  if (exceptions.empty()) {
    return condition;
  }
  SpannedText out;
  out.append("(", SourceSpan{});
  out.append(condition);
  out.append(")", SourceSpan{});
  for (const ExceptionText& exception : exceptions) {
    if (exception.tuples.empty()) {
      continue;
    }
    SAKER_CHECK(!exception.fields.empty() && exception.fields.size() == exception.operators.size());
    if (exception.is_single) {
      append_single(out, exception);
    } else {
      append_tuples(out, exception);
    }
  }
  return out;
}

}  // namespace saker
