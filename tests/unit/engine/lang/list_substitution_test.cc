// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/list_substitution.h"

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace saker {
namespace {

struct List {
  std::string name;
  std::vector<std::string> items;
};

// Every item of list i stands in source 10 + i, at 100 x its index.
std::vector<ListDefinition> definitions(const std::vector<List>& lists) {
  std::vector<ListDefinition> out;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    ListDefinition& list = out.emplace_back();
    list.name = lists[i].name;
    for (std::size_t k = 0; k < lists[i].items.size(); ++k) {
      const auto begin = static_cast<std::uint32_t>(100 * k);
      const std::string& text = lists[i].items[k];
      list.items.push_back(
          SourceText{text, SourceSpan{SourceId{static_cast<std::uint32_t>(10 + i)}, begin,
                                      begin + static_cast<std::uint32_t>(text.size())}});
    }
  }
  return out;
}

ListSubstitution substitute(const std::string& text, const std::vector<List>& lists) {
  const ListSubstituter substituter(definitions(lists));
  const SourceSpan span{SourceId{1}, 1000, 1000 + static_cast<std::uint32_t>(text.size())};
  return substituter.substitute(SpannedText(text, span));
}

// The definition, followed step by step: list after list, each from left to right.
std::string substitute_naively(std::string text, const std::vector<List>& lists,
                               std::vector<bool>& used) {
  const auto is_any = [](char c, const char* set) {
    return std::string(set).find(c) != std::string::npos;
  };
  used.assign(lists.size(), false);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    std::string sub;
    for (const std::string& item : lists[i].items) {
      const bool needs_quotes = item.find(' ') != std::string::npos && !is_any(item[0], "\"'");
      sub += (sub.empty() ? "" : ", ") + (needs_quotes ? "\"" + item + "\"" : item);
    }
    const std::string& name = lists[i].name;
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      std::size_t begin = at;
      std::size_t end = at + name.size();
      if ((begin > 0 && !is_any(text[begin - 1], " \t\n\r(),=")) ||
          (end < text.size() && !is_any(text[end], " \t\n\r(),="))) {
        ++at;
        continue;
      }
      used[i] = true;
      while (begin > 0 && is_any(text[begin - 1], " \t\n\r")) {
        --begin;
      }
      while (end < text.size() && is_any(text[end], " \t\n\r")) {
        ++end;
      }
      if (lists[i].items.empty() && begin > 0 && text[begin - 1] == ',') {
        --begin;
      } else if (lists[i].items.empty() && end < text.size() && text[end] == ',') {
        ++end;
      }
      const std::string put = (begin > 0 ? " " : "") + sub + " ";
      text = text.substr(0, begin) + put + text.substr(end);
      at = begin + put.size();
    }
  }
  return text;
}

struct Case {
  const char* text;
  std::vector<List> lists;
  const char* expected;
};

