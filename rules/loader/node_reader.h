// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Values of an item's keys, converted and checked, with Falco's texts when they are not what they
// should be. Every function returns false after it has reported.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lang/spanned_text.h"
#include "rules/loader/item_context.h"
#include "rules/loader/problem_sink.h"
#include "rules/loader/yaml_source.h"

namespace saker {

enum class Presence : std::uint8_t { kRequired, kOptional };

class NodeReader {
public:
  // All must outlive the reader.
  NodeReader(const SourceMap& sources, ContextPool& contexts, ProblemSink& sink)
      : sources_(sources), contexts_(contexts), sink_(sink) {}

  // Finds the scalar of `key`, which must hold text. An optional one that is absent gives null.
  [[nodiscard]] bool scalar(const YamlNode& item, std::string_view key, const ItemContext& context,
                            Presence presence, const YamlNode*& found);
  // Leave `out` as it is when the key is optional and absent.
  [[nodiscard]] bool text(const YamlNode& item, std::string_view key, const ItemContext& context,
                          Presence presence, std::string& out);
  [[nodiscard]] bool condition(const YamlNode& item, std::string_view key,
                               const ItemContext& context, SpannedText& out);
  [[nodiscard]] bool boolean(const YamlNode& item, std::string_view key, const ItemContext& context,
                             Presence presence, bool& out);
  [[nodiscard]] bool number(const YamlNode& item, std::string_view key, const ItemContext& context,
                            Presence presence, std::uint64_t& out);
  // A sequence of scalars; their texts may be empty.
  [[nodiscard]] bool words(const YamlNode& item, std::string_view key, const ItemContext& context,
                           Presence presence, std::vector<SourceText>& out);

  // A scalar's text with the place of every byte.
  [[nodiscard]] SpannedText spanned(const YamlNode& scalar, const ItemContext& context) const;
  [[nodiscard]] SourceText word(const YamlNode& scalar, const ItemContext& context) const;
  // Place of a whole scalar, or of the first byte of anything else.
  [[nodiscard]] SourceSpan span_of(const YamlNode& node, const ItemContext& context) const;

  // Warns about every key that is not in `known`, at the item's context.
  void warn_unknown_keys(const YamlNode& item, std::span<const std::string_view> known,
                         const ItemContext& context);

  // Context of a key's value.
  [[nodiscard]] const ItemContext* value_context(std::string_view key, const YamlNode& value,
                                                 const ItemContext& context) {
    return contexts_.child(context, ItemKind::kValueFor, std::string(key), value.mark);
  }
  [[nodiscard]] ContextPool& contexts() { return contexts_; }
  [[nodiscard]] ProblemSink& sink() { return sink_; }

private:
  bool fail(DiagnosticCode code, std::string message, const ItemContext& context,
            std::string hint = {});
  bool undecodable(std::string_view key, const YamlNode& value, const ItemContext& context,
                   std::string hint);

  const SourceMap& sources_;
  ContextPool& contexts_;
  ProblemSink& sink_;
};

}  // namespace saker
