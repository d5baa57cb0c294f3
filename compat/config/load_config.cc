// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/load_config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "compat/config/merge.h"
#include "compat/config/option_path.h"
#include "compat/config/read_config.h"
#include "compat/config/schema.h"
#include "compat/config/yaml_file.h"
#include "engine/base/read_all.h"

namespace saker::config {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIncludes = "config_files";

bool is_include_option(std::string_view option) {
  return option.starts_with(kIncludes) && option.size() > kIncludes.size() &&
         (option[kIncludes.size()] == '=' || option[kIncludes.size()] == '[');
}

// Files that an entry stands for: itself, or the regular files of a folder by name. None when the
// path does not exist.
std::vector<fs::path> files_of(const fs::path& path) {
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_directory(path, error)) {
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.is_regular_file(error)) {
        files.push_back(entry.path());
      }
    }
    std::ranges::sort(files);
  } else if (fs::exists(path, error)) {
    files.push_back(path);
  }
  return files;
}

class Loader {
public:
  Loader(const LoadConfigOptions& options, SourceMap& sources, Diagnostics& diagnostics)
      : options_(options), sources_(sources), diagnostics_(diagnostics) {}

  Result<LoadedConfig> load() {
    SAKER_ASSIGN_OR_RETURN(ConfigNode root, read_main());
    for (const std::string& option : options_.options) {
      if (is_include_option(option)) {
        SAKER_RETURN_IF_ERROR(apply_option(option, root, sources_, options_.env));
      }
    }
    SAKER_RETURN_IF_ERROR(merge_includes(root));
    for (const std::string& option : options_.options) {
      if (!is_include_option(option)) {
        SAKER_RETURN_IF_ERROR(apply_option(option, root, sources_, options_.env));
      }
    }
    read_config(root, loaded_.config, diagnostics_);
    if (diagnostics_.has_errors()) {
      return fail(ErrorCode::kRejected, "the configuration has errors");
    }
    return std::move(loaded_);
  }

private:
  Result<ConfigNode> read_main() {
    if (options_.path.empty()) {
      return parse(sources_.add_file("built-in configuration", options_.fallback_text));
    }
    std::error_code error;
    if (!fs::exists(options_.path, error)) {
      return fail(ErrorCode::kNotFound, "Could not find configuration file at " + options_.path);
    }
    return read_file(options_.path);
  }

  Result<ConfigNode> read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      return fail(ErrorCode::kIo, "Could not open configuration file at " + path.string());
    }
    std::string text = read_all(file);
    if (file.bad()) {
      return fail(ErrorCode::kIo, "Could not read configuration file at " + path.string());
    }
    SAKER_ASSIGN_OR_RETURN(ConfigNode root,
                           parse(sources_.add_file(path.string(), std::move(text))));
    const std::string violation = schema_violation(root);
    loaded_.files.push_back({path.string(), violation.empty() ? "ok" : violation});
    return root;
  }

  Result<ConfigNode> parse(SourceId source) {
    SAKER_ASSIGN_OR_RETURN(ConfigNode root,
                           parse_yaml(sources_, source, options_.env, diagnostics_));
    if (root.kind == ConfigNode::Kind::kNull) {
      root.kind = ConfigNode::Kind::kMap;
    }
    if (!root.is_map()) {
      diagnostics_.add({.severity = Severity::kError,
                        .code = DiagnosticCode::kConfigSyntax,
                        .span = root.span,
                        .message = "a configuration is a map of keys",
                        .notes = {},
                        .hint = {}});
      return fail(ErrorCode::kRejected, "the configuration has errors");
    }
    return root;
  }

  Status merge_includes(ConfigNode& root) {
    const ConfigNode* includes = root.find(kIncludes);
    if (includes == nullptr) {
      return {};
    }
    ConfigNode only_includes;
    only_includes.member(kIncludes) = *includes;
    Config parsed;
    Diagnostics ignored;  // read again with the rest
    read_config(only_includes, parsed, ignored);
    for (const IncludeEntry& entry : parsed.config_files) {
      for (const fs::path& path : files_of(entry.path)) {
        SAKER_RETURN_IF_ERROR(merge_file(root, path, entry.strategy));
      }
    }
    return {};
  }

  Status merge_file(ConfigNode& root, const fs::path& path, MergeStrategy strategy) {
    std::error_code error;
    if (fs::equivalent(path, options_.path, error)) {
      return fail(
          ErrorCode::kInvalidArgument,
          "Config error: '" + std::string(kIncludes) +
              "' directive tried to recursively include main config file: " + path.string() + ".");
    }
    SAKER_ASSIGN_OR_RETURN(ConfigNode included, read_file(path));
    if (included.find(kIncludes) != nullptr) {
      return fail(ErrorCode::kInvalidArgument, "Config error: '" + std::string(kIncludes) +
                                                   "' directive in included config file " +
                                                   path.string() + ".");
    }
    merge(root, std::move(included), strategy);
    return {};
  }

  const LoadConfigOptions& options_;
  SourceMap& sources_;
  Diagnostics& diagnostics_;
  LoadedConfig loaded_;
};

}  // namespace

Result<LoadedConfig> load_config(const LoadConfigOptions& options, SourceMap& sources,
                                 Diagnostics& diagnostics) {
  return Loader(options, sources, diagnostics).load();
}

}  // namespace saker::config
