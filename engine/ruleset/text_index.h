// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Many text constants asked about one value at once: which of them equal it, are a prefix or suffix
// of it, or are contained in it. Built once, then only read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/text_hash.h"
#include "engine/ruleset/run_filter.h"

namespace saker {

// What a constant stands for, for example a rule's place in a list.
using IndexEntry = std::uint32_t;

// All constants that are a prefix of a value. Sorted; each constant knows the longest other one
// that is a prefix of it, so one binary search and a walk along those links find all.
class PrefixIndex {
public:
  void add(std::string_view text, IndexEntry entry);
  void build();
  void find(std::string_view value, std::vector<IndexEntry>& out) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] std::size_t longest() const { return longest_; }
  [[nodiscard]] const RunFilter& filter() const { return filter_; }

private:
  struct Row {
    std::string text;
    std::vector<IndexEntry> entries;
    std::int32_t parent = -1;
  };

  std::vector<Row> rows_;
  RunFilter filter_;  // of the texts' first bytes
  std::size_t longest_ = 0;
};

// All constants contained in a value. A few are each searched for by their rarest byte. Of many,
// each is filed under one run of 4 of its bytes, the one that fewest others have; a bitmap tells
// for most places of a value that no such run begins there.
class SubstringIndex {
public:
  static constexpr std::size_t kRunBytes = 4;

  // `text` has at least kRunBytes bytes.
  void add(std::string_view text, IndexEntry entry);
  void build();
  void find(std::string_view value, std::vector<IndexEntry>& out) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

private:
  struct Row {
    std::string text;
    IndexEntry entry = 0;
    std::uint32_t run_offset = 0;  // of the rarest run, or with few rows of the rarest byte
  };
  // So many searches cost less than a look at every place.
  static constexpr std::size_t kMaxSearched = 4;

  static void search(const Row& row, std::string_view value, std::vector<IndexEntry>& out);
  void build_runs();
  static constexpr std::size_t kBitmapBits = 1 << 14;

  std::vector<Row> rows_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_run_;
  std::vector<std::uint64_t> bitmap_;
};

class TextIndex {
public:
  void add_equal(std::string_view text, IndexEntry entry) {
    equal_[std::string(text)].push_back(entry);
    equal_filter_.add(text);
  }
  void add_prefix(std::string_view text, IndexEntry entry) { prefixes_.add(text, entry); }
  void add_suffix(std::string_view text, IndexEntry entry) {
    suffixes_.add(std::string(text.rbegin(), text.rend()), entry);
  }
  void add_substring(std::string_view text, IndexEntry entry) { substrings_.add(text, entry); }
  void build();

  // Appends the entries of all constants that hold for `value`, possibly several times. `scratch`
  // is memory to use.
  void find(std::string_view value, std::vector<IndexEntry>& out, std::string& scratch) const;

  // How many different constants there are of each kind.
  struct Sizes {
    std::size_t equal = 0;
    std::size_t prefixes = 0;
    std::size_t suffixes = 0;
    std::size_t substrings = 0;
  };
  [[nodiscard]] Sizes sizes() const {
    return {equal_.size(), prefixes_.size(), suffixes_.size(), substrings_.size()};
  }

private:
  std::unordered_map<std::string, std::vector<IndexEntry>, TextHash, std::equal_to<>> equal_;
  EqualFilter equal_filter_;
  PrefixIndex prefixes_;
  PrefixIndex suffixes_;  // of reversed texts
  SubstringIndex substrings_;
};

}  // namespace saker
