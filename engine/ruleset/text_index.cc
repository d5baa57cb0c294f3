// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/text_index.h"

#include <algorithm>
#include <cstring>

namespace saker {

namespace {

std::uint32_t run_at(const char* at) {
  std::uint32_t run = 0;
  std::memcpy(&run, at, sizeof(run));
  return run;
}

// Spreads runs over the bitmap. Source: Knuth's multiplicative hashing.
std::size_t bit_of(std::uint32_t run, std::size_t bits) {
  return (run * 2654435761U >> 8U) % bits;
}

// Bytes that paths and command lines are full of, the most frequent first; any other is rare.
constexpr std::string_view kFrequentBytes = "/ esriatnolcupd-m.bhgfy_xvk1203w4";

std::size_t rarity(char byte) {
  const std::size_t at = kFrequentBytes.find(byte);
  return at == std::string_view::npos ? kFrequentBytes.size() : at;
}

}  // namespace

void PrefixIndex::add(std::string_view text, IndexEntry entry) {
  rows_.push_back({std::string(text), {entry}, -1});
}

void PrefixIndex::build() {
  std::ranges::sort(rows_, {}, &Row::text);
  std::vector<Row> merged;
  for (Row& row : rows_) {
    if (!merged.empty() && merged.back().text == row.text) {
      merged.back().entries.push_back(row.entries.front());
    } else {
      merged.push_back(std::move(row));
    }
  }
  rows_ = std::move(merged);
  for (const Row& row : rows_) {
    filter_.add_length(row.text.size());
    longest_ = std::max(longest_, row.text.size());
  }
  for (const Row& row : rows_) {
    filter_.add(row.text);
  }
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    auto parent = static_cast<std::int32_t>(i) - 1;
    while (parent >= 0 &&
           !rows_[i].text.starts_with(rows_[static_cast<std::size_t>(parent)].text)) {
      parent = rows_[static_cast<std::size_t>(parent)].parent;
    }
    rows_[i].parent = parent;
  }
}

void PrefixIndex::find(std::string_view value, std::vector<IndexEntry>& out) const {
  if (rows_.empty() || value.size() < filter_.bytes() || !filter_.may_have(value)) {
    return;
  }
  // Whatever is a prefix of `value` is the last row not above it, or a prefix of that row.
  const auto above =
      std::upper_bound(rows_.begin(), rows_.end(), value,
                       [](std::string_view v, const Row& row) { return v < row.text; });
  auto at = static_cast<std::int32_t>(above - rows_.begin()) - 1;
  while (at >= 0) {
    const Row& row = rows_[static_cast<std::size_t>(at)];
    if (value.starts_with(row.text)) {
      out.insert(out.end(), row.entries.begin(), row.entries.end());
    }
    at = row.parent;
  }
}

void SubstringIndex::add(std::string_view text, IndexEntry entry) {
  rows_.push_back({std::string(text), entry, 0});
}

void SubstringIndex::build() {
  if (rows_.size() > kMaxSearched) {
    build_runs();
    return;
  }
  for (Row& row : rows_) {
    const auto rarest = std::ranges::max_element(row.text, {}, rarity);
    row.run_offset = static_cast<std::uint32_t>(rarest - row.text.begin());
  }
}

void SubstringIndex::build_runs() {
  std::unordered_map<std::uint32_t, std::uint32_t> uses;
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i + kRunBytes <= row.text.size(); ++i) {
      ++uses[run_at(row.text.data() + i)];
    }
  }
  bitmap_.assign(kBitmapBits / 64, 0);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    for (std::size_t i = 1; i + kRunBytes <= row.text.size(); ++i) {
      if (uses[run_at(row.text.data() + i)] < uses[run_at(row.text.data() + row.run_offset)]) {
        row.run_offset = static_cast<std::uint32_t>(i);
      }
    }
    const std::uint32_t run = run_at(row.text.data() + row.run_offset);
    by_run_[run].push_back(static_cast<std::uint32_t>(r));
    const std::size_t bit = bit_of(run, kBitmapBits);
    bitmap_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

void SubstringIndex::search(const Row& row, std::string_view value, std::vector<IndexEntry>& out) {
  const char rarest = row.text[row.run_offset];
  for (std::size_t at = row.run_offset; at < value.size(); ++at) {
    at = value.find(rarest, at);
    if (at == std::string_view::npos) {
      return;
    }
    if (value.substr(at - row.run_offset).starts_with(row.text)) {
      out.push_back(row.entry);
      return;
    }
  }
}

void SubstringIndex::find(std::string_view value, std::vector<IndexEntry>& out) const {
  if (rows_.size() <= kMaxSearched) {
    for (const Row& row : rows_) {
      search(row, value, out);
    }
    return;
  }
  for (std::size_t i = 0; i + kRunBytes <= value.size(); ++i) {
    const std::uint32_t run = run_at(value.data() + i);
    const std::size_t bit = bit_of(run, kBitmapBits);
    if ((bitmap_[bit / 64] >> (bit % 64) & 1U) == 0) {
      continue;
    }
    const auto found = by_run_.find(run);
    if (found == by_run_.end()) {
      continue;
    }
    for (const std::uint32_t r : found->second) {
      const Row& row = rows_[r];
      if (i >= row.run_offset && value.substr(i - row.run_offset).starts_with(row.text)) {
        out.push_back(row.entry);
      }
    }
  }
}

void TextIndex::build() {
  prefixes_.build();
  suffixes_.build();
  substrings_.build();
}

void TextIndex::find(std::string_view value, std::vector<IndexEntry>& out,
                     std::string& scratch) const {
  if (equal_filter_.may_have(value)) {
    if (const auto found = equal_.find(value); found != equal_.end()) {
      out.insert(out.end(), found->second.begin(), found->second.end());
    }
  }
  prefixes_.find(value, out);
  substrings_.find(value, out);
  if (suffixes_.size() != 0) {
    const std::string_view end =
        value.substr(value.size() - std::min(value.size(), suffixes_.longest()));
    scratch.assign(end.rbegin(), end.rend());
    suffixes_.find(scratch, out);
  }
}

}  // namespace saker
