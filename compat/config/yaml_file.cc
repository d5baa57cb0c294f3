// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/yaml_file.h"

#include <algorithm>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include "engine/base/growth_limit.h"

namespace saker::config {

namespace {

// Deeper nesting than any configuration has; the conversion recurses.
constexpr int kMaxDepth = 64;
// Values once every alias is written out, and the longest file: a thousand times what a large
// configuration needs.
constexpr std::size_t kMaxNodes = growth_limit(std::size_t{1} << 18U);
constexpr std::size_t kMaxBytes = std::size_t{16} << 20U;

struct Converter {
  SourceId source;
  std::size_t text_size;
  const EnvLookup& lookup;
  std::size_t node_count = 0;

  SourceSpan span_of(const YAML::Node& yaml) const {
    const YAML::Mark mark = yaml.Mark();
    const auto begin = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_size);
    const std::size_t length = yaml.IsScalar() ? yaml.Scalar().size() : 1;
    const std::size_t end = std::min(begin + std::max<std::size_t>(length, 1), text_size);
    return {source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  // What is too deep, a reference that contains itself, and what exceeds kMaxNodes ends in null
  // nodes.
  ConfigNode convert(const YAML::Node& yaml, int depth) {
    ConfigNode node;
    node.span = span_of(yaml);
    if (++node_count > kMaxNodes || depth > kMaxDepth) {
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
          if (node_count > kMaxNodes) {
            break;
          }
          node.items.push_back(convert(item, depth + 1));
        }
        break;
      case YAML::NodeType::Map:
        node.kind = ConfigNode::Kind::kMap;
        for (const auto& member : yaml) {
          if (member.first.IsScalar() && node_count <= kMaxNodes) {
            node.members.push_back({member.first.Scalar(), convert(member.second, depth + 1)});
          }
        }
        break;
    }
    return node;
  }
};

Error reject(SourceSpan span, std::string message, DiagnosticCode code, Diagnostics& diagnostics) {
  diagnostics.add({.severity = Severity::kError,
                   .code = code,
                   .span = span,
                   .message = message,
                   .notes = {},
                   .hint = {}});
  return {ErrorCode::kRejected, "not valid YAML: " + std::move(message)};
}

}  // namespace

Result<ConfigNode> parse_yaml(const SourceMap& sources, SourceId source, const EnvLookup& lookup,
                              Diagnostics& diagnostics) {
  const std::string_view text = sources.text(source);
  const SourceSpan start{source, 0, 0};
  if (text.size() > kMaxBytes) {
    return tl::unexpected(
        reject(start, "the file is larger than " + std::to_string(kMaxBytes >> 20U) + " MiB",
               DiagnosticCode::kTooLarge, diagnostics));
  }
  try {
    const YAML::Node yaml = YAML::Load(std::string(text));
    Converter converter{source, text.size(), lookup};
    ConfigNode root = converter.convert(yaml, 0);
    if (converter.node_count > kMaxNodes) {
      return tl::unexpected(reject(start,
                                   "the file holds more than " + std::to_string(kMaxNodes) +
                                       " values, when every alias is written out",
                                   DiagnosticCode::kTooLarge, diagnostics));
    }
    return root;
  } catch (const YAML::DeepRecursion&) {
    return tl::unexpected(reject(start, "the values are nested more than 500 levels deep",
                                 DiagnosticCode::kTooLarge, diagnostics));
  } catch (const YAML::Exception& error) {
    const auto at = static_cast<std::uint32_t>(
        std::min(static_cast<std::size_t>(std::max(error.mark.pos, 0)), text.size()));
    return tl::unexpected(
        reject({source, at, at}, error.msg, DiagnosticCode::kConfigSyntax, diagnostics));
  }
}

}  // namespace saker::config
