// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule items: complete definitions, appends, overrides and the lone `enabled`.
#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "rules/loader/exception_check.h"
#include "rules/loader/item_keys.h"
#include "rules/loader/item_names.h"
#include "rules/loader/item_reader.h"

namespace saker {

namespace {

constexpr std::array<std::string_view, 5> kAppendable{"condition", "exceptions", "output", "desc",
                                                      "tags"};
constexpr std::array<std::string_view, 11> kReplaceable{"condition",
                                                        "exceptions",
                                                        "output",
                                                        "desc",
                                                        "tags",
                                                        "priority",
                                                        "enabled",
                                                        "warn_evttypes",
                                                        "skip-if-unknown-filter",
                                                        "capture",
                                                        "capture_duration"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

SpannedText trim(const SpannedText& text) {
  const std::string_view kept = trimmed(text.text());
  SpannedText out;
  if (!kept.empty()) {
    out.append(text, static_cast<std::size_t>(kept.data() - text.text().data()), kept.size());
  }
  return out;
}

// The source that an append or override names; anything but a text counts as none.
std::string source_of(const YamlNode& item) {
  const YamlNode* source = item.find("source");
  return source == nullptr ? std::string() : source->text;
}

}  // namespace

bool ItemReader::read_rule(const YamlNode& item, const ItemContext& content, Definitions& into) {
  std::string name;
  if (!nodes_.text(item, "rule", *nodes_.contexts().child(content, ItemKind::kRule, "", item.mark),
                   Presence::kRequired, name)) {
    return false;
  }
  const ItemContext& context =
      *nodes_.contexts().child(content, ItemKind::kRule, std::move(name), item.mark);
  bool append = false;
  Overrides overrides;
  if (!read_append_flag(item, context, append) ||
      !read_overrides(item, kAppendable, kReplaceable, context, overrides) ||
      !check_append_or_override(append, overrides, context)) {
    return false;
  }
  const auto has = [&](std::string_view key) { return item.find(key) != nullptr; };
  bool is_read = false;
  if (append) {
    is_read = append_rule(item, context, into);
  } else if (overrides.any()) {
    is_read = override_rule(item, overrides, context, into);
  } else if (!has("condition") && !has("output") && !has("desc") && !has("priority")) {
    is_read = enable_rule(item, context, into);
  } else {
    is_read = define_rule(item, context, into);
  }
  if (is_read) {
    nodes_.warn_unknown_keys(item, kRuleKeys, context);
  }
  return is_read;
}

bool ItemReader::define_rule(const YamlNode& item, const ItemContext& context, Definitions& into) {
  RuleSource rule;
  rule.name = context.name;
  rule.context = &context;
  // Goes on behind a mistake, so that one load shows all of them.
  bool is_whole = true;
  const auto note = [&](bool is_read) { is_whole = is_whole && is_read; };
  const bool has_condition = nodes_.condition(item, "condition", context, rule.condition);
  note(has_condition);
  note(nodes_.condition(item, "output", context, rule.output));
  note(nodes_.text(item, "desc", context, Presence::kRequired, rule.description));
  note(read_priority(item, context, rule.priority));
  note(nodes_.text(item, "source", context, Presence::kOptional, rule.source));
  note(nodes_.boolean(item, "enabled", context, Presence::kOptional, rule.is_enabled));
  note(nodes_.boolean(item, "warn_evttypes", context, Presence::kOptional,
                      rule.warns_about_event_types));
  note(nodes_.boolean(item, "skip-if-unknown-filter", context, Presence::kOptional,
                      rule.is_skipped_if_unknown));
  note(nodes_.boolean(item, "capture", context, Presence::kOptional, rule.has_capture));
  note(nodes_.number(item, "capture_duration", context, Presence::kOptional,
                     rule.capture_duration_ms));
  note(read_tags(item, context, rule.tags));
  note(read_exceptions(item, context, false, rule.exceptions));
  if (!is_whole) {
    nodes_.warn_unknown_keys(item, kRuleKeys, context);
    if (has_condition) {
      keep_remains(item, std::move(rule));
    }
    return false;
  }
  rule.output = trim(rule.output);
  rule.condition_context =
      nodes_.contexts().child(context, ItemKind::kRuleCondition, "", item.find("condition")->mark);
  rule.output_context =
      nodes_.contexts().child(context, ItemKind::kRuleOutput, "", item.find("output")->mark);
  if (!check_source(into.rules.find(rule.name), rule.source, context)) {
    return false;
  }
  rule.is_source_known = std::find(settings_.sources.begin(), settings_.sources.end(),
                                   rule.source) != settings_.sources.end();
  if (!rule.is_source_known) {
    const YamlNode* source = item.find("source");
    nodes_.sink().report(Mistake{
        .code = LoadCode::kUnknownSource,
        .diagnostic = DiagnosticCode::kUnknownSource,
        .message = "Unknown source " + rule.source + ", skipping",
        .context = &context,
        .span = nodes_.span_of(source == nullptr ? item : *source, context),
        .own_message = "unknown source '" + rule.source + "', the rule is ignored",
        .hint = hint_near(rule.source, {settings_.sources.begin(), settings_.sources.end()})});
  }
  for (RuleException& exception : rule.exceptions) {
    if (rule.is_source_known && !check_exception(exception, fields_, nodes_.sink())) {
      keep_remains(item, std::move(rule));
      return false;
    }
  }
  into.rules.define(std::move(rule), into.next_number++);
  return true;
}

void ItemReader::keep_remains(const YamlNode& item, RuleSource rule) {
  const ItemContext& context = *rule.context;
  rule.is_source_known =
      std::ranges::find(settings_.sources, rule.source) != settings_.sources.end();
  rule.condition_context =
      nodes_.contexts().child(context, ItemKind::kRuleCondition, "", item.find("condition")->mark);
  const YamlNode* output = item.find("output");
  rule.output = trim(rule.output);
  rule.output_context = nodes_.contexts().child(context, ItemKind::kRuleOutput, "",
                                                output == nullptr ? item.mark : output->mark);
  rule.exceptions.clear();  // they may be the mistake
  remains_ = std::move(rule);
}

bool ItemReader::check_source(const RuleSource* earlier, const std::string& source,
                              const ItemContext& context) {
  if (earlier == nullptr || source.empty() || earlier->source == source) {
    return true;
  }
  return reject(LoadCode::kValidate, DiagnosticCode::kSourceChanged,
                "Rule has been re-defined with a different source", context,
                "it was defined with source '" + earlier->source + "'");
}

bool ItemReader::append_rule(const YamlNode& item, const ItemContext& context, Definitions& into) {
  RuleChange change;
  change.source = source_of(item);
  for (const std::string_view key : {"condition", "exceptions"}) {
    if (item.find(key) != nullptr && !read_change(item, key, true, context, change)) {
      return false;
    }
  }
  return apply_append(std::move(change), context, into);
}

bool ItemReader::override_rule(const YamlNode& item, const Overrides& overrides,
                               const ItemContext& context, Definitions& into) {
  std::set<std::string, std::less<>> left;
  for (const std::string_view key : kReplaceable) {
    if (item.find(key) != nullptr) {
      left.emplace(key);
    }
  }
  RuleChange append;
  RuleChange replace;
  append.source = source_of(item);
  replace.source = append.source;
  for (const bool is_append : {true, false}) {
    const std::set<std::string>& keys = is_append ? overrides.append : overrides.replace;
    for (const std::string_view key : kReplaceable) {
      if (keys.count(std::string(key)) == 0) {
        continue;
      }
      const auto found = left.find(key);
      if (found == left.end()) {
        return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidOverride,
                      std::string(is_append ? "An append" : "An replace") + " override for '" +
                          std::string(key) + "' was specified but '" + std::string(key) +
                          "' is not defined",
                      context);
      }
      left.erase(found);
      if (!read_change(item, key, is_append, context, is_append ? append : replace)) {
        return false;
      }
    }
    if (!keys.empty() && !(is_append ? apply_append(std::move(append), context, into)
                                     : apply_replace(std::move(replace), context, into))) {
      return false;
    }
  }
  if (!left.empty()) {
    const std::string& key = *left.begin();
    return reject(
        LoadCode::kYamlValidate, DiagnosticCode::kInvalidOverride,
        "Unexpected key '" + key + "': no corresponding entry under 'override' is defined.",
        *nodes_.contexts().child(context, ItemKind::kOverrides, key, item.find(key)->mark),
        "add '" + key + ": replace' under 'override'");
  }
  return true;
}

bool ItemReader::enable_rule(const YamlNode& item, const ItemContext& context, Definitions& into) {
  bool is_enabled = true;
  if (!nodes_.boolean(item, "enabled", context, Presence::kRequired, is_enabled)) {
    return false;
  }
  nodes_.sink().report(Mistake{
      .code = LoadCode::kDeprecatedItem,
      .diagnostic = DiagnosticCode::kDeprecated,
      .message = "The standalone 'enabled' key usage is deprecated. The correct approach requires "
                 "also a 'replace' entry under the 'override' key (i.e. 'enabled: replace').",
      .context = &context,
      .span = nodes_.span_of(*item.find("enabled"), context),
      .own_message = "'enabled' without an override is deprecated",
      .hint = "add 'override: {enabled: replace}'"});
  RuleSource* rule = into.rules.find(context.name);
  if (rule == nullptr) {
    return reject(LoadCode::kValidate, DiagnosticCode::kUnknownTarget,
                  "Rule has 'enabled' key but no rule by that name already exists", context,
                  hint_near(context.name, names_of(into.rules)));
  }
  rule->is_enabled = is_enabled;
  return true;
}

bool ItemReader::read_change(const YamlNode& item, std::string_view key, bool is_append,
                             const ItemContext& context, RuleChange& change) {
  const auto flag = [&](std::optional<bool>& out) {
    return nodes_.boolean(item, key, context, Presence::kRequired, out.emplace(false));
  };
  if (key == "condition") {
    return nodes_.condition(item, key, context, change.condition.emplace());
  }
  if (key == "output") {
    if (!nodes_.condition(item, key, context, change.output.emplace())) {
      return false;
    }
    if (!is_append) {  // an appended text keeps its blanks
      change.output = trim(*change.output);
    }
    return true;
  }
  if (key == "desc") {
    return nodes_.text(item, key, context, Presence::kRequired, change.description.emplace());
  }
  if (key == "tags") {
    return read_tags(item, context, change.tags.emplace());
  }
  if (key == "exceptions") {
    return read_exceptions(item, context, is_append, change.exceptions.emplace());
  }
  if (key == "priority") {
    return read_priority(item, context, change.priority.emplace());
  }
  if (key == "capture_duration") {
    return nodes_.number(item, key, context, Presence::kRequired,
                         change.capture_duration_ms.emplace(0));
  }
  return flag(key == "enabled"         ? change.is_enabled
              : key == "warn_evttypes" ? change.warns_about_event_types
              : key == "capture"       ? change.has_capture
                                       : change.is_skipped_if_unknown);
}

bool ItemReader::apply_append(RuleChange change, const ItemContext& context, Definitions& into) {
  RuleSource* rule = into.rules.find(context.name);
  if (rule == nullptr) {
    return reject(LoadCode::kValidate, DiagnosticCode::kUnknownTarget,
                  "Rule uses 'append' or 'override.<key>: append' but no rule by that name already "
                  "exists",
                  context, hint_near(context.name, names_of(into.rules)));
  }
  if (!check_source(rule, change.source, context)) {
    return false;
  }
  if (!change.condition && !change.exceptions && !change.output && !change.description &&
      !change.tags) {
    return reject(LoadCode::kValidate, DiagnosticCode::kMissingKey,
                  "Appended rule must have exceptions or condition property", context);
  }
  if (change.exceptions && !append_exceptions(std::move(*change.exceptions), *rule)) {
    return false;
  }
  if (change.condition) {
    append_text(rule->condition, *change.condition, context.span());
  }
  if (change.output) {
    append_text(rule->output, *change.output, context.span());
  }
  if (change.description) {
    rule->description += ' ' + *change.description;
  }
  if (change.tags) {
    rule->tags.insert(change.tags->begin(), change.tags->end());
  }
  rule->visibility = into.next_number++;
  return true;
}

bool ItemReader::append_exceptions(std::vector<RuleException> added, RuleSource& rule) {
  const auto fail = [&](const RuleException& exception, std::string message) {
    return reject(LoadCode::kValidate, DiagnosticCode::kInvalidException, std::move(message),
                  *exception.context);
  };
  std::unordered_map<std::string, std::size_t> index;  // the first of each name
  for (std::size_t i = 0; i < rule.exceptions.size(); ++i) {
    index.emplace(rule.exceptions[i].name, i);
  }
  for (RuleException& exception : added) {
    const auto earlier = index.find(exception.name);
    if (earlier == index.end()) {
      if (!exception.fields.is_present) {
        return fail(exception, "Rule exception must have fields property with a list of fields");
      }
      if (exception.values.empty()) {
        return fail(exception, "Rule exception must have values property with a list of values");
      }
      if (rule.is_source_known && !check_exception(exception, fields_, nodes_.sink())) {
        return false;
      }
      index.emplace(exception.name, rule.exceptions.size());
      rule.exceptions.push_back(std::move(exception));
      continue;
    }
    if (exception.fields.is_present) {
      return fail(exception, "Can not append exception fields to existing exception, only values");
    }
    if (exception.comps.is_present) {
      return fail(exception, "Can not append exception comps to existing exception, only values");
    }
    std::move(exception.values.begin(), exception.values.end(),
              std::back_inserter(rule.exceptions[earlier->second].values));
  }
  return true;
}

bool ItemReader::apply_replace(RuleChange change, const ItemContext& context, Definitions& into) {
  RuleSource* rule = into.rules.find(context.name);
  if (rule == nullptr) {
    return reject(LoadCode::kValidate, DiagnosticCode::kUnknownTarget,
                  "An 'override.<key>: replace' to a rule was requested but no rule by that name "
                  "already exists",
                  context, hint_near(context.name, names_of(into.rules)));
  }
  if (!check_source(rule, change.source, context)) {
    return false;
  }
  if (change.exceptions) {
    for (RuleException& exception : *change.exceptions) {
      if (rule->is_source_known && !check_exception(exception, fields_, nodes_.sink())) {
        return false;
      }
    }
  }
  const auto replace = [](auto& value, auto& by) {
    if (by) {
      value = std::move(*by);
    }
  };
  replace(rule->condition, change.condition);
  replace(rule->exceptions, change.exceptions);
  replace(rule->output, change.output);
  replace(rule->description, change.description);
  replace(rule->tags, change.tags);
  replace(rule->priority, change.priority);
  replace(rule->is_enabled, change.is_enabled);
  replace(rule->warns_about_event_types, change.warns_about_event_types);
  replace(rule->is_skipped_if_unknown, change.is_skipped_if_unknown);
  replace(rule->has_capture, change.has_capture);
  replace(rule->capture_duration_ms, change.capture_duration_ms);
  rule->visibility = into.next_number++;
  return true;
}

bool ItemReader::read_priority(const YamlNode& item, const ItemContext& context, Priority& out) {
  const YamlNode* value = nullptr;
  if (!nodes_.scalar(item, "priority", context, Presence::kRequired, value)) {
    return false;
  }
  if (parse_priority(value->text, out)) {
    return true;
  }
  return reject(
      LoadCode::kYamlValidate, DiagnosticCode::kInvalidPriority, "Invalid priority",
      *nodes_.contexts().child(context, ItemKind::kRulePriority, "", value->mark),
      "the priorities are EMERGENCY, ALERT, CRITICAL, ERROR, WARNING, NOTICE, INFORMATIONAL (or "
      "INFO) and DEBUG");
}

bool ItemReader::read_tags(const YamlNode& item, const ItemContext& context,
                           std::set<std::string>& out) {
  std::vector<SourceText> words;
  if (!nodes_.words(item, "tags", context, Presence::kOptional, words)) {
    return false;
  }
  for (SourceText& word : words) {
    out.insert(std::move(word.text));
  }
  return true;
}

}  // namespace saker
