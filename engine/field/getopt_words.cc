// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/getopt_words.h"

#include <algorithm>

namespace saker {

namespace {

// Calls `visit(letter, takes_value, value)` for each option; both are views into words or options.
template <typename Visitor>
void for_each_option(std::span<const Value> words, std::string_view options, Visitor&& visit) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i].has_value() ? words[i].as_text() : std::string_view{};
    if (word == "--" || word.size() < 2 || word.front() != '-') {
      return;
    }
    if (word.starts_with("--")) {
      continue;
    }
    for (word.remove_prefix(1); !word.empty(); word.remove_prefix(1)) {
      const std::size_t at =
          word.front() == ':' ? std::string_view::npos : options.find(word.front());
      if (at == std::string_view::npos) {
        visit(std::string_view("?"), false, std::string_view{});
        continue;
      }
      const std::string_view letter = word.substr(0, 1);
      if (!options.substr(at + 1).starts_with(':')) {
        visit(letter, false, std::string_view{});
        continue;
      }
      std::string_view value = word.substr(1);
      if (value.empty() && i + 1 < words.size()) {
        ++i;
        value = words[i].has_value() ? words[i].as_text() : std::string_view{};
      }
      visit(letter, true, value);
      break;
    }
  }
}

}  // namespace

Value getopt_all(std::span<const Value> words, std::string_view options, Arena& arena) {
  std::size_t count = 0;
  for_each_option(words, options, [&](std::string_view, bool takes_value, std::string_view) {
    count += takes_value ? 2 : 1;
  });
  const std::span<Value> found = arena.array<Value>(count);
  std::size_t at = 0;
  for_each_option(words, options,
                  [&](std::string_view letter, bool takes_value, std::string_view value) {
                    found[at++] = Value::text(letter);
                    if (takes_value) {
                      found[at++] = Value::text(value);
                    }
                  });
  return Value::list(found);
}

Value getopt_last(std::span<const Value> words, std::string_view options, char letter) {
  Value found;
  for_each_option(words, options,
                  [&](std::string_view option, bool takes_value, std::string_view value) {
                    if (option[0] == letter) {
                      found = Value::text(takes_value ? value : option);
                    }
                  });
  return found;
}

}  // namespace saker
