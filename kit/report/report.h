// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Findings in the formats that people, editors and CI systems read.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kit/lint/finding.h"

namespace saker::kit {

struct Report {
  std::span<const Finding> findings;
  const SourceMap& sources;
  std::span<const std::string> files;  // all that were checked
  bool has_colours = false;            // text only
};

[[nodiscard]] std::string_view severity_name(Severity severity);

[[nodiscard]] std::string findings_text(const Report& report);
[[nodiscard]] std::string findings_json(const Report& report);
// SARIF 2.1.0. Source: OASIS, "Static Analysis Results Interchange Format Version 2.1.0".
[[nodiscard]] std::string findings_sarif(const Report& report);
// One test suite per file, one failed case per finding of at least `fail_on`.
[[nodiscard]] std::string findings_junit(const Report& report, Severity fail_on);
// Workflow commands: ::warning file=...,line=...::message
[[nodiscard]] std::string findings_github(const Report& report);

}  // namespace saker::kit
