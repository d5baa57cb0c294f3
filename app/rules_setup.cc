// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/rules_setup.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "app/embedded.h"
#include "app/rule_files.h"
#include "compat/cli/describe.h"
#include "compat/cli/validation.h"
#include "rules/loader/load_rules.h"

namespace saker::app {

namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;

// Values of -p that once meant what suggested_output does today.
constexpr std::array<std::string_view, 6> kIgnoredPrints = {"c", "pc", "container",
                                                            "k", "pk", "kubernetes"};

Result<std::vector<RuleFile>> rule_files_of(const RuleSetup& setup) {
  if (setup.use_embedded && setup.flags.rule_paths.empty() && setup.config.rules_files.empty()) {
    std::vector<RuleFile> files;
    for (const EmbeddedFile& file : embedded_rules()) {
      files.push_back({std::string(file.name), std::string(file.text)});
    }
    return files;
  }
  const bool is_flag = !setup.flags.rule_paths.empty();
  SAKER_ASSIGN_OR_RETURN(
      const auto paths,
      resolve_rule_files(is_flag ? setup.flags.rule_paths : setup.config.rules_files,
                         is_flag ? MissingPath::kIsError : MissingPath::kIsSkipped));
  if (paths.empty()) {
    return fail(
        ErrorCode::kInvalidArgument,
        "You must specify at least one rules file/directory via -r or a rules_file entry in "
        "falco.yaml");
  }
  return read_rule_files(paths);
}

std::vector<OutputAddition> additions_of(const RuleSetup& setup) {
  std::vector<OutputAddition> additions;
  for (const config::AppendOutput& entry : setup.config.append_output) {
    OutputAddition addition{.match_source = entry.match_source,
                            .match_tags = entry.match_tags,
                            .match_rule = entry.match_rule,
                            .extra_output = entry.extra_output,
                            .extra_fields = {},
                            .suggested_output = entry.suggested_output};
    for (const auto& field : entry.extra_fields) {
      addition.extra_fields.push_back({field.key, field.format});
    }
    additions.push_back(std::move(addition));
  }
  const std::string print = setup.flags.print.value_or("");
  if (!print.empty() && std::ranges::count(kIgnoredPrints, print) == 0) {
    additions.push_back({.extra_output = print});
  }
  return additions;
}

Result<LoadOptions> load_options_of(const RuleSetup& setup) {
  LoadOptions options;
  if (!parse_priority(setup.config.priority, options.min_priority)) {
    return fail(ErrorCode::kInvalidArgument, "Unknown priority " + setup.config.priority);
  }
  for (const config::RuleSelection& selection : setup.config.rules) {
    options.selectors.push_back({selection.is_enable, selection.rule, selection.tag});
  }
  options.additions = additions_of(setup);
  options.regex.allow_pcre2 = setup.config.regex_allow_pcre2;
  return options;
}

// Warnings go to the log; the text of the errors is returned.
std::string report_diagnostics(const LoadResult& loaded, Log& log) {
  std::string errors;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    const std::string text = render_text(diagnostic, loaded.sources);
    if (diagnostic.severity == Severity::kError) {
      errors += text;
    } else {
      log.warning(text);
    }
  }
  if (const std::size_t more = loaded.diagnostics.not_kept_count(); more > 0) {
    errors += "and " + std::to_string(more) + " more problems\n";
  }
  return errors;
}

Result<LoadResult> load_files(const RuleSetup& setup, std::span<const RuleFile> files,
                              bool describes) {
  SAKER_ASSIGN_OR_RETURN(LoadOptions options, load_options_of(setup));
  options.describes = describes;
  setup.log.info("Loading rules from:");
  for (const RuleFile& file : files) {
    setup.log.info("   " + file.name);
  }
  return load_rules(files, options, setup.fields);
}

// Loads what a run would load; fails with what is wrong.
Result<LoadResult> load_all(const RuleSetup& setup, bool describes) {
  SAKER_ASSIGN_OR_RETURN(const std::vector<RuleFile> files, rule_files_of(setup));
  SAKER_ASSIGN_OR_RETURN(LoadResult loaded, load_files(setup, files, describes));
  const std::string errors = report_diagnostics(loaded, setup.log);
  if (loaded.rules == nullptr) {
    return fail(ErrorCode::kRejected, loaded.fatal.message.empty()
                                          ? "the rules have errors\n" + errors
                                          : loaded.fatal.message);
  }
  return loaded;
}

int refuse(std::string_view text) {
  const std::string line = "Error: " + std::string(text) + (text.ends_with('\n') ? "" : "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
  return kFailure;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

Result<std::shared_ptr<const RuleSet>> load_session_rules(const RuleSetup& setup) {
  SAKER_ASSIGN_OR_RETURN(LoadResult loaded, load_all(setup, false));
  return std::move(loaded.rules);
}

int validate_rules(const RuleSetup& setup) {
  const auto files = read_rule_files(setup.flags.validate_paths);
  if (!files) {
    return refuse(files.error().message);
  }
  const auto loaded = load_files(setup, *files, setup.flags.describe_all);
  if (!loaded) {
    return refuse(loaded.error().message);
  }
  const cli::ValidationReport report = cli::report_validation(
      *loaded,
      setup.config.json_output ? cli::ValidationFormat::kJson : cli::ValidationFormat::kText,
      setup.flags.describe_all && loaded->rules != nullptr ? &loaded->description : nullptr);
  print(report.output);
  std::fflush(stdout);
  for (const std::string& warning : report.warnings) {
    setup.log.warning(warning);
  }
  if (!report.is_valid && report.is_runtime_error) {
    std::fputs((report.error + "\n").c_str(), stderr);
  } else if (!report.is_valid) {
    static_cast<void>(refuse(report.error));
  }
  std::fputs(report.diagnostics.c_str(), stderr);
  return report.is_valid ? kSuccess : kFailure;
}

int describe_rules(const RuleSetup& setup) {
  const auto loaded = load_all(setup, true);
  if (!loaded) {
    return refuse(loaded.error().message);
  }
  std::optional<std::string_view> rule;
  if (setup.flags.describe_rule.has_value()) {
    rule = *setup.flags.describe_rule;
  }
  const auto text = setup.config.json_output ? cli::describe_json(loaded->description, rule)
                                             : cli::describe_text(loaded->description, rule);
  if (!text) {
    return refuse(text.error().message);
  }
  print(*text);
  return kSuccess;
}

}  // namespace saker::app
