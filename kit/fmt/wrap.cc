// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/fmt/wrap.h"

#include "kit/base/text.h"

namespace saker::kit {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_connective(std::string_view word) {
  return word == "and" || word == "or";
}

// Without blanks at the ends; runs of blanks as one, unless the item is quoted.
std::string trimmed(std::string_view item) {
  if (item.find_first_of("'\"") == std::string_view::npos) {
    return squeeze(item);
  }
  const std::size_t begin = item.find_first_not_of(" \t\r\n");
  const std::size_t end = item.find_last_not_of(" \t\r\n");
  return std::string(item.substr(begin, end - begin + 1));
}

// Appends the character at `i`, which stands inside of `quote`, with what it escapes; `quote` is 0
// behind the last one. False at a line break.
bool take_quoted(std::string_view text, std::size_t& i, char& quote, bool has_escapes,
                 std::string& out) {
  const char c = text[i];
  if (c == '\n') {
    return false;
  }
  out += c;
  if (has_escapes && c == '\\' && i + 1 < text.size()) {
    out += text[++i];
  } else if (c == quote) {
    quote = 0;
  }
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> condition_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (!take_quoted(text, i, quote, true, word)) {
        return std::nullopt;
      }
    } else if (is_blank(c)) {
      if (!word.empty()) {
        words.push_back(std::move(word));
        word.clear();
      }
    } else {
      // A quote inside a bare word is not one.
      const bool opens =
          (c == '"' || c == '\'') &&
          (word.empty() || std::string_view("(,=<>[").find(word.back()) != std::string_view::npos);
      quote = opens ? c : '\0';
      word += c;
    }
  }
  if (quote != 0) {
    return std::nullopt;
  }
  if (!word.empty()) {
    words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> wrap_words(const std::vector<std::string>& words, std::size_t indent) {
  const std::size_t width = kMaxColumns - indent;
  std::vector<std::string> lines;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) {
      lines.push_back(std::move(line));
      line.clear();
    }
  };
  const auto add = [&](const std::string& text) { line += (line.empty() ? "" : " ") + text; };
  for (std::size_t i = 0; i < words.size();) {
    // What stands between two connectives stays together where it can.
    std::size_t end = i + 1;
    std::string part = words[i];
    for (; end < words.size() && !is_connective(words[end]); ++end) {
      part += " " + words[end];
    }
    if (!line.empty() && line.size() + 1 + part.size() > width) {
      end_line();
    }
    if (part.size() <= width) {
      add(part);
      i = end;
      continue;
    }
    for (; i < end; ++i) {
      if (!line.empty() && line.size() + 1 + words[i].size() > width) {
        end_line();
      }
      add(words[i]);
    }
  }
  end_line();
  return lines;
}

std::optional<std::vector<std::string>> flow_items(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') {
    return std::nullopt;
  }
  text = text.substr(1, text.size() - 2);
  std::vector<std::string> items;
  std::string item;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (!take_quoted(text, i, quote, quote == '"', item)) {
        return std::nullopt;
      }
      continue;
    }
    if (c == '[' || c == ']' || c == '{' || c == '}') {
      return std::nullopt;
    }
    if (c == '#' && (i == 0 || is_blank(text[i - 1]))) {
      return std::nullopt;
    }
    if (c == ',') {
      items.push_back(trimmed(item));
      item.clear();
      continue;
    }
    const bool opens =
        (c == '"' || c == '\'') && item.find_first_not_of(" \t\r\n") == std::string::npos;
    quote = opens ? c : '\0';
    item += c;
  }
  if (quote != 0) {
    return std::nullopt;
  }
  if (item.find_first_not_of(" \t\r\n") != std::string::npos) {
    items.push_back(trimmed(item));
  }
  return items;
}

}  // namespace saker::kit
