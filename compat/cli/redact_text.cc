// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Works on lines, not on parsed YAML: a file that does not parse is where support is needed most.
#include "compat/cli/redact_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace saker::cli {

namespace {

constexpr std::array<std::string_view, 12> kSecretParts = {
    "password", "passwd",  "passphrase", "secret",        "token", "credential",
    "apikey",   "api_key", "api-key",    "authorization", "jaas",  "oauthbearer.config"};
// Maps whose values are all secret.
constexpr std::string_view kHeaders = "headers";

bool is_key_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return out;
}

// Where the quoted text that begins behind `quote` ends; npos: not on this line.
std::size_t end_of_quoted(std::string_view line, std::size_t begin, char quote) {
  for (std::size_t at = begin; at < line.size(); ++at) {
    if (quote == '"' && line[at] == '\\') {
      ++at;
    } else if (line[at] == quote) {
      if (quote == '"' || at + 1 >= line.size() || line[at + 1] != quote) {
        return at;
      }
      ++at;  // two of them stand for one
    }
  }
  return std::string_view::npos;
}

}  // namespace

bool sounds_secret(std::string_view key) {
  const std::string name = lower(key);
  return std::ranges::any_of(
             kSecretParts,
             [&](std::string_view part) { return name.find(part) != std::string::npos; }) ||
         name.ends_with("key.pem") || name == "sasl.username";
}

namespace {

// Patterns of secrets tell what they look like.
bool is_pattern_key(std::string_view key) {
  return key == "patterns" || key.ends_with(".patterns");
}

// Behind "[]" or "[2]" of an option's key, if that stands at `at`.
std::size_t behind_index(std::string_view line, std::size_t at) {
  const std::size_t end = at < line.size() && line[at] == '['
                              ? line.find_first_not_of("0123456789", at + 1)
                              : std::string_view::npos;
  return end != std::string_view::npos && line[end] == ']' ? end + 1 : at;
}

// A file that holds the secret is none itself.
bool is_path(std::string_view value) {
  return value.starts_with('/') || value.starts_with("./");
}

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// "user:password@" behind "://".
void redact_addresses(std::string& line) {
  std::size_t at = line.find("://");
  while (at != std::string::npos) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(line.find_first_of(" /\t\"'?", begin), line.size());
    const std::size_t sign = line.rfind('@', end);
    if (sign != std::string::npos && sign > begin && sign < end) {
      line.replace(begin, sign - begin, kRedacted);
    }
    at = line.find("://", begin);
  }
}

class Redactor {
public:
  std::string run(std::string_view text) {
    std::string out;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      out += redact_line(std::string(text.substr(0, end)));
      out += end < text.size() ? "\n" : "";
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }

private:
  std::string redact_line(std::string line) {
    if (line.find("-----BEGIN") != std::string::npos &&
        line.find("PRIVATE KEY") != std::string::npos) {
      is_in_private_key_ = true;
    }
    if (is_in_private_key_) {
      is_in_private_key_ = line.find("-----END") == std::string::npos;
      return std::string(kRedacted);
    }
    const std::size_t indent = indentation(line);
    const bool is_item = indent == secret_indent_ && indent < line.size() && line[indent] == '-';
    if (is_in_secret_ && (indent > secret_indent_ || indent == line.size() || is_item)) {
      return indent == line.size() ? line : std::string(indent, ' ') + std::string(kRedacted);
    }
    is_in_secret_ = false;
    redact_values(line, indent);
    redact_addresses(line);
    return line;
  }

  // Every `key: value` and `key=value` of the line, also inside { }.
  void redact_values(std::string& line, std::size_t indent) {
    std::size_t at = indent;
    while (at < line.size()) {
      if (!is_key_character(line[at])) {
        ++at;
        continue;
      }
      const std::size_t key_begin = at;
      while (at < line.size() && is_key_character(line[at])) {
        ++at;
      }
      const std::string key = line.substr(key_begin, at - key_begin);
      at = behind_index(line, at);
      while (at < line.size() && (line[at] == '"' || line[at] == '\'' || line[at] == ' ')) {
        ++at;
      }
      if (at < line.size() && (line[at] == ':' || line[at] == '=')) {
        at = take_value(line, key, at + 1, indent);
      }
    }
  }

  // Returns where to go on.
  std::size_t take_value(std::string& line, const std::string& key, std::size_t at,
                         std::size_t indent) {
    const std::size_t dot = key.rfind('.');
    const bool is_header =
        lower(key) == kHeaders || lower(key).find("headers.") != std::string::npos;
    if (!sounds_secret(dot == std::string::npos ? key : key.substr(dot + 1)) &&
        !sounds_secret(key) && !is_header && !is_pattern_key(key)) {
      return at;
    }
    const bool is_in_flow = line.find_first_of("{[") < at;
    const std::size_t begin = line.find_first_not_of(" \"'", at);
    if (begin == std::string::npos || line[begin] == '|' || line[begin] == '>') {
      expect_more(indent);  // the value is on the lines below
      return line.size();
    }
    if (is_path(std::string_view(line).substr(begin))) {
      return begin;
    }
    std::size_t end = std::string::npos;
    if (line[begin] == '{' || line[begin] == '[') {
      end = line.find_last_of("}]");
      end += end != std::string::npos && end > begin ? 1U : 0U;
      end = end > begin ? end : std::string::npos;
    } else if (begin > 0 && (line[begin - 1] == '"' || line[begin - 1] == '\'')) {
      end = end_of_quoted(line, begin, line[begin - 1]);
    } else {
      end = is_in_flow ? line.find_first_of(",}]", begin) : line.size();
      end = std::min(end, line.size());
    }
    if (end == std::string::npos) {
      expect_more(indent);
      end = line.size();
    }
    line.replace(begin, end - begin, kRedacted);
    return begin + kRedacted.size();
  }

  void expect_more(std::size_t indent) {
    is_in_secret_ = true;
    secret_indent_ = indent;
  }

  bool is_in_private_key_ = false;
  bool is_in_secret_ = false;  // lines below a secret key, as long as they are indented deeper
  std::size_t secret_indent_ = 0;
};

}  // namespace

std::string without_secrets(std::string_view text) {
  return Redactor().run(text);
}

}  // namespace saker::cli
