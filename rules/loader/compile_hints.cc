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
constexpr std::string_view kBadRegex = "invalid regex pattern: ";
constexpr std::string_view kRegexHint =
    "the syntax is POSIX egrep as RE2 has it, without classes like \\d, look-around and back "
    "references; the option regex.allow_pcre2 of Saker allows these";

std::string nearest_event(std::string_view word) {
  std::vector<std::string_view> names;
  for (const EventInfo& info : all_events()) {
    names.push_back(info.name);
  }
  return did_you_mean(word, names);
}

struct OtherLanguage {
  std::string_view word;
  std::string_view ours;
};

// How other languages write our operators.
constexpr std::array kOtherLanguages = {
    OtherLanguage{"&&", "and"},        OtherLanguage{"&", "and"},
    OtherLanguage{"||", "or"},         OtherLanguage{"|", "or"},
    OtherLanguage{"!", "not"},         OtherLanguage{"<>", "!="},
    OtherLanguage{"=~", "regex"},      OtherLanguage{"~", "regex"},
    OtherLanguage{"~=", "regex"},      OtherLanguage{"like", "glob"},
    OtherLanguage{"matches", "regex"}, OtherLanguage{"match", "regex"},
    OtherLanguage{"is", "="},          OtherLanguage{"equals", "="},
    OtherLanguage{"has", "contains"},
};

constexpr std::array<std::string_view, 20> kWords = {
    "and",         "or",        "not",       "exists", "in",    "pmatch", "intersects",
    "contains",    "icontains", "bcontains", "glob",   "iglob", "regex",  "startswith",
    "bstartswith", "endswith",  "oneof",     "anyof",  "allof", "val"};

// The word or the run of other characters that stands at the beginning of `text`.
std::string_view first_token(std::string_view text) {
  constexpr std::string_view kWordBytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
  constexpr std::string_view kSigns = "&|!<>=~";
  const bool is_word = !text.empty() && kWordBytes.find(text.front()) != std::string_view::npos;
  return text.substr(0, text.find_first_not_of(is_word ? kWordBytes : kSigns));
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

std::string syntax_hint(std::string_view text, std::size_t index, std::string_view message) {
  const std::size_t at = std::min(text.find_first_not_of(" \t\r\n\b", index), text.size());
  const std::string_view rest = text.substr(at);
  const std::string_view token = first_token(rest);
  const auto other = std::find_if(kOtherLanguages.begin(), kOtherLanguages.end(),
                                  [&](const OtherLanguage& row) { return row.word == token; });
  if (other != kOtherLanguages.end()) {
    return "write '" + std::string(other->ours) + "'";
  }
  constexpr std::size_t kLongestWord = 16;
  const std::string lower = token.size() <= kLongestWord ? lower_case(token) : std::string();
  const bool is_keyword = std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
  if (is_keyword && lower != token) {
    return "write '" + lower + "': operators are in lower case";
  }
  if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'') &&
      rest.find(rest.front(), 1) == std::string_view::npos) {
    return "the quote is not closed";
  }
  if (message.starts_with("expected a valid check operator") && !lower.empty()) {
    return did_you_mean(lower, kWords);
  }
  if (message.starts_with("expected a ')'")) {
    return "a '(' is not closed";
  }
  if (message.starts_with("unexpected token") && !rest.empty() && rest.front() == ')') {
    return "no '(' belongs to this ')'";
  }
  if (message.starts_with("expected a number value")) {
    return "'<', '<=', '>' and '>=' take a number on the right";
  }
  return {};
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kMostCandidates = 5000;
  if (candidates.size() > kMostCandidates) {
    return {};
  }
  const std::string_view near = nearest(word, {candidates.begin(), candidates.end()});
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
  if (message.starts_with(kBadRegex)) {
    return {DiagnosticCode::kInvalidRegex,
            "invalid regular expression: " + std::string(message.substr(kBadRegex.size())),
            std::string(kRegexHint)};
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
