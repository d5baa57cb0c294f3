// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/yaml_file.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

namespace saker::config {

namespace {

// Deeper nesting than any configuration has; the conversion recurses.
constexpr int kMaxDepth = 64;

struct Converter {
  SourceId source;
  std::size_t text_size;
  const EnvLookup& lookup;

  SourceSpan span_of(const YAML::Node& yaml) const {
    const YAML::Mark mark = yaml.Mark();
    const auto begin = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_size);
    const std::size_t length = yaml.IsScalar() ? yaml.Scalar().size() : 1;
    const std::size_t end = std::min(begin + std::max<std::size_t>(length, 1), text_size);
    return {source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  // A tree that is too deep, or a reference that contains itself, ends in null nodes.
  ConfigNode convert(const YAML::Node& yaml, int depth) const {
    ConfigNode node;
    node.span = span_of(yaml);
    if (depth > kMaxDepth) {
      return node;
    }
    switch (yaml.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        node.kind = ConfigNode::Kind::kScalar;
        node.scalar = expand_env(yaml.Scalar(), lookup);
        break;
      case YAML::NodeType::Sequence:
        node.kind = ConfigNode::Kind::kSequence;
        for (const YAML::Node& item : yaml) {
          node.items.push_back(convert(item, depth + 1));
        }
        break;
      case YAML::NodeType::Map:
        node.kind = ConfigNode::Kind::kMap;
        for (const auto& member : yaml) {
          if (member.first.IsScalar()) {
            node.members.push_back({member.first.Scalar(), convert(member.second, depth + 1)});
          }
        }
        break;
    }
    return node;
  }
};

}  // namespace

Result<ConfigNode> parse_yaml(const SourceMap& sources, SourceId source, const EnvLookup& lookup,
                              Diagnostics& diagnostics) {
  const std::string_view text = sources.text(source);
  try {
    const YAML::Node yaml = YAML::Load(std::string(text));
    return Converter{source, text.size(), lookup}.convert(yaml, 0);
  } catch (const YAML::Exception& error) {
    const auto at = static_cast<std::uint32_t>(
        std::min(static_cast<std::size_t>(std::max(error.mark.pos, 0)), text.size()));
    diagnostics.add({.severity = Severity::kError,
                     .code = DiagnosticCode::kConfigSyntax,
                     .span = {source, at, at},
                     .message = error.msg,
                     .notes = {},
                     .hint = {}});
    return fail(ErrorCode::kRejected, "not valid YAML: " + error.msg);
  }
}

}  // namespace saker::config
