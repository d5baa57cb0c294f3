// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/test/coverage.h"

#include <cstdio>

#include "engine/lang/printer.h"
#include "kit/base/text.h"

namespace saker::kit {

namespace {

void count(const Coverage& coverage, const Node& node, bool wants_atoms, CoverageCount& out) {
  const bool is_atom = node.kind == NodeKind::kCheck;
  if (is_atom == wants_atoms && node.kind != NodeKind::kNot) {
    ++out.all;
    out.covered += coverage.of(node).is_covered() ? 1U : 0U;
  }
  for (const auto& child : node.children) {
    count(coverage, *child, wants_atoms, out);
  }
}

std::string percent_text(const CoverageCount& count) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.0f%%", count.percent());
  return text;
}

// Calls `visit` with the name and tree of each rule.
template <typename Visit>
void for_each_rule(const RuleBench& bench, Visit&& visit) {
  const RuleTrees& trees = *bench.loaded().trees;
  const auto& rows = trees.definitions.rules.rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (trees.rules[i] != nullptr && trees.rules[i]->tree != nullptr) {
      visit(rows[i], *trees.rules[i]->tree);
    }
  }
}

std::string_view class_of(const PartCoverage& part) {
  if (part.is_covered()) {
    return "both";
  }
  if (part.true_count > 0) {
    return "only-true";
  }
  return part.false_count > 0 ? "only-false" : "none";
}

void append_tree(const Coverage& coverage, const Node& node, std::string& out) {
  const PartCoverage part = coverage.of(node);
  const std::string counts =
      std::to_string(part.true_count) + " true, " + std::to_string(part.false_count) + " false";
  out += "<li><span class=\"part " + std::string(class_of(part)) + "\" title=\"" + counts + "\">";
  switch (node.kind) {
    case NodeKind::kAnd:
      out += "<b>and</b>";
      break;
    case NodeKind::kOr:
      out += "<b>or</b>";
      break;
    case NodeKind::kNot:
      out += "<b>not</b>";
      break;
    default:
      out += escape_markup(print(node));
  }
  out += "</span> <small>" + counts + "</small>";
  if (!node.children.empty()) {
    out += "<ul>";
    for (const auto& child : node.children) {
      append_tree(coverage, *child, out);
    }
    out += "</ul>";
  }
  out += "</li>\n";
}

// A link to a rule opens it.
constexpr std::string_view kScript =
    "<script>function show(){const rule=document.getElementById(location.hash.slice(1));"
    "if(rule){rule.open=true;rule.scrollIntoView()}}addEventListener('hashchange',show);show()"
    "</script>";

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;"
    "color:#1c2733;background:#fbfcfd}h1{font-size:1.5rem}table{border-collapse:collapse;"
    "width:100%;background:#fff;box-shadow:0 1px 3px #0002}td,th{padding:.35rem .7rem;"
    "text-align:left;border-bottom:1px solid #e6eaee}td.n{text-align:right;white-space:nowrap}"
    ".bar{display:inline-block;width:8rem;height:.6rem;background:#e6eaee;border-radius:.3rem;"
    "overflow:hidden;margin-right:.6rem}.bar i{display:block;height:100%;background:#2e9d5b}"
    "details{background:#fff;margin:.6rem 0;padding:.5rem 1rem;box-shadow:0 1px 3px #0002;"
    "border-radius:.3rem}summary{cursor:pointer;font-weight:600}ul{list-style:none;"
    "border-left:1px solid #d5dbe1;margin:.1rem 0 .1rem .4rem;padding-left:1rem}"
    ".part{font-family:ui-monospace,monospace;font-size:13px;padding:.05rem .35rem;"
    "border-radius:.2rem;overflow-wrap:anywhere}.both{background:#d8f3e1}.only-true,.only-false"
    "{background:#fff0c9}.none{background:#fbd9d9}small{color:#7a8794}";

}  // namespace

void Coverage::add(const Parts& parts) {
  const std::lock_guard lock(mutex_);
  for (const auto& [node, part] : parts) {
    parts_[node].true_count += part.true_count;
    parts_[node].false_count += part.false_count;
  }
}

PartCoverage Coverage::of(const Node& part) const {
  const auto found = parts_.find(&part);
  return found == parts_.end() ? PartCoverage{} : found->second;
}

CoverageCount Coverage::atoms(const Node& tree) const {
  CoverageCount out;
  count(*this, tree, true, out);
  return out;
}

CoverageCount Coverage::branches(const Node& tree) const {
  CoverageCount out;
  count(*this, tree, false, out);
  return out;
}

CoverageCount total_atoms(const Coverage& coverage, const RuleBench& bench) {
  CoverageCount total;
  for_each_rule(bench, [&](const RuleSource&, const Node& tree) {
    const CoverageCount one = coverage.atoms(tree);
    total.covered += one.covered;
    total.all += one.all;
  });
  return total;
}

std::string coverage_text(const Coverage& coverage, const RuleBench& bench) {
  std::string out = "Coverage (checks seen both true and false; branches likewise):\n";
  for_each_rule(bench, [&](const RuleSource& rule, const Node& tree) {
    const CoverageCount atoms = coverage.atoms(tree);
    char line[512];
    std::snprintf(line, sizeof(line), "  %5.1f%%  %3zu of %3zu checks  %5.1f%% branches  %s\n",
                  atoms.percent(), atoms.covered, atoms.all, coverage.branches(tree).percent(),
                  rule.name.substr(0, 300).c_str());
    out += line;
  });
  const CoverageCount total = total_atoms(coverage, bench);
  char line[128];
  std::snprintf(line, sizeof(line), "  %5.1f%%  %3zu of %3zu checks in all\n", total.percent(),
                total.covered, total.all);
  return out + line;
}

std::string coverage_html(const Coverage& coverage, const RuleBench& bench) {
  const CoverageCount total = total_atoms(coverage, bench);
  std::string rows;
  std::string bodies;
  for_each_rule(bench, [&](const RuleSource& rule, const Node& tree) {
    const CoverageCount atoms = coverage.atoms(tree);
    const std::string anchor = stable_digest(rule.name);
    rows += "<tr><td><a href=\"#" + anchor + "\">" + escape_markup(rule.name) +
            "</a></td><td><span class=\"bar\"><i style=\"width:" + percent_text(atoms) +
            "\"></i></span>" + percent_text(atoms) + "</td><td class=\"n\">" +
            std::to_string(atoms.covered) + " of " + std::to_string(atoms.all) +
            "</td><td class=\"n\">" + percent_text(coverage.branches(tree)) + "</td></tr>\n";
    bodies +=
        "<details id=\"" + anchor + "\"><summary>" + escape_markup(rule.name) + "</summary><ul>";
    append_tree(coverage, tree, bodies);
    bodies += "</ul></details>\n";
  });
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\"><title>Rule coverage</title><style>" +
         std::string(kStyle) + "</style></head><body><h1>Rule coverage</h1><p><b>" +
         percent_text(total) + "</b> of " + std::to_string(total.all) +
         " checks were seen both true and false. <span class=\"part both\">both</span> <span "
         "class=\"part only-true\">one only</span> <span class=\"part none\">never "
         "asked</span></p><table><tr><th>Rule</th><th>Checks</th><th></th><th>Branches</th></tr>" +
         rows + "</table><h2>Conditions</h2>" + bodies + std::string(kScript) + "</body></html>\n";
}

}  // namespace saker::kit
