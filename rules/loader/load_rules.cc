// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/load_rules.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "rules/loader/compile_pass.h"
#include "rules/loader/item_reader.h"
#include "rules/loader/rule_schema.h"
#include "rules/loader/yaml_hints.h"

namespace saker {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

class Loader {
public:
  Loader(std::span<const RuleFile> files, const LoadOptions& options,
         std::shared_ptr<const FieldCatalogue> fields)
      : files_(files),
        options_(options),
        fields_(std::move(fields)),
        sink_(result_.sources),
        nodes_(result_.sources, contexts_, sink_),
        settings_{options.engine, options.sources},
        items_(nodes_, *fields_, settings_) {}

  LoadResult load() {
    for (const RuleFile& file : files_) {
      load_file(file, &file == &files_.back());
    }
    if (files_.empty()) {
      compile(definitions_, CompilePass::Goal::kKeep);
    }
    const bool is_valid = result_.fatal.kind == FatalProblem::Kind::kNone &&
                          std::all_of(result_.files.begin(), result_.files.end(),
                                      [](const FileReport& file) { return file.is_valid; });
    if (!is_valid) {
      result_.rules = nullptr;
    }
    collect_diagnostics();
    if (result_.rules == nullptr) {
      result_.trees = nullptr;
    } else if (result_.trees != nullptr) {
      result_.trees->contexts = std::move(contexts_);
      result_.trees->definitions = std::move(definitions_);
    }
    return std::move(result_);
  }

private:
  void load_file(const RuleFile& file, bool is_last) {
    FileReport& report = result_.files.emplace_back();
    report.name = file.name;
    std::string_view text = file.text;
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());
    }
    const SourceId source = result_.sources.add_file(file.name, std::string(text));
    read(result_.sources.text(source), *contexts_.root(source), report);
    if (!sink_.has_errors()) {
      const bool keeps = is_last && are_all_valid();
      compile(definitions_, keeps ? CompilePass::Goal::kKeep : CompilePass::Goal::kCheck);
    }
    check_plugins();
    report.is_valid = !sink_.has_errors();
    report.problems = sink_.take();
  }

  // Files before the current one.
  [[nodiscard]] bool are_all_valid() const {
    return std::all_of(result_.files.begin(), result_.files.end() - 1,
                       [](const FileReport& file) { return file.is_valid; });
  }

  void read(std::string_view text, const ItemContext& content, FileReport& report) {
    const auto file = YamlFile::parse(text);
    if (!file) {
      report_yaml(file.error(), content);
      return;
    }
    // What stands behind the first error is read into a copy: Falco does not see it, but its
    // mistakes are worth knowing at the same time.
    Definitions beyond;
    bool is_beyond = false;
    const auto fail = [&] {
      if (!is_beyond) {
        beyond = definitions_;
        is_beyond = true;
      }
    };
    for (const YamlNode* document : file->documents()) {
      if (document->is_null()) {
        continue;
      }
      // Falco does not look at the documents behind an error.
      if (!is_beyond) {
        report.has_schema_check = true;
        check_rule_schema(*document, report.schema_warnings);
      }
      if (!document->is_sequence()) {
        report_no_sequence(*document, content);
        fail();
        continue;
      }
      for (const YamlNode* item : document->items) {
        if (!item->is_null() && !items_.read(*item, content, is_beyond ? beyond : definitions_)) {
          fail();
          note_broken(*item, beyond);
          if (auto remains = items_.take_remains()) {
            beyond.rules.define(std::move(*remains), beyond.next_number++);
          }
        }
      }
    }
    if (is_beyond) {
      compile(beyond, CompilePass::Goal::kRepair);
    }
  }

  static void note_broken(const YamlNode& item, Definitions& definitions) {
    for (const std::string_view key : {"list", "macro", "rule"}) {
      if (const YamlNode* name = item.find(key); name != nullptr && name->is_scalar()) {
        definitions.broken.insert(name->text);
        return;
      }
    }
  }

  void compile(const Definitions& definitions, CompilePass::Goal goal) {
    CompilePass pass(definitions, options_, fields_, result_.sources, sink_);
    pass.run(goal);
    if (!pass.runtime_error().empty() && result_.fatal.kind == FatalProblem::Kind::kNone) {
      result_.fatal = FatalProblem{FatalProblem::Kind::kRuntime, pass.runtime_error()};
    }
    if (goal == CompilePass::Goal::kKeep && !sink_.has_errors()) {
      result_.rules = pass.take_rules();
      result_.description = pass.take_description();
      if (options_.keeps_trees) {
        result_.trees = pass.take_trees();
      }
    }
  }

  void report_yaml(const YamlError& error, const ItemContext& content) {
    std::string own = error.message;
    constexpr std::string_view kPlaceEnd = ": ";
    if (own.starts_with("yaml-cpp: error at line")) {
      const std::size_t end = own.find(kPlaceEnd, own.find(kPlaceEnd) + 1);
      own = end == std::string::npos ? own : own.substr(end + kPlaceEnd.size());
    }
    sink_.report(Mistake{
        .code = LoadCode::kYamlParse,
        .diagnostic = error.is_limit ? DiagnosticCode::kTooLarge : DiagnosticCode::kYamlSyntax,
        .message = error.message,
        .context = contexts_.child(content, ItemKind::kValueFor, "", error.mark),
        .own_message = std::move(own),
        .hint = std::string(yaml_hint(error.message))});
  }

  void report_no_sequence(const YamlNode& document, const ItemContext& content) {
    sink_.report(Mistake{.code = LoadCode::kYamlValidate,
                         .diagnostic = DiagnosticCode::kNotRules,
                         .message = document.is_map() ? "Rules content is not yaml array of objects"
                                                      : "Rules content is not yaml",
                         .context = &content,
                         .span = nodes_.span_of(document, content),
                         .own_message = "a rule file is a list of items",
                         .hint = "begin each item with '- '"});
  }

  // As Falco does, after every file, with errors or without.
  void check_plugins() {
    for (const PluginRequirementGroup& group : definitions_.plugins) {
      std::string problem = unmet(group);
      if (problem.empty() || result_.fatal.kind != FatalProblem::Kind::kNone) {
        continue;
      }
      sink_.report(Mistake{.code = LoadCode::kValidate,
                           .diagnostic = DiagnosticCode::kPluginRequirement,
                           .message = problem,
                           .context = group.context});
      result_.fatal = FatalProblem{FatalProblem::Kind::kPluginRequirement, std::move(problem)};
    }
  }

  // Falco's text when no plugin of the group is there; else empty.
  [[nodiscard]] std::string unmet(const PluginRequirementGroup& group) const {
    std::string names;
    for (const PluginRequirement& required : group.alternatives) {
      names += (names.empty() ? "" : ", ") + required.name + " (>= " + required.version + ")";
      const auto plugin =
          std::find_if(options_.plugins.begin(), options_.plugins.end(),
                       [&](const LoadedPlugin& one) { return one.name == required.name; });
      if (plugin == options_.plugins.end()) {
        continue;
      }
      if (!plugin->version.satisfies(*parse_version(required.version))) {
        return "Plugin '" + plugin->name + "' version '" + to_text(plugin->version) +
               "' is not compatible with required plugin version '" + required.version + "'";
      }
      return {};
    }
    return "Plugin requirement not satisfied, must load one of: " + names;
  }

  // By place. Each pass over all files says the same again; once is enough.
  void collect_diagnostics() {
    struct Row {
      SourceSpan place;
      const Diagnostic* diagnostic;
    };
    std::vector<Row> rows;
    for (const FileReport& file : result_.files) {
      for (const LoadProblem& problem : file.problems) {
        rows.push_back({result_.sources.to_file(problem.diagnostic.span), &problem.diagnostic});
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return std::tie(a.place.source, a.place.begin) < std::tie(b.place.source, b.place.begin);
    });
    std::set<std::tuple<SourceId, std::uint32_t, DiagnosticCode, std::string_view>> seen;
    for (const Row& row : rows) {
      if (seen.emplace(row.place.source, row.place.begin, row.diagnostic->code,
                       row.diagnostic->message)
              .second) {
        result_.diagnostics.add(*row.diagnostic);
      }
    }
  }

  std::span<const RuleFile> files_;
  const LoadOptions& options_;
  std::shared_ptr<const FieldCatalogue> fields_;
  LoadResult result_;
  ContextPool contexts_;
  ProblemSink sink_;
  NodeReader nodes_;
  ReaderSettings settings_;
  ItemReader items_;
  Definitions definitions_;
};

}  // namespace

LoadResult load_rules(std::span<const RuleFile> files, const LoadOptions& options,
                      std::shared_ptr<const FieldCatalogue> fields) {
  return Loader(files, options, std::move(fields)).load();
}

}  // namespace saker
