// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/exception_check.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/lang/operators.h"
#include "engine/lang/parser.h"
#include "rules/loader/compile_hints.h"

namespace saker {

namespace {

// Operators that compare with a list in parentheses.
bool takes_list(std::string_view text) {
  const std::optional<OperatorName> op = find_operator(text);
  return op && op->takes_list;
}

std::string hint_for_operator(std::string_view text) {
  std::vector<std::string_view> names;
  for (const OperatorRow& row : kNumberOperators) {
    names.push_back(row.text);
  }
  for (const OperatorRow& row : kStringOperators) {
    names.push_back(row.text);
  }
  for (const OperatorRow& row : kListOperators) {
    names.push_back(row.text);
  }
  return did_you_mean(text, names);
}

void trim(std::string& text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string::npos) {
    text.clear();
    return;
  }
  text = text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool are_fields_known(const Expr& expr, const FieldCatalogue& fields) {
  if (const FieldExpr* field = expr.as_field(); field != nullptr) {
    return fields.bind(field->name, field->has_argument, field->argument).has_value();
  }
  const auto known = [&](const Expr& inner) { return are_fields_known(inner, fields); };
  if (const TransformerExpr* transformer = expr.as_transformer(); transformer != nullptr) {
    return std::all_of(transformer->args.begin(), transformer->args.end(), known);
  }
  if (const TupleExpr* tuple = expr.as_tuple(); tuple != nullptr) {
    return std::all_of(tuple->items.begin(), tuple->items.end(), known);
  }
  return true;
}

// A field, or transformers around fields.
bool is_filter_field(std::string_view text, const FieldCatalogue& fields) {
  std::size_t consumed = 0;
  const auto expr = parse_output_expression(text, SourceId::kNone, consumed);
  return expr && consumed == text.size() && are_fields_known(*expr, fields);
}

class Checker {
public:
  Checker(RuleException& exception, const FieldCatalogue& fields, ProblemSink& sink)
      : exception_(exception), fields_(fields), sink_(sink) {}

  bool check() { return exception_.fields.is_list ? check_list() : check_single(); }

private:
  bool check_list() {
    ExceptionNode& comps = exception_.comps;
    const std::vector<ExceptionNode>& fields = exception_.fields.items;
    if (!comps.is_present) {
      comps.is_present = true;
      comps.is_list = true;
      comps.items.assign(fields.size(), ExceptionNode{true, false, SourceText{"=", {}}, {}});
    }
    if (fields.size() != comps.items.size()) {
      return fail("Fields and comps lists must have equal length");
    }
    for (ExceptionNode& comp : comps.items) {
      trim(comp.word.text);
      if (!find_operator(comp.word.text)) {
        return fail("'" + comp.word.text + "' is not a supported comparison operator",
                    comp.word.span, hint_for_operator(comp.word.text));
      }
    }
    return std::all_of(fields.begin(), fields.end(),
                       [&](const ExceptionNode& field) { return check_field(field.word); });
  }

  bool check_single() {
    ExceptionNode& comps = exception_.comps;
    if (!comps.is_present) {
      comps = ExceptionNode{true, false, SourceText{"in", {}}, {}};
    }
    if (comps.is_list) {
      return fail("Fields and comps must both be strings");
    }
    trim(comps.word.text);
    if (!takes_list(comps.word.text)) {
      return fail(
          "When fields is a single value, comps must be one of (in, pmatch, intersects) or a "
          "modifier operator (e.g. startswith oneof)",
          comps.word.span);
    }
    return check_field(exception_.fields.word);
  }

  bool check_field(const SourceText& field) {
    if (is_filter_field(field.text, fields_)) {
      return true;
    }
    std::string hint;
    if (sink_.wants_hints()) {
      hint = did_you_mean(field.text, fields_.names());
    }
    return fail("'" + field.text + "' is not a supported filter field", field.span, std::move(hint),
                DiagnosticCode::kUnknownField);
  }

  bool fail(std::string message, SourceSpan span = {}, std::string hint = {},
            DiagnosticCode code = DiagnosticCode::kInvalidException) {
    Mistake mistake{.code = LoadCode::kValidate,
                    .diagnostic = code,
                    .message = std::move(message),
                    .context = exception_.context,
                    .hint = std::move(hint)};
    if (span.source != SourceId::kNone) {
      mistake.span = span;
    }
    sink_.report(std::move(mistake));
    return false;
  }

  RuleException& exception_;
  const FieldCatalogue& fields_;
  ProblemSink& sink_;
};

// A default comparison stands nowhere in the file; it points at the exception.
SourceText operator_of(const ExceptionNode& comp, const RuleException& exception) {
  SourceText op = comp.word;
  if (op.span.source == SourceId::kNone) {
    op.span = exception.context->span();
  }
  return op;
}

ExceptionValue value_of(const ExceptionNode& node) {
  ExceptionValue value{.is_list = node.is_list};
  if (!node.is_list) {
    value.items.push_back(node.word);
  }
  for (const ExceptionNode& item : node.items) {
    value.items.push_back(item.word);
  }
  return value;
}

}  // namespace

bool check_exception(RuleException& exception, const FieldCatalogue& fields, ProblemSink& sink) {
  return Checker(exception, fields, sink).check();
}

std::optional<ExceptionText> text_of(const RuleException& exception, ProblemSink& sink) {
  const auto fail = [&](std::string message) {
    sink.report(Mistake{.code = LoadCode::kValidate,
                        .diagnostic = DiagnosticCode::kInvalidException,
                        .message = std::move(message),
                        .context = exception.context});
    return std::nullopt;
  };
  ExceptionText text{.is_single = !exception.fields.is_list};
  if (text.is_single) {
    text.fields.push_back(exception.fields.word);
    text.operators.push_back(operator_of(exception.comps, exception));
    for (const ExceptionNode& value : exception.values) {
      if (value.is_list) {
        return fail("Expected values array to contain a list of strings");
      }
      text.tuples.push_back({value_of(value)});
    }
    return text;
  }
  for (const ExceptionNode& field : exception.fields.items) {
    text.fields.push_back(field.word);
  }
  for (const ExceptionNode& comp : exception.comps.items) {
    text.operators.push_back(operator_of(comp, exception));
  }
  for (const ExceptionNode& tuple : exception.values) {
    if (tuple.items.size() != text.fields.size() || text.fields.empty()) {
      return fail("Fields and values lists must have equal length");
    }
    std::vector<ExceptionValue>& values = text.tuples.emplace_back();
    for (const ExceptionNode& element : tuple.items) {
      values.push_back(value_of(element));
    }
  }
  return text;
}

}  // namespace saker
