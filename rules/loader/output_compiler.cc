// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/output_compiler.h"

#include <algorithm>
#include <utility>

#include "rules/loader/compile_hints.h"
#include "rules/loader/deprecated_fields.h"

namespace saker {

namespace {

constexpr std::string_view kContainerInfo = "%container.info";
constexpr std::string_view kContainerInfoIsGone =
    "%container.info is deprecated and no more useful, and will be dropped by Falco 1.0.0. The "
    "container plugin will automatically add required fields to the output message.";

// Falco tries ever shorter texts and tells what was wrong with the last of them.
constexpr std::string_view kUnknownFilter = "unknown filter: ";
constexpr std::string_view kAdditions = "in what append_output or -p adds: ";
constexpr std::string_view kNoPercent =
    "every '%' begins a field; an output cannot hold one as text";

// container_id=%container.id container_name=%container.name ...
std::string suggested_output(const FieldCatalogue& fields) {
  std::string out;
  for (const FieldInfo* field : fields.all()) {
    if (!field->has(field_flag::kSuggested)) {
      continue;
    }
    std::string key(field->name);
    std::replace(key.begin(), key.end(), '.', '_');
    out += (out.empty() ? "" : " ") + key + "=%" + std::string(field->name);
  }
  return out;
}

}  // namespace

bool matches(const OutputAddition& addition, const RuleSource& rule) {
  const auto has_tag = [&](const std::string& tag) { return rule.tags.count(tag) > 0; };
  return (addition.match_source.empty() || addition.match_source == rule.source) &&
         (addition.match_rule.empty() || addition.match_rule == rule.name) &&
         std::all_of(addition.match_tags.begin(), addition.match_tags.end(), has_tag);
}

OutputCompiler::OutputCompiler(std::span<const OutputAddition> additions,
                               const FieldCatalogue& fields, SourceMap& sources, ProblemSink& sink)
    : additions_(additions), fields_(fields), sources_(sources), sink_(sink) {
  suggested_ = suggested_output(fields);
}

std::optional<OutputTemplate> OutputCompiler::compile(const RuleSource& rule) {
  SpannedText output = rule.output;
  const auto append = [&](const std::string& text) {
    if (!text.empty()) {
      output.append(" ", SourceSpan{});
      output.append(text, SourceSpan{});
    }
  };
  for (const OutputAddition& addition : additions_) {
    if (matches(addition, rule)) {
      append(addition.extra_output);
      append(addition.suggested_output ? suggested_ : std::string());
    }
  }
  bool had_container_info = false;
  for (std::size_t at = output.text().find(kContainerInfo); at != std::string::npos;
       at = output.text().find(kContainerInfo, at)) {
    output.substitute(at, at + kContainerInfo.size(), SpannedText());
    had_container_info = true;
  }
  if (had_container_info) {
    sink_.report(Mistake{.code = LoadCode::kDeprecatedItem,
                         .diagnostic = DiagnosticCode::kDeprecated,
                         .message = std::string(kContainerInfoIsGone),
                         .context = rule.context,
                         .span = rule.output_context->span(),
                         .own_message = "%container.info is deprecated and left out",
                         .hint = "name the fields, for example %container.id"});
  }
  warn_deprecated_fields(rule, output);
  const SourceId source = output.register_in(sources_, rule.output_context->span());
  std::optional<OutputTemplate> compiled = compile(rule, output.text(), source);
  if (compiled) {
    sources_.remove_last_virtual(source);
  }
  return compiled;
}

std::optional<OutputTemplate> OutputCompiler::compile(const RuleSource& rule, std::string_view text,
                                                      SourceId source) {
  Compiled<OutputTemplate> compiled = compile_output(text, source, fields_);
  if (!compiled) {
    const bool is_added = text.size() > rule.output.text().size() &&
                          compile_output(rule.output.text(), source, fields_);
    Explanation explanation = explain_mistake(compiled.error());
    if (is_added) {  // the rule's own text, at which the place points, is innocent
      explanation.message =
          std::string(kAdditions) +
          (explanation.message.empty() ? compiled.error().message : explanation.message);
    }
    report(rule, compiled.error(), std::move(explanation));
    if (!rule.is_skipped_if_unknown && !is_added) {
      report_further(rule, std::string(text), source, compiled.error());
    }
    return std::nullopt;
  }
  for (const OutputAddition& addition : additions_) {
    if (!matches(addition, rule)) {
      continue;
    }
    for (const OutputAddition::ExtraField& extra : addition.extra_fields) {
      const auto added = add_extra_field(*compiled, extra.key, extra.format, source, fields_);
      if (!added) {
        report(
            rule, CompileError{added.error().message, rule.output_context->span()},
            {DiagnosticCode::kInvalidOutput,
             std::string(kAdditions) + "extra field '" + extra.key + "': " + added.error().message,
             {}});
        return std::nullopt;
      }
    }
  }
  return std::move(*compiled);
}

void OutputCompiler::report_further(const RuleSource& rule, std::string text, SourceId source,
                                    CompileError error) {
  // What comes behind a mistake is read as if its '%' were not there.
  constexpr int kMost = 20;
  for (int i = 0; i < kMost; ++i) {
    const std::size_t percent = text.rfind('%', error.span.begin);
    if (percent == std::string::npos) {
      return;
    }
    text[percent] = ' ';
    if (percent + 1 < text.size() && text[percent + 1] == '%') {
      text[percent + 1] = ' ';  // "%%", meant as one
    }
    const Compiled<OutputTemplate> compiled = compile_output(text, source, fields_);
    if (compiled) {
      return;
    }
    error = compiled.error();
    report(rule, error, explain_mistake(error));
  }
}

void OutputCompiler::warn_deprecated_fields(const RuleSource& rule, const SpannedText& output) {
  for (const std::string_view field : kDeprecatedFields) {
    const std::size_t at = output.text().find(field);
    if (at == std::string::npos) {
      continue;
    }
    const SourceSpan span = output.origin_of(at, at + field.size());
    Mistake mistake{.code = LoadCode::kDeprecatedItem,
                    .diagnostic = DiagnosticCode::kDeprecated,
                    .message = "usage of deprecated field '" + std::string(field) +
                               "' has been detected in the rule output",
                    .context = rule.output_context,
                    .own_message = "field '" + std::string(field) + "' is deprecated",
                    .deprecated_field = std::string(field)};
    if (span.source != SourceId::kNone) {
      mistake.span = span;
    }
    sink_.report(std::move(mistake));
  }
}

Explanation OutputCompiler::explain_unknown(std::string_view text) const {
  constexpr std::string_view kNameBytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
  const std::string_view name = text.substr(0, text.find_first_not_of(kNameBytes));
  if (name.find('.') == std::string_view::npos) {
    return {DiagnosticCode::kInvalidOutput, "no field stands behind this '%'",
            std::string(kNoPercent)};
  }
  if (fields_.is_field_name(name)) {
    return {DiagnosticCode::kInvalidOutput,
            "field '" + std::string(name) + "' cannot stand here as it is",
            "it may need an argument, or another one"};
  }
  return {DiagnosticCode::kUnknownField, "unknown field '" + std::string(name) + "'",
          sink_.wants_hints() ? did_you_mean(name, fields_.names()) : std::string()};
}

Explanation OutputCompiler::explain_mistake(const CompileError& error) const {
  if (error.message.starts_with(kUnknownFilter)) {
    return explain_unknown(sources_.text(error.span.source).substr(error.span.begin));
  }
  if (error.message.find("cannot end with a %") != std::string::npos) {
    return {DiagnosticCode::kInvalidOutput, "the output ends with a lone '%'",
            std::string(kNoPercent)};
  }
  return {DiagnosticCode::kInvalidOutput, {}, {}};
}

void OutputCompiler::report(const RuleSource& rule, const CompileError& error,
                            Explanation explanation) {
  const bool is_unknown = error.message.starts_with(kUnknownFilter);
  const bool is_skipped = rule.is_skipped_if_unknown && is_about_unknown(error.message);
  if (is_skipped) {
    explanation.code = DiagnosticCode::kRuleSkipped;
    explanation.message = "rule '" + rule.name + "' is skipped: " + explanation.message;
  }
  sink_.report(Mistake{.code = is_skipped ? LoadCode::kUnknownFilter : LoadCode::kCompileOutput,
                       .diagnostic = explanation.code,
                       .message = is_unknown
                                      ? std::string(kUnknownFilter) + "unexpected token after '"
                                      : error.message,
                       .context = rule.output_context,
                       .span = error.span,
                       .own_message = std::move(explanation.message),
                       .hint = std::move(explanation.hint)});
}

}  // namespace saker
