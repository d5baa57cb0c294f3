// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/option_path.h"

#include <optional>
#include <string>

#include "compat/config/read_values.h"
#include "compat/config/yaml_file.h"

namespace saker::config {

namespace {

// More elements than a list in a configuration has; an index above it is a mistake.
constexpr std::uint64_t kMaxIndex = 4096;
// Deeper than any key stands; trees are walked recursively.
constexpr int kMaxSteps = 32;

Error path_error(std::string_view key, std::string_view why) {
  return {ErrorCode::kInvalidArgument,
          "Config error at key \"" + std::string(key) + "\": Parsing error: " + std::string(why)};
}

class PathWalker {
public:
  explicit PathWalker(std::string_view key) : key_(key), rest_(key) {}

  // Follows the path from `root`, making what does not exist.
  Result<ConfigNode*> walk(ConfigNode& root) {
    ConfigNode* node = &root;
    for (int steps = 0; !rest_.empty(); ++steps) {
      if (steps == kMaxSteps) {
        return tl::unexpected(
            path_error(key_, "more than " + std::to_string(kMaxSteps) + " steps lead to it"));
      }
      SAKER_ASSIGN_OR_RETURN(node, rest_.front() == '[' ? step_index(*node) : step_name(*node));
      if (!rest_.empty() && rest_.front() == '.') {
        rest_.remove_prefix(1);
        if (rest_.empty()) {
          return tl::unexpected(path_error(key_, "the key ends with a dot"));
        }
      } else if (!rest_.empty() && rest_.front() != '[') {
        return tl::unexpected(path_error(key_, "expected '.' or '[' after ']'"));
      }
    }
    return node;
  }

private:
  Result<ConfigNode*> step_name(ConfigNode& node) {
    std::string name;
    while (!rest_.empty() && rest_.front() != '.' && rest_.front() != '[') {
      if (rest_.front() == ']') {
        return tl::unexpected(path_error(key_, "unexpected ']'"));
      }
      if (rest_.front() == '\\' && rest_.size() > 1) {
        rest_.remove_prefix(1);
      }
      name += rest_.front();
      rest_.remove_prefix(1);
    }
    if (name.empty()) {
      return tl::unexpected(path_error(key_, "a name is empty"));
    }
    return &node.member(name);
  }

  Result<ConfigNode*> step_index(ConfigNode& node) {
    const std::size_t close = rest_.find(']');
    if (close == std::string_view::npos) {
      return tl::unexpected(path_error(key_, "'[' without ']'"));
    }
    const std::string_view text = rest_.substr(1, close - 1);
    rest_.remove_prefix(close + 1);
    if (!node.is_sequence()) {
      const SourceSpan span = node.span;
      node = ConfigNode{};
      node.kind = ConfigNode::Kind::kSequence;
      node.span = span;
    }
    std::uint64_t index = node.items.size();
    if (!text.empty() && (!parse_uint(text, index) || index > kMaxIndex)) {
      return tl::unexpected(path_error(key_, "'" + std::string(text) + "' is no index"));
    }
    if (index >= node.items.size()) {
      node.items.resize(index + 1);
    }
    return &node.items[index];
  }

  std::string_view key_;
  std::string_view rest_;
};

}  // namespace

Status apply_option(std::string_view option, ConfigNode& root, SourceMap& sources,
                    const EnvLookup& lookup) {
  const std::size_t equals = option.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return fail(ErrorCode::kInvalidArgument,
                "Error parsing config option \"" + std::string(option) +
                    "\". Must be of the form key=val or key.subkey=val");
  }
  const std::string_view key = option.substr(0, equals);
  const std::string_view value = option.substr(equals + 1);
  const SourceId source = sources.add_file("-o " + std::string(key), std::string(value));
  const SourceSpan span{source, 0, static_cast<std::uint32_t>(value.size())};
  ConfigNode parsed = ConfigNode::of_scalar(expand_env(value, lookup), span);
  if (value.starts_with('{') && value.ends_with('}')) {
    Diagnostics diagnostics;
    auto yaml = parse_yaml(sources, source, lookup, diagnostics);
    if (!yaml) {
      return tl::unexpected(path_error(key, yaml.error().message));
    }
    parsed = std::move(*yaml);
  }
  SAKER_ASSIGN_OR_RETURN(ConfigNode * target, PathWalker(key).walk(root));
  *target = std::move(parsed);
  return {};
}

}  // namespace saker::config
