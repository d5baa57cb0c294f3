// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a rule says about itself: description, tags, MITRE ATT&CK, priority.
#include <algorithm>
#include <cctype>
#include <string_view>

#include "kit/base/text.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

constexpr std::size_t kMinDescriptionBytes = 15;

// mitre_persistence, T1059, T1059.004
bool is_mitre(std::string_view tag) {
  if (tag.starts_with("mitre")) {
    return true;
  }
  return tag.size() >= 5 && (tag[0] == 'T' || tag[0] == 't') &&
         std::ranges::all_of(tag.substr(1, 4), [](unsigned char c) { return std::isdigit(c); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// The priority that the output's first word names, if it is one.
std::optional<Priority> first_word_priority(std::string_view output) {
  const std::size_t begin = output.find_first_not_of("[( ");
  const std::size_t end = output.find_first_of(" :])", begin);
  Priority priority{};
  if (begin != std::string_view::npos && end != std::string_view::npos &&
      (output[end] == ':' || output[end] == ']' || output[end] == ')') &&
      parse_priority(output.substr(begin, end - begin), priority)) {
    return priority;
  }
  return std::nullopt;
}

void check_priority(LintContext& context, const RuleView& view) {
  const Priority priority = view.source->priority;
  const auto said = first_word_priority(view.source->output.text());
  if (said && *said != priority) {
    context.report("priority-misuse", view.source->output_context->span(),
                   "the output says " + std::string(to_text(*said)) + ", the priority is " +
                       std::string(to_text(priority)),
                   {.item = view.source->name});
  } else if (priority == Priority::kEmergency) {
    context.report("priority-misuse", view.source->context->span(),
                   "EMERGENCY means that the machine is unusable",
                   {.item = view.source->name, .hint = "use CRITICAL"});
  }
}

}  // namespace

void lints::metadata(LintContext& context) {
  for (const RuleView& view : context.rules()) {
    const RuleSource& rule = *view.source;
    const std::string description = squeeze(rule.description);
    if (description.size() < kMinDescriptionBytes || lower(description) == lower(rule.name)) {
      context.report(
          "missing-description", rule.context->span(),
          "rule '" + rule.name + "' says nothing about itself",
          {.item = rule.name, .hint = "desc: what happened, why it matters, what to do"});
    }
    if (rule.tags.empty()) {
      context.report("missing-tags", rule.context->span(), "rule '" + rule.name + "' has no tags",
                     {.item = rule.name});
    } else if (std::ranges::none_of(rule.tags, is_mitre)) {
      context.report("missing-mitre", rule.context->span(),
                     "rule '" + rule.name + "' names no MITRE ATT&CK tactic or technique",
                     {.item = rule.name, .hint = "tags: [mitre_execution, T1059]"});
    }
    check_priority(context, view);
  }
}

}  // namespace saker::kit
