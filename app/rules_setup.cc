// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/rules_setup.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/embedded.h"
#include "app/rule_files.h"
#include "rules/loader/load_rules.h"

namespace saker::app {

namespace {

// Values of -p that once meant what suggested_output does today.
constexpr std::array<std::string_view, 6> kIgnoredPrints = {"c", "pc", "container",
                                                            "k", "pk", "kubernetes"};

Result<RuleFile> read_rule_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorCode::kIo, "Could not open file " + path + " for reading");
  }
  return RuleFile{path, {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}};
}

Result<std::vector<RuleFile>> read_rule_files(const std::vector<std::string>& paths) {
  std::vector<RuleFile> files;
  for (const std::string& path : paths) {
    SAKER_ASSIGN_OR_RETURN(RuleFile file, read_rule_file(path));
    files.push_back(std::move(file));
  }
  return files;
}

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
  return options;
}

}  // namespace

Result<std::shared_ptr<const RuleSet>> load_session_rules(const RuleSetup& setup) {
  SAKER_ASSIGN_OR_RETURN(const std::vector<RuleFile> files, rule_files_of(setup));
  SAKER_ASSIGN_OR_RETURN(const LoadOptions options, load_options_of(setup));
  setup.log.info("Loading rules from:");
  for (const RuleFile& file : files) {
    setup.log.info("   " + file.name);
  }
  LoadResult loaded = load_rules(files, options, setup.fields);
  std::string errors;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    const std::string text = render_text(diagnostic, loaded.sources);
    if (diagnostic.severity == Severity::kError) {
      errors += text;
    } else {
      setup.log.warning(text);
    }
  }
  if (loaded.rules == nullptr) {
    return fail(ErrorCode::kRejected, loaded.fatal.message.empty()
                                          ? "the rules have errors\n" + errors
                                          : loaded.fatal.message);
  }
  return std::move(loaded.rules);
}

int validate_rules(const RuleSetup& /*setup*/) {
  std::fputs("Error: -V is not available in this build\n", stderr);
  return 1;
}

int describe_rules(const RuleSetup& /*setup*/) {
  std::fputs("Error: -L is not available in this build\n", stderr);
  return 1;
}

}  // namespace saker::app
