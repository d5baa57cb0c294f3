// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <optional>

#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/base/rule_files.h"
#include "kit/base/text.h"
#include "kit/check/apply_fixes.h"
#include "kit/check/baseline.h"
#include "kit/commands.h"
#include "kit/lint/lint_rules.h"
#include "kit/lint/lint_table.h"
#include "kit/report/report.h"

namespace saker::kit {

namespace {

constexpr int kClean = 0;
constexpr int kFindings = 1;
constexpr int kNotLoaded = 2;
constexpr int kUsage = 3;

constexpr OptionInfo kOptions[] = {
    {"format", true},  {"fail-on", true},        {"baseline", true},
    {"fix"},           {"write-baseline", true}, {"output", true},
    {"disable", true}, {"list-lints", true},     {"quiet-notes"},
};

// A threshold above every severity stands for "never".
struct Threshold {
  Severity severity = Severity::kWarning;
  bool is_never = false;
};

std::optional<Threshold> parse_threshold(const std::string& text) {
  if (text == "error") {
    return Threshold{Severity::kError};
  }
  if (text == "warning") {
    return Threshold{Severity::kWarning};
  }
  if (text == "note") {
    return Threshold{Severity::kNote};
  }
  if (text == "never") {
    return Threshold{Severity::kError, true};
  }
  return std::nullopt;
}

int usage(const std::string& message) {
  print_error(message + " (saker check --help says more)");
  return kUsage;
}

// Empty when the format is unknown.
std::string render(const std::string& format, const Report& report, Severity fail_on) {
  if (format == "json") {
    return findings_json(report);
  }
  if (format == "sarif") {
    return findings_sarif(report);
  }
  if (format == "junit") {
    return findings_junit(report, fail_on);
  }
  return format == "github" ? findings_github(report) : findings_text(report);
}

// Writes the fixed files and says which.
Status fix_files(const CheckedRules& checked) {
  for (const auto& [name, text] : apply_fixes(checked.findings, checked.loaded.sources)) {
    SAKER_RETURN_IF_ERROR(write_file(name, text));
    print("fixed " + name + "\n");
  }
  return {};
}

void drop_disabled(std::vector<Finding>& findings, const Arguments& arguments) {
  const std::vector<std::string> disabled = arguments.values("disable");
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.severity != Severity::kError && std::ranges::count(disabled, finding.code) > 0;
  });
  if (arguments.has("quiet-notes")) {
    std::erase_if(findings,
                  [](const Finding& finding) { return finding.severity == Severity::kNote; });
  }
}

Status apply_baseline(std::vector<Finding>& findings, const Arguments& arguments) {
  const auto path = arguments.value("baseline");
  if (!path) {
    return {};
  }
  SAKER_ASSIGN_OR_RETURN(const std::string text, read_file(*path));
  const std::set<std::string> accepted = read_baseline(text);
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.severity != Severity::kError && accepted.count(finding.fingerprint) > 0;
  });
  return {};
}

int check_files(const Arguments& arguments, const std::string& format, Threshold fail_on) {
  const auto paths = expand_yaml_paths(arguments.words(), false);
  if (!paths) {
    return usage(paths.error().message);
  }
  auto files = read_rule_files(*paths);
  if (!files) {
    return usage(files.error().message);
  }
  CheckedRules checked = lint_rules(*files);
  if (arguments.has("fix")) {
    if (const Status fixed = fix_files(checked); !fixed) {
      return usage(fixed.error().message);
    }
    files = read_rule_files(*paths);
    checked = lint_rules(*files);
  }
  drop_disabled(checked.findings, arguments);
  if (const auto path = arguments.value("write-baseline")) {
    const Status written =
        write_file(*path, baseline_text(checked.findings, checked.loaded.sources));
    if (!written) {
      return usage(written.error().message);
    }
  }
  if (const Status accepted = apply_baseline(checked.findings, arguments); !accepted) {
    return usage(accepted.error().message);
  }
  const auto output = arguments.value("output");
  const Report report{checked.findings, checked.loaded.sources, *paths, !output && is_terminal()};
  const std::string text = render(format, report, fail_on.severity);
  if (!output) {
    print(text);
  } else if (const Status written = write_file(*output, text); !written) {
    return usage(written.error().message);
  }
  if (checked.loaded.rules == nullptr) {
    if (!checked.loaded.fatal.message.empty()) {
      print_error(checked.loaded.fatal.message);
    }
    return kNotLoaded;
  }
  const bool has_findings = !fail_on.is_never && !arguments.has("write-baseline") &&
                            std::ranges::any_of(checked.findings, [&](const Finding& finding) {
                              return finding.severity >= fail_on.severity;
                            });
  return has_findings ? kFindings : kClean;
}

}  // namespace

int run_check(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    return usage(arguments.error());
  }
  if (const auto list = arguments.value("list-lints")) {
    if (*list != "markdown") {
      return usage("--list-lints takes: markdown");
    }
    print(lints_markdown());
    return kClean;
  }
  constexpr std::string_view kFormats[] = {"text", "json", "sarif", "junit", "github"};
  const std::string format = arguments.value("format").value_or("text");
  const auto fail_on = parse_threshold(arguments.value("fail-on").value_or("warning"));
  if (std::ranges::count(kFormats, std::string_view(format)) == 0) {
    return usage("--format takes: text, json, sarif, junit, github");
  }
  if (!fail_on) {
    return usage("--fail-on takes: note, warning, error, never");
  }
  if (arguments.words().empty()) {
    return usage("check needs rule files");
  }
  return check_files(arguments, format, *fail_on);
}

}  // namespace saker::kit
