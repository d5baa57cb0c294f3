// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/macro_resolver.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "engine/lang/parser.h"
#include "engine/lang/printer.h"

namespace saker {
namespace {

std::unique_ptr<Node> parse(const std::string& text, std::uint32_t source = 0) {
  return std::move(parse_condition(text, SourceId{source}, kMaxRuleDepth).value());
}

struct Macros {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> trees;
  ExpansionTable expansions;

  // Sources of definitions are numbered from 1 in the order of the names.
  explicit Macros(const std::map<std::string, std::string>& texts) {
    std::uint32_t source = 1;
    for (const auto& [name, text] : texts) {
      trees.emplace(name, parse(text, source++));
    }
  }

  tl::expected<ResolvedCondition, MacroError> resolve(const Node& tree) {
    MacroResolver resolver(
        [this](std::string_view name) -> const Node* {
          const auto found = trees.find(name);
          return found == trees.end() ? nullptr : found->second.get();
        },
        expansions);
    return resolver.resolve(tree);
  }
  tl::expected<ResolvedCondition, MacroError> resolve(const std::string& text) {
    return resolve(*parse(text));
  }
};

TEST(MacroResolver, InsertsSubTrees) {
  Macros macros({{"m", "a.b = 1 or a.b = 2"}, {"n", "c.d exists and not m"}});
  const auto resolved = macros.resolve("e.f = x and m and n");
  ASSERT_TRUE(resolved);
  EXPECT_EQ(print(*resolved->tree),
            "(e.f = x and (a.b = 1 or a.b = 2) and (c.d exists and not (a.b = 1 or a.b = 2)))");
  EXPECT_EQ(resolved->used_macros, (std::vector<std::string>{"m", "n"}));
  EXPECT_EQ(print(*macros.trees["n"]), "(c.d exists and not m)") << "definitions stay";
  EXPECT_EQ(print(*macros.resolve("m")->tree), "(a.b = 1 or a.b = 2)");
  EXPECT_EQ(print(*macros.resolve("not m or m")->tree),
            "(not (a.b = 1 or a.b = 2) or (a.b = 1 or a.b = 2))");
}

TEST(MacroResolver, RecordsWhereNodesCameFrom) {
  Macros macros({{"m", "a.b = 1"}, {"n", "c.d exists and m"}});
  const auto resolved = macros.resolve("e.f = x and n");
  ASSERT_TRUE(resolved);
  const Node& own = *resolved->tree->children[0];
  const Node& from_n = *resolved->tree->children[1]->children[0];
  const Node& from_m = *resolved->tree->children[1]->children[1];
  EXPECT_EQ(resolved->tree->expansion, ExpansionId::kNone);
  EXPECT_EQ(own.expansion, ExpansionId::kNone);
  EXPECT_EQ(from_n.span.source, SourceId{2});
  EXPECT_EQ(macros.expansions.get(from_n.expansion).macro, "n");
  const auto notes = macros.expansions.notes(from_m.expansion);
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].message, "in macro 'n', used here");
  EXPECT_EQ(notes[0].span, (SourceSpan{SourceId{0}, 12, 13}));
  EXPECT_EQ(notes[1].message, "in macro 'm', used here");
  EXPECT_EQ(notes[1].span, (SourceSpan{SourceId{2}, 15, 16}));
}

TEST(MacroResolver, RepeatsTheChainsOfResolvedDefinitions) {
  Macros macros({{"m", "a.b = 1 and a.b = 2"}, {"n", "c.d exists and m"}, {"o", "n or e.f = 3"}});
  for (const char* name : {"n", "o"}) {
    macros.trees[name] = std::move(macros.resolve(*macros.trees[name])->tree);
  }
  const auto resolved = macros.resolve("o and o");
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->used_macros, (std::vector<std::string>{"o"}));
  for (std::uint32_t i = 0; i < 2; ++i) {
    const Node& or_node = *resolved->tree->children[i];
    const Node& from_m = *or_node.children[0]->children[1]->children[1];
    EXPECT_EQ(print(from_m), "a.b = 2");
    const auto notes = macros.expansions.notes(from_m.expansion);
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_EQ(notes[0].message, "in macro 'o', used here");
    EXPECT_EQ(notes[0].span, (SourceSpan{SourceId{0}, 6 * i, 6 * i + 1}));
    EXPECT_EQ(notes[1].message, "in macro 'n', used here");
    EXPECT_EQ(notes[2].message, "in macro 'm', used here");
    EXPECT_EQ(macros.expansions.notes(or_node.children[1]->expansion).size(), 1U);
  }
}

