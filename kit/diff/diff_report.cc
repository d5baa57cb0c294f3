// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/diff/diff_report.h"

#include <nlohmann/json.hpp>

#include "kit/base/text.h"

namespace saker::kit {

namespace {

constexpr std::size_t kMaxExamples = 3;

std::string full_text(const AlertText& text) {
  return text.priority + " " + text.message;
}

std::string place_of(const AlertKey& key) {
  return key.capture.substr(key.capture.rfind('/') + 1) + " event " + std::to_string(key.event);
}

std::string counts_text(const DiffReport& report) {
  return count_of(report.before_count, "alert") + " before, " + std::to_string(report.after_count) +
         " after";
}

// For a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : squeeze(text)) {
    out += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return out;
}

}  // namespace

std::string_view to_text(AlertChange change) {
  switch (change) {
    case AlertChange::kAppears:
      return "appears";
    case AlertChange::kVanishes:
      return "vanishes";
    case AlertChange::kPriority:
      return "priority changes";
    case AlertChange::kOutput:
      return "output changes";
  }
  return "";
}

std::vector<AlertChangeGroup> compare_alerts(const AlertSet& before, const AlertSet& after) {
  std::map<std::pair<std::string, AlertChange>, AlertChangeGroup> groups;
  const auto add = [&](const AlertKey& key, AlertChange change, const AlertText* old,
                       const AlertText* fresh) {
    AlertChangeGroup& group = groups[{key.rule, change}];
    group.rule = key.rule;
    group.change = change;
    if (++group.count <= kMaxExamples) {
      group.examples.push_back(
          {key, old == nullptr ? "" : full_text(*old), fresh == nullptr ? "" : full_text(*fresh)});
    }
  };
  for (const auto& [key, old] : before) {
    const auto fresh = after.find(key);
    if (fresh == after.end()) {
      add(key, AlertChange::kVanishes, &old, nullptr);
    } else if (old.priority != fresh->second.priority) {
      add(key, AlertChange::kPriority, &old, &fresh->second);
    } else if (old.message != fresh->second.message) {
      add(key, AlertChange::kOutput, &old, &fresh->second);
    }
  }
  for (const auto& [key, fresh] : after) {
    if (before.find(key) == before.end()) {
      add(key, AlertChange::kAppears, nullptr, &fresh);
    }
  }
  std::vector<AlertChangeGroup> out;
  for (auto& [key, group] : groups) {
    out.push_back(std::move(group));
  }
  return out;
}

std::string diff_text(const DiffReport& report) {
  std::string out =
      report.commit.empty() ? "" : "first commit that changes the alerts: " + report.commit + "\n";
  out += counts_text(report) + "\n";
  for (const AlertChangeGroup& group : report.alerts) {
    out += "\n" + group.rule + ": " + std::string(to_text(group.change)) + ", " +
           count_of(group.count, "alert") + "\n";
    for (const AlertExample& example : group.examples) {
      out += "  " + place_of(example.key) + "\n";
      out += example.before.empty() ? "" : "    - " + squeeze(example.before) + "\n";
      out += example.after.empty() ? "" : "    + " + squeeze(example.after) + "\n";
    }
    out += group.count > group.examples.size() ? "  ...\n" : "";
  }
  out += report.rules.empty() ? "\nThe rules themselves do not differ.\n" : "\nRules:\n";
  for (const RuleChangeNote& note : report.rules) {
    out += "  " + note.rule + ": " + note.what + (note.detail.empty() ? "" : ": " + note.detail) +
           "\n";
    out += note.before.empty() ? "" : "    - " + note.before + "\n";
    out += note.after.empty() ? "" : "    + " + note.after + "\n";
    out += note.witness.empty() ? "" : "    for example " + note.witness + "\n";
  }
  return out;
}

std::string diff_markdown(const DiffReport& report) {
  std::string out = "### Rule changes\n";
  out += report.commit.empty()
             ? ""
             : "First commit that changes the alerts: " + cell(report.commit) + ".\n\n";
  out += counts_text(report) + ".\n\n";
  if (!report.alerts.empty()) {
    out += "| rule | alerts | count | example |\n|---|---|---|---|\n";
  }
  for (const AlertChangeGroup& group : report.alerts) {
    const AlertExample& example = group.examples.front();
    out += "| " + cell(group.rule) + " | " + std::string(to_text(group.change)) + " | " +
           std::to_string(group.count) + " | " + cell(place_of(example.key)) + ": " +
           cell(example.after.empty() ? example.before : example.after) + " |\n";
  }
  if (!report.rules.empty()) {
    out += "\n| rule | what | detail | example |\n|---|---|---|---|\n";
  }
  for (const RuleChangeNote& note : report.rules) {
    std::string detail = cell(note.detail);
    if (!note.before.empty() || !note.after.empty()) {
      detail += (detail.empty() ? "" : "<br>") + std::string("`") + cell(note.before) +
                "` &rarr; `" + cell(note.after) + "`";
    }
    out += "| " + cell(note.rule) + " | " + note.what + " | " + detail + " | " +
           (note.witness.empty() ? "" : "`" + cell(note.witness) + "`") + " |\n";
  }
  return out;
}

std::string diff_json(const DiffReport& report) {
  using nlohmann::json;
  json alerts = json::array();
  for (const AlertChangeGroup& group : report.alerts) {
    json examples = json::array();
    for (const AlertExample& example : group.examples) {
      examples.push_back({{"capture", example.key.capture},
                          {"event", example.key.event},
                          {"before", example.before},
                          {"after", example.after}});
    }
    alerts.push_back({{"rule", group.rule},
                      {"change", to_text(group.change)},
                      {"count", group.count},
                      {"examples", std::move(examples)}});
  }
  json rules = json::array();
  for (const RuleChangeNote& note : report.rules) {
    rules.push_back({{"rule", note.rule},
                     {"what", note.what},
                     {"detail", note.detail},
                     {"witness", note.witness},
                     {"before", note.before},
                     {"after", note.after}});
  }
  json out = {{"before", report.before_count},
              {"after", report.after_count},
              {"alerts", std::move(alerts)},
              {"rules", std::move(rules)}};
  if (!report.commit.empty()) {
    out["commit"] = report.commit;
  }
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace saker::kit