TEST(ListSubstitution, FollowsFalcosRules) {
  const std::vector<Case> cases{
      {"a.b in (l)", {{"l", {"x", "y"}}}, "a.b in ( x, y )"},
      {"a.b in ( \t\n l \r )", {{"l", {"x", "y"}}}, "a.b in ( x, y )"},
      {"a.b in (l,m)", {{"l", {"x"}}, {"m", {"y"}}}, "a.b in ( x , y )"},
      {"a.b=l", {{"l", {"x"}}}, "a.b= x "},
      {"l", {{"l", {"x"}}}, "x "},
      {"  l and m", {{"l", {"x"}}}, "x and m"},
      // Delimiters.
      {"a.l in (xl, lx, l.x, l)", {{"l", {"y"}}}, "a.l in (xl, lx, l.x, y )"},
      {"'l' \"l\" [l] <l> !l", {{"l", {"y"}}}, "'l' \"l\" [l] <l> !l"},
      {"a.b\bl", {{"l", {"y"}}}, "a.b\bl"},
      // Quotes do not protect.
      {"a.b = 'x l y'", {{"l", {"z"}}}, "a.b = 'x z y'"},
      // Items with blanks, and what is not escaped.
      {"(l)",
       {{"l", {"x y", "'p q'", "\"r s\"", "t\tu", "v\"w x"}}},
       "( \"x y\", 'p q', \"r s\", t\tu, \"v\"w x\" )"},
      {"(l)", {{"l", {"(x)", "y,z"}}}, "( (x), y,z )"},
      // Empty lists.
      {"a.b in (l)", {{"l", {}}}, "a.b in (  )"},
      {"(x, l, y)", {{"l", {}}}, "(x  , y)"},
      {"(l , y)", {{"l", {}}}, "(   y)"},
      {"(x,l)", {{"l", {}}}, "(x  )"},
      {"(l,l,l)", {{"l", {}}}, "(  )"},
      {", l", {{"l", {}}}, " "},
      {"l, x", {{"l", {}}}, "  x"},
      {"(x, l, m, y)", {{"m", {}}, {"l", {}}}, "(x  , y)"},
      // The order of lists: later ones see what earlier ones put in, not the other way round, and
      // no list sees its own text.
      {"(l)", {{"l", {"m", "l"}}, {"m", {"x"}}}, "( x , l )"},
      {"(m)", {{"l", {"x"}}, {"m", {"l"}}}, "( l )"},
      {"(l l,l)", {{"l", {"l", "l"}}}, "( l, l l, l , l, l )"},
      {"(l)", {{"l", {"x m y", "m"}}, {"m", {"z"}}}, "( \"x z y\", z )"},
      // Names with delimiters match across words.
      {"a.b in (x y , z)", {{"x y", {"1", "2"}}, {"z", {"x"}}}, "a.b in ( 1, 2 , x )"},
      {"(z)", {{"z", {"p", "q"}}, {"p, q", {"r"}}, {"r", {"s"}}}, "( s )"},
      {"f(a, b)", {{"a,", {}}, {"a, b", {"c"}}}, "f(  b)"},
      // Nothing to do.
      {"a.b = c", {{"l", {"x"}}}, "a.b = c"},
      {"", {{"l", {"x"}}}, ""},
      {"a", {}, "a"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.text);
    const ListSubstitution result = substitute(test.text, test.lists);
    EXPECT_EQ(result.text.text(), test.expected);
    std::vector<bool> used;
    EXPECT_EQ(substitute_naively(test.text, test.lists, used), test.expected);
  }
}

TEST(ListSubstitution, KnowsWhereEveryByteCameFrom) {
  // 0123456789 12
  // a.b in (l) x   ->   a.b in ( p, "q m" ) x   ->   a.b in ( p, "q 7 " ) x
  const ListSubstitution result = substitute("a.b in (l) x", {{"l", {"p", "q m"}}, {"m", {"7"}}});
  ASSERT_EQ(result.text.text(), "a.b in ( p, \"q m\" ) x");
  const auto origin = [&](std::size_t at) { return result.text.origin_of(at, at + 1); };
  EXPECT_EQ(origin(0), (SourceSpan{SourceId{1}, 1000, 1001}));
  EXPECT_EQ(origin(9), (SourceSpan{SourceId{10}, 0, 1}));
  EXPECT_EQ(origin(12), (SourceSpan{SourceId{10}, 100, 103})) << "a quote maps to its item";
  EXPECT_EQ(origin(15), (SourceSpan{SourceId{10}, 102, 103}));
  EXPECT_EQ(origin(8).source, SourceId{1});
  EXPECT_EQ(origin(20), (SourceSpan{SourceId{1}, 1011, 1012}));
  ASSERT_EQ(result.uses.size(), 1U);
  EXPECT_EQ(result.uses[0].list, 0U);
  EXPECT_EQ(result.uses[0].name, (SourceSpan{SourceId{1}, 1008, 1009}));
  EXPECT_EQ(result.use_at(9), 0U);
  EXPECT_EQ(result.use_at(19), ListUse::kNone);
}

TEST(ListSubstitution, RecordsUsesWithinUses) {
  const ListSubstitution result =
      substitute("(l, l)", {{"l", {"x", "m"}}, {"k", {}}, {"m", {"y", "z"}}});
  ASSERT_EQ(result.text.text(), "( x, y, z , x, y, z )");
  ASSERT_EQ(result.uses.size(), 4U);
  const ListUse& inner = result.uses[2];
  EXPECT_EQ(inner.list, 2U);
  EXPECT_EQ(inner.parent, 0U);
  EXPECT_EQ(inner.name, (SourceSpan{SourceId{10}, 100, 101}));
  EXPECT_EQ(result.uses[3].parent, 1U);
  EXPECT_EQ(result.use_at(2), 0U);
  EXPECT_EQ(result.use_at(5), 2U);
  EXPECT_EQ(result.use_at(18), 3U);
  EXPECT_EQ(result.use_at(0), ListUse::kNone);
  EXPECT_EQ(result.uses[0].begin, 1U);
  EXPECT_EQ(result.uses[0].end, 10U);
}

