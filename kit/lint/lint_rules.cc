// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lint/lint_rules.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include "kit/lint/lint_context.h"

namespace saker::kit {

namespace {

constexpr LintPass kPasses[] = {
    lints::truth,      lints::pairs,   lints::events,     lints::nullable,  lints::paths,
    lints::lists,      lints::names,   lints::exceptions, lints::overrides, lints::cost,
    lints::deprecated, lints::outputs, lints::metadata,
};

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Sources of the files in the order in which the loader registered them: it names them alike.
std::vector<SourceId> file_sources(const LoadResult& loaded, std::size_t count) {
  std::vector<SourceId> sources;
  for (std::uint32_t id = 0; sources.size() < count; ++id) {
    if (!loaded.sources.name(SourceId{id}).empty()) {
      sources.push_back(SourceId{id});
    }
  }
  return sources;
}

Finding from_diagnostic(const Diagnostic& diagnostic, const SourceMap& sources) {
  Finding finding;
  finding.code = to_text(diagnostic.code);
  finding.severity = diagnostic.severity;
  finding.span = sources.to_file(diagnostic.span);
  finding.message = diagnostic.message;
  finding.notes = diagnostic.notes;
  for (DiagnosticNote& note : finding.notes) {
    note.span = sources.to_file(note.span);
  }
  finding.hint = diagnostic.hint;
  return finding;
}

// Lints say the same with a fix.
bool is_said_by_lint(const Finding& finding) {
  constexpr std::string_view kSaid[] = {"'evt.dir'", "'append: true'", "'enabled' without"};
  return finding.code == "deprecated" && std::ranges::any_of(kSaid, [&](std::string_view text) {
           return finding.message.find(text) != std::string::npos;
         });
}

void sort_findings(std::vector<Finding>& findings) {
  const auto key = [](const Finding& finding) {
    return std::tuple(finding.span.source, finding.span.begin, std::string_view(finding.code),
                      std::string_view(finding.message));
  };
  std::ranges::stable_sort(findings,
                           [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  const auto is_equal = [&](const Finding& a, const Finding& b) { return key(a) == key(b); };
  findings.erase(std::unique(findings.begin(), findings.end(), is_equal), findings.end());
}

}  // namespace

CheckedRules lint_rules(std::span<const RuleFile> files) {
  CheckedRules checked;
  LoadOptions options;
  options.keeps_trees = true;
  const auto fields = std::make_shared<const FieldCatalogue>();
  checked.loaded = load_rules(files, options, fields);
  const LoadResult& loaded = checked.loaded;
  const bool has_trees = loaded.trees != nullptr;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    Finding finding = from_diagnostic(diagnostic, loaded.sources);
    if (!has_trees || !is_said_by_lint(finding)) {
      checked.findings.push_back(std::move(finding));
    }
  }
  if (has_trees) {
    const std::vector<SourceId> sources = file_sources(loaded, files.size());
    std::vector<std::unique_ptr<YamlFile>> parsed;
    std::vector<FileView> views;
    for (const SourceId source : sources) {
      auto yaml = YamlFile::parse(loaded.sources.text(source));
      if (yaml) {
        parsed.push_back(std::make_unique<YamlFile>(std::move(*yaml)));
        views.push_back({source, parsed.back().get()});
      }
    }
    LintContext context(loaded, *fields, views);
    for (const LintPass pass : kPasses) {
      pass(context);
    }
    for (Finding& finding : context.take()) {
      checked.findings.push_back(std::move(finding));
    }
  }
  sort_findings(checked.findings);
  set_fingerprints(checked.findings, loaded.sources);
  return checked;
}

}  // namespace saker::kit
