// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/rules_describer.h"

#include <algorithm>
#include <unordered_set>

#include "engine/event/catalogue.h"
#include "engine/lang/parser.h"
#include "engine/lang/printer.h"
#include "rules/loader/output_compiler.h"

namespace saker {

namespace {

// Words in the order in which they come, each once.
class WordSet {
public:
  void add(std::string_view word) {
    if (seen_.emplace(word).second) {
      words_.emplace_back(word);
    }
  }
  Words take() { return std::move(words_); }

private:
  std::unordered_set<std::string> seen_;
  Words words_;
};

// Collects what a tree mentions.
struct TreeWords {
  const Definitions& definitions;
  WordSet macros;
  WordSet lists;
  WordSet operators;
  WordSet fields;

  void visit(const Node& node) {
    if (node.kind == NodeKind::kMacro) {
      macros.add(node.macro);
    } else if (node.kind == NodeKind::kCheck) {
      visit(node.check);
    }
    for (const auto& child : node.children) {
      visit(*child);
    }
  }

  void visit(const Check& check) {
    visit(check.left);
    operators.add(check.op_text);
    if (const Literal* literal = check.right_literal(); literal != nullptr) {
      visit(*literal);
    } else if (const ListValue* list = check.right_list(); list != nullptr) {
      for (const Literal& item : list->items) {
        visit(item);
      }
    } else if (const Expr* expr = check.right_expr(); expr != nullptr) {
      visit(*expr);
    }
  }

  void visit(const Literal& literal) {
    if (definitions.lists.find(literal.text) != nullptr) {
      lists.add(literal.text);
    }
  }

  void visit(const Expr& expr) {
    if (const FieldExpr* field = expr.as_field(); field != nullptr) {
      fields.add(field->has_argument ? field->name + "[" + field->argument + "]" : field->name);
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
};

// Names of the events, and of asynchronous ones, for which every rule is registered.
Words event_names(const EventTypeSet& types) {
  WordSet names;
  names.add(event_info(EventType::kAsynceventE).name);
  for (const EventInfo& info : all_events()) {
    if (!types.test(static_cast<std::size_t>(info.type)) || info.has(event_flag::kUnused)) {
      continue;
    }
    if (info.type != EventType::kGenericX) {
      names.add(info.name);
      continue;
    }
    for (const SyscallInfo& syscall : all_syscalls()) {
      if (syscall.exit_event == EventType::kGenericX) {
        names.add(syscall.name);
      }
    }
  }
  return names.take();
}

void add_words(const ExceptionNode& node, WordSet& out) {
  if (!node.is_list) {
    out.add(node.word.text);
  }
  for (const ExceptionNode& item : node.items) {
    out.add(item.word.text);
  }
}

}  // namespace

ConditionDetails RulesDescriber::details_of(const std::string& text, const Node& compiled,
                                            const EventTypeSet& types) const {
  ConditionDetails details;
  details.compiled = print(compiled);
  TreeWords words{definitions_, {}, {}, {}, {}};
  words.visit(compiled);
  details.operators = words.operators.take();
  details.fields = words.fields.take();
  details.events = event_names(types);
  // Macros and lists are those that the text names. A text that does not parse before its lists
  // are put in has none to tell.
  if (const auto parsed = parse_condition(text, SourceId::kNone, kMaxRuleDepth); parsed) {
    TreeWords named{definitions_, {}, {}, {}, {}};
    named.visit(**parsed);
    details.macros = named.macros.take();
    details.lists = named.lists.take();
  }
  return details;
}

Words RulesDescriber::plugins_of(const Words& condition_fields, const Words& output_fields) const {
  constexpr std::string_view kContainer = "container";
  const auto is_container = [](const std::string& field) {
    return field.starts_with("container.") || field.starts_with("k8s.");
  };
  const bool is_loaded =
      std::any_of(options_.plugins.begin(), options_.plugins.end(),
                  [&](const LoadedPlugin& plugin) { return plugin.name == kContainer; });
  if (is_loaded && (std::any_of(condition_fields.begin(), condition_fields.end(), is_container) ||
                    std::any_of(output_fields.begin(), output_fields.end(), is_container))) {
    return {std::string(kContainer)};
  }
  return {};
}

void RulesDescriber::add_rule(const RuleSource& rule, const Node& condition,
                              const EventTypeSet& types, const OutputTemplate& output) {
  RuleDescription& out = description_.rules.emplace_back();
  out.name = rule.name;
  out.condition = rule.condition.text();
  out.priority = rule.priority;
  out.output = rule.output.text();
  out.description = rule.description;
  out.is_enabled = rule.is_enabled;
  out.source = rule.source;
  out.has_capture = rule.has_capture;
  out.capture_duration_ms = rule.capture_duration_ms;
  out.tags.assign(rule.tags.begin(), rule.tags.end());
  out.details = details_of(rule.condition.text(), condition, types);
  for (const OutputTemplate::Field& field : output.fields) {
    out.output_fields.push_back(field.key);
  }
  out.output_compiled = output.text;
  for (const OutputAddition& addition : options_.additions) {
    if (matches(addition, rule)) {
      for (const OutputAddition::ExtraField& extra : addition.extra_fields) {
        out.extra_output_formatted_fields.emplace_back(
            extra.key, extra.format.empty() ? "%" + extra.key : extra.format);
      }
    }
  }
  WordSet names;
  WordSet fields;
  WordSet operators;
  for (const RuleException& exception : rule.exceptions) {
    names.add(exception.name);
    add_words(exception.fields, fields);
    add_words(exception.comps, operators);
  }
  out.exception_names = names.take();
  out.exception_fields = fields.take();
  out.exception_operators = operators.take();
  out.plugins = plugins_of(out.details.fields, out.output_fields);
}

void RulesDescriber::add_definitions(const std::vector<CompiledList>& lists,
                                     const std::vector<CompiledMacro>& macros) {
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const ListSource& list = definitions_.lists.rows()[i];
    ListDescription& out = description_.lists.emplace_back();
    out.name = list.name;
    for (const SourceText& item : list.items) {
      if (std::find(lists[i].lists.begin(), lists[i].lists.end(), item.text) ==
          lists[i].lists.end()) {
        out.items.push_back(item.text);
      }
    }
    out.is_used = lists[i].is_used;
    out.lists = lists[i].lists;
    out.items_compiled = lists[i].items;
  }
  for (std::size_t i = 0; i < macros.size(); ++i) {
    const MacroSource& macro = definitions_.macros.rows()[i];
    MacroDescription& out = description_.macros.emplace_back();
    out.name = macro.name;
    out.condition = macro.condition.text();
    out.is_used = macros[i].is_used;
    const Compiled<EventTypeSet> types = event_types_of(*macros[i].tree);
    out.details =
        details_of(macro.condition.text(), *macros[i].tree, types ? *types : EventTypeSet());
    out.plugins = plugins_of(out.details.fields, {});
  }
  description_.required_engine_version = to_text(definitions_.required_engine);
  for (const PluginRequirementGroup& group : definitions_.plugins) {
    PluginVersionDescription& out = description_.required_plugin_versions.emplace_back();
    for (const PluginRequirement& one : group.alternatives) {
      if (&one == &group.alternatives.front()) {
        out.name = one.name;
        out.version = one.version;
      } else {
        out.alternatives.emplace_back(one.name, one.version);
      }
    }
  }
}

}  // namespace saker
