// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The cursor of the condition parser: matches one token at a time at the current position. The
// grammar is context-dependent (a word may be a value, an operator or a macro), so there is no
// token stream; the parser says what it would accept and the lexer consumes it or stays where it
// is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace saker {

// The blanks of the grammar: space, TAB, backspace, CR, LF.
[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\b' || c == '\r' || c == '\n';
}

class Lexer {
public:
  // State to come back to after a failed attempt.
  struct Mark {
    std::size_t at = 0;
    std::size_t token_begin = 0;
    std::size_t token_end = 0;
    bool token_was_quoted = false;
  };

  enum class Quoted : std::uint8_t { kNone, kOk, kBadEscape };

  // Borrows `text`.
  explicit Lexer(std::string_view text) : text_(text) {}

  // Consumes a run of blanks; returns whether there was one.
  bool skip_blank();
  // Consumes `word` when the text goes on with it.
  bool match(std::string_view word);
  // Consumes `word` and the blanks that must follow it, or nothing. The token is the word.
  bool match_with_blank(std::string_view word);
  // Consumes `name` and "(" directly behind it; the token is both.
  bool match_call(std::string_view name);

  // Regular tokens, longest match. An identifier is a letter and letters, digits and underscores;
  // a field name is two or more of them joined by dots; a bare value is anything up to one of
  // ()"' =, or POSIX space; a field argument anything up to one of []"' or POSIX space.
  bool match_identifier();
  bool match_field_name();
  bool match_number();
  bool match_bare();
  bool match_field_argument();
  // "not" and at least one POSIX space.
  bool match_not();

  // Consumes a quoted string and stores its unescaped content. kNone (nothing consumed) without an
  // opening or closing quote; with kBadEscape the string is consumed and `content` is the message.
  Quoted match_quoted(std::string& content);

  [[nodiscard]] bool looking_at(std::string_view word) const {
    return text_.substr(at_, word.size()) == word;
  }
  [[nodiscard]] bool looking_at_identifier() const;
  // Returns whether `and`, `or` or `not` comes next and is not the beginning of a longer word.
  [[nodiscard]] bool looking_at_connective() const;

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  // Raw text of the last token, without quotes.
  [[nodiscard]] std::string_view token() const {
    return text_.substr(token_begin_, token_end_ - token_begin_);
  }
  // Text of the last token for messages: unescaped.
  [[nodiscard]] std::string token_text() const;
  // Where the last token began and ended, with quotes.
  [[nodiscard]] std::size_t token_begin() const {
    return token_begin_ - (token_was_quoted_ ? 1 : 0);
  }
  [[nodiscard]] std::size_t token_end() const { return token_end_ + (token_was_quoted_ ? 1 : 0); }

  [[nodiscard]] Mark mark() const { return Mark{at_, token_begin_, token_end_, token_was_quoted_}; }
  void reset(const Mark& mark);

private:
  bool take(std::size_t length);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t token_begin_ = 0;
  std::size_t token_end_ = 0;
  bool token_was_quoted_ = false;
};

}  // namespace saker