TEST(ListSubstitution, StopsLimitlessGrowth) {
  std::vector<List> lists;
  for (int i = 0; i < 60; ++i) {
    const std::string next = "l" + std::to_string(i + 1);
    lists.push_back({"l" + std::to_string(i), {next, next}});
  }
  EXPECT_TRUE(substitute("(l0)", lists).is_too_long);
  EXPECT_FALSE(substitute("(l50)", lists).is_too_long);
}

// Found by the fuzzer: each replacement copied the whole text.
TEST(ListSubstitution, StopsLimitlessGrowthOfOddNames) {
  std::vector<List> lists;
  for (int i = 0; i < 60; ++i) {
    lists.push_back({"(", {"((", "(("}});
  }
  EXPECT_TRUE(substitute(std::string(100, '('), lists).is_too_long);
}

TEST(ListSubstitution, StopsEndlessSearchesForOddNames) {
  std::vector<List> lists(20'000, List{"no, such", {"x"}});
  EXPECT_TRUE(substitute(std::string(100'000, 'x'), lists).is_too_long);
  lists.resize(2'000);
  EXPECT_FALSE(substitute(std::string(100'000, 'x'), lists).is_too_long);
}

TEST(ListSubstitution, HandlesManyListsInLongConditions) {
  constexpr int kLists = 10'000;
  std::vector<List> lists;
  std::string text;
  for (int i = 0; i < kLists; ++i) {
    lists.push_back({"list_" + std::to_string(i), {"a" + std::to_string(i), "b c"}});
    text += "a.b in (list_" + std::to_string((i * 7919) % kLists) + ") or ";
  }
  const ListSubstitution result = substitute(text, lists);
  EXPECT_EQ(result.uses.size(), static_cast<std::size_t>(kLists));
  EXPECT_NE(result.text.text().find("( a9999, \"b c\" )"), std::string::npos);
  EXPECT_EQ(result.text.text().find("list_"), std::string::npos);
}

TEST(ListSubstitution, AgreesWithTheNaiveForm) {
  const char* given = std::getenv("SAKER_TEST_SEED");
  const std::uint32_t seed =
      given != nullptr ? static_cast<std::uint32_t>(std::atoll(given)) : std::random_device{}();
  std::printf("seed %u (set SAKER_TEST_SEED to repeat)\n", seed);
  std::mt19937 random(seed);
  const auto pick = [&random](std::size_t count) { return random() % count; };
  static const std::vector<std::string> kNames{"a", "b", "c", "aa", "a b", "c,", "d", "(", ", a"};
  static const std::vector<std::string> kParts{"a", "b", "c",  "d",  "aa", " ", ",", "(",
                                               ")", "=", "\t", "\"", "x",  " ", ","};
  const auto make_text = [&](std::size_t limit) {
    std::string out;
    for (std::size_t count = pick(limit); count > 0; --count) {
      out += kParts[pick(kParts.size())];
    }
    return out;
  };
  for (int round = 0; round < 20'000; ++round) {
    std::vector<List> lists;
    std::vector<std::string> names = kNames;
    names.resize(round % 2 == 0 ? kNames.size() : 4);
    std::shuffle(names.begin(), names.end(), random);
    for (const std::string& name : names) {
      List list{.name = name, .items = {}};
      for (std::size_t count = pick(3); count > 0; --count) {
        const std::string item = make_text(4);
        list.items.push_back(item.empty() ? "a" : item);
      }
      lists.push_back(std::move(list));
    }
    const std::string text = make_text(14);
    std::vector<bool> used;
    const std::string expected = substitute_naively(text, lists, used);
    const ListSubstitution result = substitute(text, lists);
    ASSERT_EQ(result.text.text(), expected) << "of: " << text;
    std::vector<bool> used_here(lists.size(), false);
    for (const ListUse& use : result.uses) {
      used_here[use.list] = true;
    }
    ASSERT_EQ(used_here, used) << "of: " << text;
  }
}

}  // namespace
}  // namespace saker