struct Failure {
  std::map<std::string, std::string> macros;
  const char* text;
  const char* message;
  SourceSpan span;
  SourceSpan outermost_use;
};

TEST(MacroResolver, ReportsWhatFalcoReports) {
  const auto at = [](std::uint32_t source, std::uint32_t begin, std::uint32_t length) {
    return SourceSpan{SourceId{source}, begin, begin + length};
  };
  const std::vector<Failure> cases{
      {{}, "a.b = 1 and foo", "Undefined macro 'foo' used in filter.", at(0, 12, 3), at(0, 12, 3)},
      {{}, "foo or bar", "Undefined macro 'foo' used in filter.", at(0, 0, 3), at(0, 0, 3)},
      {{{"m", "not foo"}},
       "a or m",
       "Undefined macro 'a' used in filter.",
       at(0, 0, 1),
       at(0, 0, 1)},
      {{{"m", "not foo"}}, "m", "Undefined macro 'foo' used in filter.", at(1, 4, 3), at(0, 0, 1)},
      {{{"m", "x.y=1 or m"}}, "m", "reference loop in macro 'm'", at(1, 9, 1), at(0, 0, 1)},
      {{{"a", "b"}, {"b", "a"}}, "b", "reference loop in macro 'b'", at(1, 0, 1), at(0, 0, 1)},
      {{{"a", "b"}, {"b", "c"}, {"c", "b"}},
       "a",
       "reference loop in macro 'b'",
       at(3, 0, 1),
       at(0, 0, 1)},
      // A loop is reported before an undefined macro.
      {{{"m", "m"}}, "foo and m", "reference loop in macro 'm'", at(1, 0, 1), at(0, 8, 1)},
  };
  for (const Failure& test : cases) {
    SCOPED_TRACE(test.text);
    const auto resolved = Macros(test.macros).resolve(test.text);
    ASSERT_FALSE(resolved);
    EXPECT_EQ(resolved.error().message, test.message);
    EXPECT_EQ(resolved.error().span, test.span);
    EXPECT_EQ(resolved.error().outermost_use, test.outermost_use);
    const bool is_outside = resolved.error().span == resolved.error().outermost_use;
    EXPECT_EQ(resolved.error().expansion == ExpansionId::kNone, is_outside);
  }
}

TEST(MacroResolver, FindsTheLoopOfARedefinition) {
  // macro a: x, macro b: a, macro a: b — while a is resolved, both are visible.
  Macros macros({{"a", "b"}, {"b", "a"}});
  const auto resolved = macros.resolve(*macros.trees["a"]);
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().message, "reference loop in macro 'b'");
}

TEST(MacroResolver, LimitsGrowthAndDepth) {
  std::map<std::string, std::string> doubling{{"m0", "a.b = 1"}};
  std::map<std::string, std::string> chain{{"m0", "a.b = 1"}};
  for (int i = 1; i <= 1200; ++i) {
    const std::string before = "m" + std::to_string(i - 1);
    doubling.emplace("m" + std::to_string(i), before + " and " + before);
    chain.emplace("m" + std::to_string(i), "c.d = 1 and not " + before);
  }
  const auto grown = Macros(doubling).resolve("m40");
  ASSERT_FALSE(grown);
  EXPECT_EQ(grown.error().kind, MacroError::Kind::kTooLarge);
  Macros chained(chain);
  EXPECT_TRUE(chained.resolve("m300"));
  const auto deep = chained.resolve("m1200");
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().kind, MacroError::Kind::kTooLarge);
}

TEST(Node, DestroysAndClonesDeepTrees) {
  auto tree = make_macro_node("m", {});
  for (int i = 0; i < 200'000; ++i) {
    tree = make_not_node(std::move(tree), {});
  }
  const auto copy = clone(*tree);
  EXPECT_EQ(copy->kind, NodeKind::kNot);
}

}  // namespace
}  // namespace saker
