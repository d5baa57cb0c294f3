// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/exception_check.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/lang/list_substitution.h"
#include "engine/lang/parser.h"

namespace saker {

namespace {

constexpr std::array<std::string_view, 20> kOperators{
    "exists",     "<=",          "<",        ">=",    ">",          "==", "=",
    "!=",         "glob",        "iglob",    "contains", "icontains", "bcontains", "startswith",
    "bstartswith", "endswith",   "regex",    "intersects", "in",    "pmatch"};
constexpr std::array<std::string_view, 12> kTextOperators{
    "==", "=", "!=", "glob", "iglob", "contains", "icontains", "bcontains",
    "startswith", "bstartswith", "endswith", "regex"};
constexpr std::array<std::string_view, 3> kListOperators{"intersects", "in", "pmatch"};
constexpr std::array<std::string_view, 3> kModifiers{"oneof", "anyof", "allof"};

template <std::size_t kSize>
bool contains(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "startswith oneof"
bool has_modifier(std::string_view text) {
  const std::size_t blank = text.find(' ');
  return blank != std::string_view::npos && contains(kTextOperators, text.substr(0, blank)) &&
         contains(kModifiers, text.substr(blank + 1));
}

// Operators that compare with a list in parentheses.
bool takes_list(std::string_view text) {
  return contains(kListOperators, text) || has_modifier(text);
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

  bool check() {
    return exception_.fields.is_list ? check_list() : check_single();
  }

private:
  bool check_list() {
    ExceptionValue& comps = exception_.comps;
    const std::vector<ExceptionValue>& fields = exception_.fields.items;
    if (!comps.is_present) {
      comps.is_present = true;
      comps.is_list = true;
      comps.items.assign(fields.size(), ExceptionValue{true, false, SourceText{"=", {}}, {}});
    }
    if (fields.size() != comps.items.size()) {
      return fail("Fields and comps lists must have equal length");
    }
    for (ExceptionValue& comp : comps.items) {
      trim(comp.word.text);
      if (!contains(kOperators, comp.word.text) && !has_modifier(comp.word.text)) {
        return fail("'" + comp.word.text + "' is not a supported comparison operator",
                    comp.word.span, nearest_operator(comp.word.text));
      }
    }
    return std::all_of(fields.begin(), fields.end(), [&](const ExceptionValue& field) {
      return check_field(field.word);
    });
  }

  bool check_single() {
    ExceptionValue& comps = exception_.comps;
    if (!comps.is_present) {
      comps = ExceptionValue{true, false, SourceText{"in", {}}, {}};
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
      const std::string_view near = nearest(field.text, fields_.names());
      hint = near.empty() ? "" : "did you mean '" + std::string(near) + "'?";
    }
    return fail("'" + field.text + "' is not a supported filter field", field.span,
                std::move(hint), DiagnosticCode::kUnknownField);
  }

  static std::string nearest_operator(std::string_view text) {
    const std::string_view near = nearest(text, {kOperators.begin(), kOperators.end()});
    return near.empty() ? "" : "did you mean '" + std::string(near) + "'?";
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

// Appends ` and not (...)` for one exception.
class ExceptionWriter {
public:
  ExceptionWriter(const RuleException& exception, ProblemSink& sink, SpannedText& out)
      : exception_(exception), sink_(sink), out_(out), name_(exception.context->span()) {}

  bool write() {
    if (exception_.values.empty()) {
      return true;
    }
    out_.append(" and not ", name_);
    return exception_.fields.is_list ? write_tuples() : write_values();
  }

private:
  // (field op (v1, v2, ...))
  bool write_values() {
    glue("(");
    out_.append(exception_.fields.word);
    glue(" ");
    write_operator(exception_.comps.word);
    glue(" (");
    for (std::size_t i = 0; i < exception_.values.size(); ++i) {
      const ExceptionValue& value = exception_.values[i];
      if (value.is_list) {
        return fail("Expected values array to contain a list of strings");
      }
      glue(i == 0 ? "" : ", ");
      append_item(out_, value.word);
    }
    glue("))");
    return true;
  }

  // ((f1 op1 v1 and f2 op2 v2) or (...))
  bool write_tuples() {
    const std::vector<ExceptionValue>& fields = exception_.fields.items;
    glue("(");
    for (std::size_t i = 0; i < exception_.values.size(); ++i) {
      const ExceptionValue& tuple = exception_.values[i];
      if (tuple.items.size() != fields.size()) {
        return fail("Fields and values lists must have equal length");
      }
      glue(i == 0 ? "(" : " or (");
      for (std::size_t k = 0; k < fields.size(); ++k) {
        glue(k == 0 ? "" : " and ");
        out_.append(fields[k].word);
        glue(" ");
        write_operator(exception_.comps.items[k].word);
        glue(" ");
        write_element(tuple.items[k], exception_.comps.items[k].word.text);
      }
      glue(")");
    }
    glue(")");
    return true;
  }

  void write_element(const ExceptionValue& element, std::string_view op) {
    if (element.is_list) {
      glue("(");
      for (std::size_t i = 0; i < element.items.size(); ++i) {
        glue(i == 0 ? "" : ", ");
        append_item(out_, element.items[i].word);
      }
      glue(")");
      return;
    }
    const bool is_bare = takes_list(op) && element.word.text.front() != '(';
    if (takes_list(op)) {
      glue(is_bare ? "(" : "");
      out_.append(element.word);
      glue(is_bare ? ")" : "");
      return;
    }
    append_item(out_, element.word);
  }

  // A default comparison stands nowhere in the file.
  void write_operator(const SourceText& op) {
    out_.append(op.text, op.span.source == SourceId::kNone ? name_ : op.span);
  }

  void glue(std::string_view text) { out_.append(text, name_); }

  bool fail(std::string message) {
    sink_.report(Mistake{.code = LoadCode::kValidate,
                         .diagnostic = DiagnosticCode::kInvalidException,
                         .message = std::move(message),
                         .context = exception_.context});
    return false;
  }

  const RuleException& exception_;
  ProblemSink& sink_;
  SpannedText& out_;
  SourceSpan name_;
};

}  // namespace

bool check_exception(RuleException& exception, const FieldCatalogue& fields, ProblemSink& sink) {
  return Checker(exception, fields, sink).check();
}

bool add_exceptions(const RuleSource& rule, ProblemSink& sink, SpannedText& out) {
  if (rule.exceptions.empty()) {
    out.append(rule.condition);
    return true;
  }
  out.append("(", rule.context->span());
  out.append(rule.condition);
  out.append(")", rule.context->span());
  return std::all_of(
      rule.exceptions.begin(), rule.exceptions.end(), [&](const RuleException& exception) {
        return ExceptionWriter(exception, sink, out).write();
      });
}

}  // namespace saker
