// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/compile_hints.h"

#include <algorithm>
#include <array>

#include "engine/event/catalogue.h"

namespace saker {

namespace {

constexpr std::string_view kUnknownField = "filter_check called with nonexistent field ";
constexpr std::string_view kUnknownEvent = "unknown event type ";

std::string nearest_event(std::string_view word) {
  std::vector<std::string_view> names;
  for (const EventInfo& info : all_events()) {
    names.push_back(info.name);
  }
  return did_you_mean(word, names);
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kMostCandidates = 5000;
  if (candidates.size() > kMostCandidates) {
    return {};
  }
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? std::string() : "did you mean '" + std::string(near) + "'?";
}

Explanation explain(std::string_view message, const FieldCatalogue& fields,
                    DiagnosticCode otherwise, bool wants_hint) {
  if (message.starts_with(kUnknownField)) {
    const std::string_view field = message.substr(kUnknownField.size());
    const std::string_view name = field.substr(0, field.find('['));
    std::string hint;
    if (wants_hint && fields.is_field_name(name)) {
      hint = "field '" + std::string(name) + "' does not take this argument";
    } else if (wants_hint) {
      hint = did_you_mean(name, fields.names());
    }
    return {DiagnosticCode::kUnknownField, "unknown field '" + std::string(field) + "'",
            std::move(hint)};
  }
  if (message.starts_with(kUnknownEvent)) {
    const std::string_view name = message.substr(kUnknownEvent.size());
    return {DiagnosticCode::kUnknownEventType, "unknown event type '" + std::string(name) + "'",
            wants_hint ? nearest_event(name) : std::string()};
  }
  return {otherwise, {}, {}};
}

bool is_about_unknown(std::string_view message) {
  constexpr std::array<std::string_view, 4> kForgiven{
      "nonexistent field", "invalid formatting token", "unknown event type", "unknown filter:"};
  return std::any_of(kForgiven.begin(), kForgiven.end(), [&](std::string_view text) {
    return message.find(text) != std::string_view::npos;
  });
}

}  // namespace saker
