// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <nlohmann/json.hpp>

#include "kit/report/report.h"

namespace saker::kit {

namespace {

using nlohmann::json;

json place_of(const SourceMap& sources, SourceSpan span) {
  const SourceLocation place = sources.locate(span);
  return {{"file", place.file},
          {"line", place.line},
          {"column", place.column},
          {"length", place.length}};
}

json data_of(const Finding& finding, const SourceMap& sources) {
  json data = {{"code", finding.code},
               {"severity", severity_name(finding.severity)},
               {"message", finding.message},
               {"place", place_of(sources, finding.span)},
               {"fingerprint", finding.fingerprint},
               {"is_fixable", !finding.fix.empty()}};
  if (!finding.item.empty()) {
    data["item"] = finding.item;
  }
  if (!finding.hint.empty()) {
    data["hint"] = finding.hint;
  }
  if (!finding.witness.empty()) {
    data["witness"] = finding.witness;
  }
  for (const DiagnosticNote& note : finding.notes) {
    data["notes"].push_back({{"message", note.message}, {"place", place_of(sources, note.span)}});
  }
  return data;
}

}  // namespace

std::string findings_json(const Report& report) {
  json findings = json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back(data_of(finding, report.sources));
  }
  const json out = {{"files", report.files}, {"findings", std::move(findings)}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace saker::kit
