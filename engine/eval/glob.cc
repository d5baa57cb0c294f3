// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/eval/glob.h"

#include <cstddef>
#include <cstdint>

#include "engine/eval/ascii.h"

namespace saker {

namespace {

struct ClassName {
  std::string_view name;
  bool (*contains)(unsigned char);
};

bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(unsigned char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(unsigned char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alpha(unsigned char c) {
  return is_upper(c) || is_lower(c);
}
bool is_alnum(unsigned char c) {
  return is_alpha(c) || is_digit(c);
}
bool is_graph(unsigned char c) {
  return c > 0x20 && c < 0x7f;
}

// Source: POSIX character classes in the C locale.
constexpr ClassName kClasses[] = {
    {"alnum", is_alnum},
    {"alpha", is_alpha},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < 0x20 || c == 0x7f; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned char c) { return is_graph(c) || c == ' '; }},
    {"punct", [](unsigned char c) { return is_graph(c) && !is_alnum(c); }},
    {"space", [](unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }},
    {"upper", is_upper},
    {"xdigit",
     [](unsigned char c) {
       return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
     }},
};

constexpr std::size_t kLongestClass = 6;  // bytes of a name

enum class Match : std::uint8_t { kNo, kYes, kNotABracket };

// Compares `c` with the bracket expression that begins behind `[` at `at`; moves `at` behind its
// `]`. kNotABracket: there is no closing bracket, so `[` stands for itself.
class BracketReader {
public:
  BracketReader(std::string_view pattern, std::size_t at, unsigned char c, bool ignore_case)
      : pattern_(pattern), at_(at), c_(c), other_case_(ignore_case ? ascii_swap_case(c) : c) {}

  Match read() {
    bool is_negated = false;
    if (at_ < pattern_.size() && (pattern_[at_] == '!' || pattern_[at_] == '^')) {
      is_negated = true;
      ++at_;
    }
    bool is_first = true;
    bool is_matched = false;
    while (at_ < pattern_.size() && (pattern_[at_] != ']' || is_first)) {
      is_first = false;
      is_matched |= read_item();
    }
    if (at_ >= pattern_.size()) {
      return Match::kNotABracket;
    }
    ++at_;
    return is_matched != is_negated ? Match::kYes : Match::kNo;
  }

  [[nodiscard]] std::size_t end() const { return at_; }

private:
  [[nodiscard]] bool is_in(unsigned char low, unsigned char high) const {
    return (low <= c_ && c_ <= high) || (low <= other_case_ && other_case_ <= high);
  }

  bool read_item() {
    if (pattern_.substr(at_, 2) == "[:") {
      // No further than a name can be long: a pattern of many "[:" must not be read again for each.
      const std::string_view rest = pattern_.substr(at_ + 2, kLongestClass + 2);
      if (const std::size_t length = rest.find(":]"); length != std::string_view::npos) {
        const std::string_view name = rest.substr(0, length);
        for (const ClassName& row : kClasses) {
          if (row.name == name) {
            at_ += length + 4;
            return row.contains(c_) || row.contains(other_case_);
          }
        }
      }
    }
    const unsigned char low = read_byte();
    if (at_ + 1 < pattern_.size() && pattern_[at_] == '-' && pattern_[at_ + 1] != ']') {
      ++at_;
      return is_in(low, read_byte());
    }
    return is_in(low, low);
  }

  unsigned char read_byte() {
    if (pattern_[at_] == '\\' && at_ + 1 < pattern_.size()) {
      ++at_;
    }
    return static_cast<unsigned char>(pattern_[at_++]);
  }

  std::string_view pattern_;
  std::size_t at_;
  unsigned char c_;
  unsigned char other_case_;
};

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text, bool ignore_case) {
  // Greedy matching with one way back: to the last star, with one byte more under it.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star_p = std::string_view::npos;
  std::size_t star_t = 0;
  while (true) {
    bool is_step = false;
    if (p < pattern.size() && pattern[p] == '*') {
      star_p = ++p;
      star_t = t;
      continue;
    }
    if (t == text.size()) {
      if (p == pattern.size()) {
        return true;
      }
    } else if (p < pattern.size()) {
      const auto c = static_cast<unsigned char>(text[t]);
      std::size_t next = p + 1;
      if (pattern[p] == '?') {
        is_step = true;
      } else {
        Match match = Match::kNotABracket;
        if (pattern[p] == '[') {
          BracketReader bracket(pattern, p + 1, c, ignore_case);
          match = bracket.read();
          next = match == Match::kNotABracket ? p + 1 : bracket.end();
        }
        if (match == Match::kNotABracket) {
          std::size_t at = p;
          if (pattern[at] == '\\') {
            ++at;  // a backslash at the end matches nothing
          }
          is_step = at < pattern.size() &&
                    (pattern[at] == text[t] ||
                     (ignore_case && ascii_lower(pattern[at]) == ascii_lower(text[t])));
          next = at + 1;
        } else {
          is_step = match == Match::kYes;
        }
      }
      if (is_step) {
        p = next;
        ++t;
        continue;
      }
    }
    if (star_p == std::string_view::npos || star_t >= text.size()) {
      return false;
    }
    p = star_p;
    t = ++star_t;
  }
}

}  // namespace saker
