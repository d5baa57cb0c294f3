// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Lists in conditions. A list is text: before a condition is parsed, each occurrence of a list's
// name is replaced by the items, list after list, so that the items of an earlier list may name a
// later one. The rules are Falco's, oddities included:
//
//   * An occurrence counts between delimiters: blank, TAB, LF, CR, parentheses, comma, `=`, or the
//     ends of the text. Quotes do not protect it.
//   * Blanks around it are swallowed and one blank put on each side (none before, at the start).
//   * Items are joined by ", "; one that holds a blank and does not begin with a quote is put in
//     double quotes, and nothing is escaped.
//   * An empty list takes one neighbouring comma along, the left one if there is one.
//   * What a list put in is not searched for the same list again, but for the later ones.
//
// Only words that occur are looked up, so thousands of lists cost nothing; the work is
// proportional to the text plus what is put in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/growth_limit.h"
#include "engine/lang/spanned_text.h"

namespace saker {

inline constexpr std::size_t kMaxSubstitutedBytes = growth_limit(std::size_t{16} << 20);

struct ListDefinition {
  std::string name;
  std::vector<SourceText> items;  // with nested lists already in place (loader)
};

// One occurrence that was replaced.
struct ListUse {
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::uint32_t list = 0;  // index of the definition
  SourceSpan name;         // where the name stood: in the condition, or in an item of `parent`
  std::uint32_t parent = kNone;  // the use that brought the name in; index into `uses`
  std::uint32_t begin = 0;  // bytes of the result that came from it, with the blanks put around;
  std::uint32_t end = 0;    // [0, 0) when nothing is left of them
};

struct ListSubstitution {
  SpannedText text;
  std::vector<ListUse> uses;  // a parent stands before its children
  // The result outgrew kMaxSubstitutedBytes (lists that name each other twice grow without bound);
  // it is incomplete then.
  bool is_too_long = false;

  // Returns the innermost use that byte `at` came from, or ListUse::kNone.
  [[nodiscard]] std::uint32_t use_at(std::size_t at) const;
};

struct PreparedLists;

// All lists of a rule set, prepared for many conditions.
class ListSubstituter {
public:
  // `lists` in index order; names are different and not empty.
  explicit ListSubstituter(std::vector<ListDefinition> lists);
  ListSubstituter(ListSubstituter&&) noexcept;
  ListSubstituter& operator=(ListSubstituter&&) noexcept;
  ~ListSubstituter();

  [[nodiscard]] ListSubstitution substitute(const SpannedText& condition) const;
  [[nodiscard]] const std::vector<ListDefinition>& lists() const;

private:
  std::unique_ptr<const PreparedLists> prepared_;
};

// Appends an item as conditions write it: in double quotes when it holds a blank and does not begin
// with a quote.
void append_item(SpannedText& out, const SourceText& item);
// Appends the items, joined by ", ". Commas map to the item behind them.
void append_items(SpannedText& out, const std::vector<SourceText>& items);

}  // namespace saker
