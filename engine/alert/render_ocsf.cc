// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <array>

#include "engine/alert/field_places.h"
#include "engine/alert/render_formats.h"
#include "engine/alert/time_text.h"

namespace saker {

namespace {

using Form = FieldPlace::Form;

// Source: OCSF 1.3.0, class detection_finding (2004) and its objects.
constexpr std::int64_t kClassId = 2004;
constexpr std::int64_t kCategoryId = 2;  // Findings
constexpr std::int64_t kActivityCreate = 1;
constexpr std::int64_t kAnalyticRule = 1;
constexpr std::int64_t kUnknown = 0;

// Of the first item of `evidences`.
constexpr FieldPlace kEvidencePlaces[] = {
    {"proc.pid", "process.pid", Form::kInteger},
    {"proc.name", "process.name"},
    {"proc.cmdline", "process.cmd_line"},
    {"proc.exepath", "process.file.path", Form::kPath},
    {"thread.tid", "process.tid", Form::kInteger},
    {"proc.ppid", "process.parent_process.pid", Form::kInteger},
    {"proc.pname", "process.parent_process.name"},
    {"proc.pcmdline", "process.parent_process.cmd_line"},
    {"user.uid", "process.user.uid"},
    {"user.name", "process.user.name"},
    {"container.id", "process.container.uid"},
    {"container.name", "process.container.name"},
    {"container.image.repository", "process.container.image.name"},
    {"container.image.tag", "process.container.image.tag"},
    {"fs.path.name", "file.path", Form::kPath},
    {"fd.name", "file.path", Form::kPath},
    {"fd.cip", "src_endpoint.ip", Form::kAddress},
    {"fd.cport", "src_endpoint.port", Form::kInteger},
    {"fd.sip", "dst_endpoint.ip", Form::kAddress},
    {"fd.sport", "dst_endpoint.port", Form::kInteger},
};

struct Severity {
  std::int64_t id;
  std::string_view name;
};

// By priority, Emergency first. Source: OCSF, severity_id.
constexpr std::array<Severity, 8> kSeverities = {{{6, "Fatal"},
                                                  {5, "Critical"},
                                                  {5, "Critical"},
                                                  {4, "High"},
                                                  {3, "Medium"},
                                                  {2, "Low"},
                                                  {1, "Informational"},
                                                  {1, "Informational"}}};

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

// "T1059" and "T1059.004", as tags name techniques of ATT&CK.
bool is_technique(std::string_view tag) {
  const bool has_head = tag.size() >= 5 && (tag[0] == 'T' || tag[0] == 't') && is_digit(tag[1]) &&
                        is_digit(tag[2]) && is_digit(tag[3]) && is_digit(tag[4]);
  return has_head && (tag.size() == 5 || (tag.size() == 9 && tag[5] == '.' && is_digit(tag[6]) &&
                                          is_digit(tag[7]) && is_digit(tag[8])));
}

std::vector<JsonTree> attacks(const AlertFacts& facts) {
  std::vector<JsonTree> result;
  for (const std::string& tag : facts.tags) {
    if (is_technique(tag)) {
      JsonTree attack;
      attack.text("technique.uid", "T" + tag.substr(1));
      result.push_back(std::move(attack));
    }
  }
  return result;
}

// An OCSF file has a name and a type; we know the path.
void complete_file(JsonTree& tree, const AlertFacts& facts, std::string_view place,
                   std::initializer_list<std::string_view> fields) {
  const std::string prefix(place);
  for (const std::string_view field : fields) {
    const AlertFact* fact = facts.find(field);
    const std::string path = fact == nullptr ? std::string() : text_of(*fact);
    if (path.starts_with('/')) {
      const std::string name = path.substr(path.rfind('/') + 1);
      tree.text(prefix + ".name", name.empty() ? path : name);
      tree.number(prefix + ".type_id", kUnknown);
      return;
    }
  }
}

JsonTree evidence_of(const AlertFacts& facts) {
  JsonTree evidence;
  place_fields(evidence, facts, kEvidencePlaces);
  complete_file(evidence, facts, "process.file", {"proc.exepath"});
  complete_file(evidence, facts, "file", {"fs.path.name", "fd.name"});
  return evidence;
}

void add_finding(JsonTree& tree, const AlertFacts& facts) {
  tree.text("finding_info.uid", facts.id);
  tree.text("finding_info.title", facts.rule);
  tree.text("finding_info.desc", facts.message);
  tree.number("finding_info.created_time", static_cast<std::int64_t>(facts.ts_ns / 1'000'000));
  tree.text("finding_info.analytic.name", facts.rule);
  tree.text("finding_info.analytic.type", "Rule");
  tree.number("finding_info.analytic.type_id", kAnalyticRule);
  tree.text("finding_info.analytic.category", facts.source);
  if (!facts.tags.empty()) {
    tree.texts("finding_info.types", facts.tags);
  }
  if (const auto list = attacks(facts); !list.empty()) {
    tree.objects("finding_info.attacks", list);
  }
}

}  // namespace

void render_ocsf(std::string& out, const AlertFacts& facts) {
  JsonTree tree;
  tree.number("activity_id", kActivityCreate);
  tree.text("activity_name", "Create");
  tree.number("category_uid", kCategoryId);
  tree.text("category_name", "Findings");
  tree.number("class_uid", kClassId);
  tree.text("class_name", "Detection Finding");
  tree.number("type_uid", kClassId * 100 + kActivityCreate);
  tree.number("status_id", 1);  // New
  const Severity& severity = kSeverities[static_cast<std::size_t>(facts.priority)];
  tree.number("severity_id", severity.id);
  tree.text("severity", severity.name);
  tree.number("time", static_cast<std::int64_t>(facts.ts_ns / 1'000'000));
  tree.text("message", facts.message);
  tree.text("metadata.version", "1.3.0");
  tree.text("metadata.uid", facts.id);
  tree.text("metadata.product.name", "Saker");
  tree.text("metadata.product.vendor_name", "Saker");
  tree.texts("metadata.profiles", {"host", "container"});
  tree.text("device.hostname", facts.hostname);
  tree.number("device.type_id", kUnknown);
  add_finding(tree, facts);
  if (const JsonTree evidence = evidence_of(facts); !evidence.is_empty()) {
    tree.objects("evidences", {evidence});
  }
  tree.text("unmapped.priority", to_text(facts.priority));
  tree.object("unmapped.fields", nested_fields(facts));
  tree.write(out);
}

}  // namespace saker
