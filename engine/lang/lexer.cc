// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/lexer.h"

#include <array>

#include "engine/lang/escape.h"

namespace saker {

namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr bool is_posix_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

constexpr std::string_view kBareEnds = "()\"'=,";
constexpr std::string_view kArgumentEnds = "[]\"'";

// Returns the end of the identifier that begins at `at`, or `at`.
std::size_t identifier_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_letter(text[at])) {
    return at;
  }
  std::size_t end = at + 1;
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_')) {
    ++end;
  }
  return end;
}

std::size_t digits_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) {
    ++at;
  }
  return at;
}

// Returns the length of the number at the beginning of `text`:
// 0x with hex digits, or [+-]digits[.][digits][e+-digits].
std::size_t number_length(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
      is_hex_digit(text[2])) {
    std::size_t end = 3;
    while (end < text.size() && is_hex_digit(text[end])) {
      ++end;
    }
    return end;
  }
  const std::size_t begin = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  std::size_t end = digits_end(text, begin);
  if (end == begin) {
    return 0;
  }
  if (end < text.size() && text[end] == '.') {
    ++end;
  }
  end = digits_end(text, end);
  if (end + 2 < text.size() && (text[end] == 'e' || text[end] == 'E') &&
      (text[end + 1] == '+' || text[end + 1] == '-') && is_digit(text[end + 2])) {
    end = digits_end(text, end + 2);
  }
  return end;
}

std::size_t run_length(std::string_view text, std::string_view ends) {
  std::size_t length = 0;
  while (length < text.size() && !is_posix_space(text[length]) &&
         ends.find(text[length]) == std::string_view::npos) {
    ++length;
  }
  return length;
}

}  // namespace

bool Lexer::take(std::size_t length) {
  if (length == 0) {
    return false;
  }
  token_begin_ = at_;
  at_ += length;
  token_end_ = at_;
  token_was_quoted_ = false;
  return true;
}

bool Lexer::skip_blank() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_blank(text_[at_])) {
    ++at_;
  }
  return at_ > begin;
}

bool Lexer::match(std::string_view word) {
  return looking_at(word) && take(word.size());
}

bool Lexer::match_with_blank(std::string_view word) {
  const std::size_t after = at_ + word.size();
  if (!looking_at(word) || after >= text_.size() || !is_blank(text_[after])) {
    return false;
  }
  take(word.size());
  skip_blank();
  return true;
}

bool Lexer::match_call(std::string_view name) {
  const std::size_t after = at_ + name.size();
  return looking_at(name) && after < text_.size() && text_[after] == '(' && take(name.size() + 1);
}

bool Lexer::match_identifier() {
  return take(identifier_end(text_, at_) - at_);
}

bool Lexer::match_field_name() {
  std::size_t end = identifier_end(text_, at_);
  if (end == at_) {
    return false;
  }
  std::size_t parts = 1;
  while (end < text_.size() && text_[end] == '.') {
    const std::size_t next = identifier_end(text_, end + 1);
    if (next == end + 1) {
      break;
    }
    end = next;
    ++parts;
  }
  return parts > 1 && take(end - at_);
}

bool Lexer::match_number() {
  return take(number_length(text_.substr(at_)));
}

bool Lexer::match_bare() {
  return take(run_length(text_.substr(at_), kBareEnds));
}

bool Lexer::match_field_argument() {
  return take(run_length(text_.substr(at_), kArgumentEnds));
}

bool Lexer::match_not() {
  if (!looking_at("not")) {
    return false;
  }
  std::size_t length = 3;
  while (at_ + length < text_.size() && is_posix_space(text_[at_ + length])) {
    ++length;
  }
  return length > 3 && take(length);
}

Lexer::Quoted Lexer::match_quoted(std::string& content) {
  if (at_end() || (text_[at_] != '"' && text_[at_] != '\'')) {
    return Quoted::kNone;
  }
  // The closing quote is the first that no backslash precedes. Looking one byte back only is what
  // the language defines: 'a\\' is not closed.
  const char delimiter = text_[at_];
  std::size_t close = text_.find(delimiter, at_ + 1);
  while (close != std::string_view::npos && text_[close - 1] == '\\') {
    close = text_.find(delimiter, close + 1);
  }
  if (close == std::string_view::npos) {
    return Quoted::kNone;
  }
  token_begin_ = at_ + 1;
  token_end_ = close;
  token_was_quoted_ = true;
  at_ = close + 1;
  auto unescaped = unescape(token(), delimiter);
  content = unescaped ? *std::move(unescaped) : std::move(unescaped).error();
  return unescaped ? Quoted::kOk : Quoted::kBadEscape;
}

bool Lexer::looking_at_identifier() const {
  return at_ < text_.size() && is_letter(text_[at_]);
}

bool Lexer::looking_at_connective() const {
  static constexpr std::array<std::string_view, 3> kWords{"and", "or", "not"};
  for (const std::string_view word : kWords) {
    const std::size_t after = at_ + word.size();
    if (looking_at(word) &&
        (after >= text_.size() || !(is_letter(text_[after]) || is_digit(text_[after])))) {
      return true;
    }
  }
  return false;
}

std::string Lexer::token_text() const {
  if (token_was_quoted_) {
    return unescape(token(), text_[token_begin_ - 1]).value_or(std::string());
  }
  return std::string(token());
}

void Lexer::reset(const Mark& mark) {
  at_ = mark.at;
  token_begin_ = mark.token_begin;
  token_end_ = mark.token_end;
  token_was_quoted_ = mark.token_was_quoted;
}

}  // namespace saker
