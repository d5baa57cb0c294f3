// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/text_index.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace saker {
namespace {

std::set<IndexEntry> found_by(const TextIndex& index, std::string_view value) {
  std::vector<IndexEntry> out;
  std::string scratch;
  index.find(value, out, scratch);
  return {out.begin(), out.end()};
}

TEST(TextIndex, FindsEveryKindOfConstant) {
  TextIndex index;
  index.add_equal("/etc/shadow", 0);
  index.add_prefix("/etc/", 1);
  index.add_prefix("/", 2);
  index.add_prefix("/usr", 3);
  index.add_suffix("shadow", 4);
  index.add_suffix(".so", 5);
  index.add_substring("tc/s", 6);
  index.add_substring("passwd", 7);
  index.build();
  EXPECT_EQ(found_by(index, "/etc/shadow"), (std::set<IndexEntry>{0, 1, 2, 4, 6}));
  EXPECT_EQ(found_by(index, "/usr/lib/x.so"), (std::set<IndexEntry>{2, 3, 5}));
  EXPECT_EQ(found_by(index, ""), std::set<IndexEntry>{});
}

std::string random_text(std::mt19937& random, std::size_t least, std::size_t most) {
  std::string text;
  for (std::size_t n = least + random() % (most - least + 1); n > 0; --n) {
    text += "ab/."[random() % 4];
  }
  return text;
}

struct Constant {
  int kind = 0;  // equal, prefix, suffix, substring
  std::string text;
};

bool holds(const Constant& constant, std::string_view value) {
  switch (constant.kind) {
    case 0:
      return value == constant.text;
    case 1:
      return value.starts_with(constant.text);
    case 2:
      return value.ends_with(constant.text);
    default:
      return value.find(constant.text) != std::string_view::npos;
  }
}

TEST(TextIndex, AgreesWithAskingEachConstant) {
  constexpr std::uint32_t kSeed = 20261121;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 300; ++round) {
    std::vector<Constant> constants;
    TextIndex index;
    for (IndexEntry entry = 0; entry < 1 + random() % 40; ++entry) {
      const int kind = static_cast<int>(random() % 4);
      constants.push_back({kind, random_text(random, kind == 3 ? 4 : 1, 8)});
      const std::string& text = constants.back().text;
      switch (kind) {
        case 0:
          index.add_equal(text, entry);
          break;
        case 1:
          index.add_prefix(text, entry);
          break;
        case 2:
          index.add_suffix(text, entry);
          break;
        default:
          index.add_substring(text, entry);
          break;
      }
    }
    index.build();
    for (int i = 0; i < 50; ++i) {
      const std::string value = random_text(random, 0, 12);
      std::set<IndexEntry> expected;
      for (std::size_t c = 0; c < constants.size(); ++c) {
        if (holds(constants[c], value)) {
          expected.insert(static_cast<IndexEntry>(c));
        }
      }
      ASSERT_EQ(found_by(index, value), expected)
          << "seed " << kSeed << " round " << round << " value " << value;
    }
  }
}

}  // namespace
}  // namespace saker
