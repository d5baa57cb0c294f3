// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/node_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "rules/loader/compile_hints.h"
#include "rules/loader/scalar_segments.h"
#include "rules/loader/yaml_values.h"

namespace saker {

namespace {

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

}  // namespace

bool NodeReader::fail(DiagnosticCode code, std::string message, const ItemContext& context,
                      std::string hint) {
  sink_.report(Mistake{.code = LoadCode::kYamlValidate,
                       .diagnostic = code,
                       .message = std::move(message),
                       .context = &context,
                       .hint = std::move(hint)});
  return false;
}

bool NodeReader::undecodable(std::string_view key, const YamlNode& value,
                             const ItemContext& context, std::string hint) {
  const ItemContext* at = value_context(key, value, context);
  sink_.report(Mistake{.code = LoadCode::kYamlValidate,
                       .diagnostic = DiagnosticCode::kWrongType,
                       .message = "Can't decode YAML scalar value",
                       .context = at,
                       .span = span_of(value, context),
                       .own_message = quoted(value.text) + " is no value for " + quoted(key),
                       .hint = std::move(hint)});
  return false;
}

bool NodeReader::scalar(const YamlNode& item, std::string_view key, const ItemContext& context,
                        Presence presence, const YamlNode*& found) {
  found = nullptr;
  const YamlNode* value = item.find(key);
  if (value == nullptr) {
    return presence == Presence::kOptional ||
           fail(DiagnosticCode::kMissingKey, "Item has no mapping for key " + quoted(key), context);
  }
  if (value->is_null()) {
    return fail(DiagnosticCode::kEmptyValue, "Mapping for key " + quoted(key) + " is empty",
                context);
  }
  if (!value->is_scalar()) {
    return fail(DiagnosticCode::kWrongType, "Value is not a scalar value",
                *value_context(key, *value, context), quoted(key) + " takes a single text");
  }
  if (value->text.empty()) {
    return fail(DiagnosticCode::kEmptyValue, "Value must be non-empty",
                *value_context(key, *value, context));
  }
  found = value;
  return true;
}

bool NodeReader::text(const YamlNode& item, std::string_view key, const ItemContext& context,
                      Presence presence, std::string& out) {
  const YamlNode* value = nullptr;
  if (!scalar(item, key, context, presence, value)) {
    return false;
  }
  if (value != nullptr) {
    out = value->text;
  }
  return true;
}

bool NodeReader::condition(const YamlNode& item, std::string_view key, const ItemContext& context,
                           SpannedText& out) {
  const YamlNode* value = nullptr;
  if (!scalar(item, key, context, Presence::kRequired, value)) {
    return false;
  }
  out = spanned(*value, context);
  return true;
}

bool NodeReader::boolean(const YamlNode& item, std::string_view key, const ItemContext& context,
                         Presence presence, bool& out) {
  const YamlNode* value = nullptr;
  if (!scalar(item, key, context, presence, value)) {
    return false;
  }
  if (value == nullptr) {
    return true;
  }
  const std::optional<bool> decoded = yaml_bool(value->text);
  if (!decoded) {
    return undecodable(key, *value, context, "write true or false");
  }
  out = *decoded;
  return true;
}

bool NodeReader::number(const YamlNode& item, std::string_view key, const ItemContext& context,
                        Presence presence, std::uint64_t& out) {
  const YamlNode* value = nullptr;
  if (!scalar(item, key, context, presence, value)) {
    return false;
  }
  if (value == nullptr) {
    return true;
  }
  const auto decoded = yaml_unsigned(value->text, std::numeric_limits<std::uint64_t>::max());
  if (!decoded) {
    return undecodable(key, *value, context, "write a whole number that is not negative");
  }
  out = *decoded;
  return true;
}

bool NodeReader::words(const YamlNode& item, std::string_view key, const ItemContext& context,
                       Presence presence, std::vector<SourceText>& out) {
  const YamlNode* value = item.find(key);
  if (value == nullptr) {
    return presence == Presence::kOptional ||
           fail(DiagnosticCode::kMissingKey, "Item has no mapping for key " + quoted(key), context);
  }
  if (!value->is_sequence()) {
    return fail(DiagnosticCode::kWrongType, "Value is not a sequence",
                *value_context(key, *value, context), quoted(key) + " takes a list: [a, b]");
  }
  out.reserve(out.size() + value->items.size());
  for (const YamlNode* element : value->items) {
    if (!element->is_scalar()) {
      const ItemContext* list = value_context(key, *value, context);
      return fail(DiagnosticCode::kWrongType, "sequence value is not scalar",
                  *contexts_.child(*list, ItemKind::kListItem, "", element->mark));
    }
    out.push_back(word(*element, context));
  }
  return true;
}

SpannedText NodeReader::spanned(const YamlNode& scalar, const ItemContext& context) const {
  ScalarPlace place =
      place_scalar(sources_.text(context.file), context.file, scalar.mark.offset, scalar.text);
  if (place.segments.empty()) {
    return SpannedText(scalar.text, place.whole);
  }
  return SpannedText(scalar.text, std::move(place.segments));
}

SourceText NodeReader::word(const YamlNode& scalar, const ItemContext& context) const {
  return SourceText{scalar.text, span_of(scalar, context)};
}

SourceSpan NodeReader::span_of(const YamlNode& node, const ItemContext& context) const {
  if (!node.is_scalar()) {
    return SourceSpan{context.file, node.mark.offset, node.mark.offset + 1};
  }
  return place_scalar(sources_.text(context.file), context.file, node.mark.offset, node.text).whole;
}

void NodeReader::warn_unknown_keys(const YamlNode& item, std::span<const std::string_view> known,
                                   const ItemContext& context) {
  for (std::size_t i = 0; i + 1 < item.items.size(); i += 2) {
    const YamlNode& key = *item.items[i];
    if (std::find(known.begin(), known.end(), key.text) != known.end()) {
      continue;
    }
    std::string hint;
    if (key.text == "<<") {
      hint = "neither Falco nor Saker knows merge keys: write the keys out";
    } else if (sink_.wants_hints()) {
      hint = did_you_mean(key.text, known);
    }
    sink_.report(
        Mistake{.code = LoadCode::kUnknownKey,
                .diagnostic = DiagnosticCode::kUnknownKey,
                .message = "Unknown key " + quoted(key.text) + ". The key will be ignored.",
                .context = &context,
                .span = span_of(key, context),
                .own_message = "unknown key " + quoted(key.text) + " is ignored",
                .hint = std::move(hint)});
  }
}

}  // namespace saker
