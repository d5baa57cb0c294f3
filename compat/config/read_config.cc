// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/read_config.h"

#include <algorithm>

#include "compat/config/config_keys.h"
#include "compat/config/node_json.h"
#include "compat/config/read_values.h"

namespace saker::config {

namespace {

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

std::string text_of(const ConfigNode* node) {
  return node != nullptr && node->is_scalar() ? node->scalar : std::string{};
}

std::vector<std::string> texts_of(const ConfigNode* node) {
  std::vector<std::string> texts;
  if (node == nullptr) {
    return texts;
  }
  if (node->is_scalar()) {
    texts.push_back(node->scalar);
  }
  for (const ConfigNode& item : node->items) {
    if (item.is_scalar()) {
      texts.push_back(item.scalar);
    }
  }
  return texts;
}

// Reads one node into the member behind a slot. Operators return whether the node fits.
class SlotReader {
public:
  explicit SlotReader(const ConfigNode& node) : node_(node) {}

  bool operator()(bool* to) const { return node_.is_scalar() && parse_bool(node_.scalar, *to); }
  bool operator()(std::uint64_t* to) const {
    std::uint64_t value = 0;
    if (!node_.is_scalar() || !parse_uint(node_.scalar, value)) {
      return false;
    }
    *to = value;
    return true;
  }
  bool operator()(double* to) const {
    double value = 0;
    if (!node_.is_scalar() || !parse_double(node_.scalar, value)) {
      return false;
    }
    *to = value;
    return true;
  }
  bool operator()(std::string* to) const {
    if (node_.is_scalar()) {
      *to = node_.scalar;
    }
    return node_.is_scalar();
  }
  bool operator()(std::vector<std::string>* to) const {
    if (!node_.is_sequence() && !node_.is_scalar()) {
      return false;
    }
    *to = texts_of(&node_);
    return true;
  }
  bool operator()(std::optional<std::vector<std::string>>* to) const {
    return (*this)(&to->emplace());
  }
  bool operator()(std::map<std::string, std::string>* to) const {
    for (const ConfigMember& member : node_.members) {
      to->emplace(member.key, text_of(&member.value));
    }
    return node_.is_map();
  }
  bool operator()(std::vector<IncludeEntry>* to) const;
  bool operator()(std::vector<RuleSelection>* to) const;
  bool operator()(std::vector<PluginEntry>* to) const;
  bool operator()(std::vector<AppendOutput>* to) const;

private:
  const ConfigNode& node_;
};

bool SlotReader::operator()(std::vector<IncludeEntry>* to) const {
  const auto add = [to](const ConfigNode& item) {
    const std::string strategy = text_of(item.find("strategy"));
    to->push_back({item.is_map() ? text_of(item.find("path")) : item.scalar,
                   strategy == "override"   ? MergeStrategy::kOverride
                   : strategy == "add-only" ? MergeStrategy::kAddOnly
                                            : MergeStrategy::kAppend});
  };
  if (node_.is_scalar()) {
    add(node_);
  }
  std::ranges::for_each(node_.items, add);
  return node_.is_scalar() || node_.is_sequence();
}

bool SlotReader::operator()(std::vector<RuleSelection>* to) const {
  for (const ConfigNode& item : node_.items) {
    for (const std::string_view operation : {"enable", "disable"}) {
      const ConfigNode* target = item.find(operation);
      if (target != nullptr) {
        to->push_back(
            {operation == "enable", text_of(target->find("rule")), text_of(target->find("tag"))});
      }
    }
  }
  return node_.is_sequence();
}

bool SlotReader::operator()(std::vector<PluginEntry>* to) const {
  for (const ConfigNode& item : node_.items) {
    const ConfigNode* init = item.find("init_config");
    to->push_back({text_of(item.find("name")), text_of(item.find("library_path")),
                   init == nullptr     ? ""
                   : init->is_scalar() ? init->scalar
                                       : node_json(*init),
                   text_of(item.find("open_params"))});
  }
  return node_.is_sequence();
}

std::vector<AppendOutput::ExtraField> extra_fields_of(const ConfigNode* node) {
  std::vector<AppendOutput::ExtraField> fields;
  if (node == nullptr) {
    return fields;
  }
  for (const ConfigNode& item : node->items) {
    if (item.is_scalar()) {
      fields.push_back({item.scalar, ""});
    }
    for (const ConfigMember& member : item.members) {
      fields.push_back({member.key, text_of(&member.value)});
    }
  }
  return fields;
}

bool SlotReader::operator()(std::vector<AppendOutput>* to) const {
  for (const ConfigNode& item : node_.items) {
    AppendOutput entry;
    if (const ConfigNode* match = item.find("match"); match != nullptr) {
      entry.match_source = text_of(match->find("source"));
      entry.match_tags = texts_of(match->find("tags"));
      entry.match_rule = text_of(match->find("rule"));
    }
    entry.extra_output = text_of(item.find("extra_output"));
    entry.extra_fields = extra_fields_of(item.find("extra_fields"));
    static_cast<void>(parse_bool(text_of(item.find("suggested_output")), entry.suggested_output));
    to->push_back(std::move(entry));
  }
  return node_.is_sequence();
}

std::string list_of(std::span<const std::string_view> choices) {
  std::string text;
  for (const std::string_view choice : choices) {
    text += text.empty() ? "" : ", ";
    text += choice;
  }
  return text;
}

// Reports a text that is none of the key's choices.
void check_choices(const ConfigKey& key, const ConfigNode& node, Diagnostics& diagnostics) {
  if (key.choices.empty()) {
    return;
  }
  const auto check = [&](const ConfigNode& item) {
    const bool is_known = std::ranges::any_of(key.choices, [&](std::string_view choice) {
      return key.is_choice_case_insensitive ? equal_ignoring_case(choice, item.scalar)
                                            : choice == item.scalar;
    });
    if (!is_known) {
      diagnostics.add({.severity = Severity::kError,
                       .code = DiagnosticCode::kConfigValue,
                       .span = item.span,
                       .message = "'" + item.scalar + "' is no value of " + std::string(key.path),
                       .notes = {},
                       .hint = "one of " + list_of(key.choices)});
    }
  };
  if (node.is_scalar()) {
    check(node);
  }
  std::ranges::for_each(node.items, check);
}

// "ignore" stands alone, and an empty list means it. Source: falco-compat.md 3.5.
void check_drop_actions(const ConfigNode& root, Config& config, Diagnostics& diagnostics) {
  auto& actions = config.drops.actions;
  if (actions.empty()) {
    actions = {"ignore"};
  }
  if (actions.size() > 1 && std::ranges::count(actions, "ignore") > 0) {
    diagnostics.add({.severity = Severity::kError,
                     .code = DiagnosticCode::kConfigValue,
                     .span = root.at_path("syscall_event_drops.actions")->span,
                     .message = "syscall_event_drops.actions: ignore excludes every other action",
                     .notes = {},
                     .hint = {}});
  }
}

// What counts in bytes and nanoseconds must not overflow there, and a spool without room keeps
// nothing. `refuse` takes a key and its bounds.
template <typename Refuse>
void check_output_bounds(const Config& config, const Refuse& refuse) {
  constexpr std::uint64_t kMostMegabytes = 1'048'576;
  constexpr std::uint64_t kMostSeconds = 3'153'600'000;
  const auto check_spool = [&](const std::string& output, const SpoolSettings& spool) {
    if (spool.max_size_mb == 0 || spool.max_size_mb > kMostMegabytes) {
      refuse(output + ".spool.max_size_mb", "from 1 to 1048576 (a tebibyte)");
    }
    if (spool.max_age_s > kMostSeconds) {
      refuse(output + ".spool.max_age_s", "from 0 (never) to 3153600000 (a century)");
    }
  };
  check_spool("http_output", config.http_output.spool);
  check_spool("kafka_output", config.kafka_output.spool);
  const std::pair<std::string_view, const SinkSettings*> sinks[] = {
      {"stdout_output", &config.stdout_common},
      {"syslog_output", &config.syslog_common},
      {"file_output", &config.file_output.common},
      {"program_output", &config.program_output.common},
      {"http_output", &config.http_output.common},
      {"kafka_output", &config.kafka_output.common},
  };
  for (const auto& [name, settings] : sinks) {
    if (settings->fold_window_s > kMostSeconds) {
      refuse(std::string(name) + ".fold.window_s", "from 0 to 3153600000 (a century)");
    }
  }
}

// Numbers that have a meaning only within bounds. Source: falco-compat.md 4.3.
void check_bounds(const ConfigNode& root, const Config& config, Diagnostics& diagnostics) {
  const auto refuse = [&](std::string_view path, std::string_view bounds) {
    diagnostics.add({.severity = Severity::kError,
                     .code = DiagnosticCode::kConfigValue,
                     .span = root.at_path(path)->span,
                     .message = std::string(path) + " must be " + std::string(bounds),
                     .notes = {},
                     .hint = {}});
  };
  if (config.timeouts_max_consecutives == 0) {
    refuse("syscall_event_timeouts.max_consecutives", "above 0");
  }
  if (!(config.drops.threshold >= 0 && config.drops.threshold <= 1)) {
    refuse("syscall_event_drops.threshold", "from 0 to 1");
  }
  check_output_bounds(config, refuse);
}

// An entry of `rules` that selects nothing: a misspelled one would leave rules on or off unnoticed.
void check_rule_selection(const ConfigNode& root, Diagnostics& diagnostics) {
  const ConfigNode* rules = root.find("rules");
  if (rules == nullptr || !rules->is_sequence()) {
    return;
  }
  const auto add = [&](Severity severity, const ConfigNode& at, std::string message) {
    diagnostics.add({.severity = severity,
                     .code = DiagnosticCode::kConfigValue,
                     .span = at.span,
                     .message = "rules: " + std::move(message),
                     .notes = {},
                     .hint = "for example - disable: {rule: \"Name*\"}"});
  };
  for (const ConfigNode& item : rules->items) {
    bool has_operation = false;
    for (const std::string_view operation : {"enable", "disable"}) {
      const ConfigNode* target = item.find(operation);
      if (target == nullptr) {
        continue;
      }
      has_operation = true;
      if (!target->is_map()) {
        add(Severity::kError, *target, std::string(operation) + " needs a rule or a tag");
      } else if (target->find("rule") == nullptr && target->find("tag") == nullptr) {
        add(Severity::kWarning, *target,
            std::string(operation) + " without rule and tag is ignored");
      }
    }
    if (!has_operation) {
      add(Severity::kError, item, "an entry needs enable or disable");
    }
  }
}

// rules_file is the old name of rules_files.
void read_old_rules_key(const ConfigNode& root, Config& config, Diagnostics& diagnostics) {
  const ConfigNode* old = root.find("rules_file");
  if (old == nullptr) {
    return;
  }
  if (root.find("rules_files") != nullptr) {
    diagnostics.add({.severity = Severity::kError,
                     .code = DiagnosticCode::kConfigValue,
                     .span = old->span,
                     .message = "rules_file and rules_files are both given",
                     .notes = {},
                     .hint = "rules_file is the old name; keep rules_files"});
    return;
  }
  config.rules_files = texts_of(old);
}

}  // namespace

void read_config(const ConfigNode& root, Config& config, Diagnostics& diagnostics) {
  for (const ConfigKey& key : all_keys()) {
    const ConfigNode* node = root.at_path(key.path);
    if (node == nullptr || node->kind == ConfigNode::Kind::kNull) {
      continue;
    }
    const ConfigSlot slot = key.slot(config);
    // What does not fit leaves nothing of itself behind.
    const auto read = [&](auto* to) {
      auto before = *to;
      const bool fits = SlotReader(*node)(to);
      if (!fits) {
        *to = std::move(before);
      }
      return fits;
    };
    if (!std::visit(read, slot)) {
      diagnostics.add({.severity = Severity::kWarning,
                       .code = DiagnosticCode::kConfigType,
                       .span = node->span,
                       .message = std::string(key.path) + " is no " + std::string(type_name(slot)) +
                                  "; its default is used",
                       .notes = {},
                       .hint = {}});
      continue;
    }
    check_choices(key, *node, diagnostics);
  }
  read_old_rules_key(root, config, diagnostics);
  check_drop_actions(root, config, diagnostics);
  check_rule_selection(root, diagnostics);
  check_bounds(root, config, diagnostics);
}

}  // namespace saker::config
