// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// SARIF 2.1.0 for code scanning. Rule ids are our codes; the fingerprint is partialFingerprints
// "saker/v1", which survives moved lines.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "kit/lint/lint_table.h"
#include "kit/report/report.h"

namespace saker::kit {

namespace {

using nlohmann::json;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

// A path as a URI reference.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return uri;
}

json location_of(const SourceMap& sources, SourceSpan span, std::string_view message = {}) {
  const SourceLocation place = sources.locate(span);
  json region = {{"startLine", place.line == 0 ? 1 : place.line}};
  if (place.column > 0) {
    region["startColumn"] = place.column;
    region["endColumn"] = place.column + std::max<std::uint32_t>(place.length, 1);
  }
  json location = {
      {"physicalLocation",
       {{"artifactLocation", {{"uri", uri_of(place.file)}}}, {"region", std::move(region)}}}};
  if (!message.empty()) {
    location["message"] = {{"text", message}};
  }
  return location;
}

// A code of loading has its page in docs/diagnostics.md.
json rule_of(const std::string& code) {
  json rule = {{"id", code}};
  if (const LintInfo* lint = find_lint(code); lint != nullptr) {
    rule["shortDescription"] = {{"text", lint->summary}};
    rule["fullDescription"] = {{"text", lint->details}};
    rule["help"] = {{"text", std::string(lint->summary) + "\n\n" + std::string(lint->details)}};
    rule["defaultConfiguration"] = {{"level", severity_name(lint->severity)}};
  } else {
    rule["shortDescription"] = {{"text", "Found while the rules were loaded: " + code}};
    rule["help"] = {{"text", "docs/diagnostics.md, section " + code}};
  }
  return rule;
}

std::string text_of(const Finding& finding) {
  std::string text = finding.message;
  if (!finding.witness.empty()) {
    text += "\nWitness: " + finding.witness;
  }
  if (!finding.hint.empty()) {
    text += "\nHint: " + finding.hint;
  }
  return text;
}

json result_of(const Finding& finding, const SourceMap& sources, std::size_t rule_index) {
  json result = {{"ruleId", finding.code},
                 {"ruleIndex", rule_index},
                 {"level", severity_name(finding.severity)},
                 {"message", {{"text", text_of(finding)}}},
                 {"locations", json::array({location_of(sources, finding.span)})},
                 {"partialFingerprints", {{"saker/v1", finding.fingerprint}}}};
  for (const DiagnosticNote& note : finding.notes) {
    result["relatedLocations"].push_back(location_of(sources, note.span, note.message));
  }
  return result;
}

}  // namespace

std::string findings_sarif(const Report& report) {
  std::vector<std::string> codes;
  for (const Finding& finding : report.findings) {
    codes.push_back(finding.code);
  }
  std::ranges::sort(codes);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  json rules = json::array();
  for (const std::string& code : codes) {
    rules.push_back(rule_of(code));
  }
  json results = json::array();
  for (const Finding& finding : report.findings) {
    const auto at = std::ranges::lower_bound(codes, finding.code);
    results.push_back(
        result_of(finding, report.sources, static_cast<std::size_t>(at - codes.begin())));
  }
  json artifacts = json::array();
  for (const std::string& file : report.files) {
    artifacts.push_back({{"location", {{"uri", uri_of(file)}}}});
  }
  const json run = {{"tool", {{"driver", {{"name", "saker"}, {"rules", std::move(rules)}}}}},
                    {"columnKind", "utf16CodeUnits"},
                    {"artifacts", std::move(artifacts)},
                    {"results", std::move(results)}};
  const json out = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", json::array({run})}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace saker::kit
