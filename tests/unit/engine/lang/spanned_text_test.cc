// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/spanned_text.h"

#include <gtest/gtest.h>

#include "engine/lang/parser.h"

namespace saker {
namespace {

constexpr SourceId kFile{0};

TEST(SpannedText, MapsBytesToTheirOrigin) {
  SpannedText text("abc", SourceSpan{kFile, 10, 13});
  text.append(" -- ", SourceSpan{kFile, 50, 51});
  text.append("de", SourceSpan{});
  text.append("fg", SourceSpan{kFile, 20, 22});
  EXPECT_EQ(text.text(), "abc -- defg");
  EXPECT_EQ(text.origin_of(1, 3), (SourceSpan{kFile, 11, 13}));
  EXPECT_EQ(text.origin_of(1, 9), (SourceSpan{kFile, 11, 13})) << "as far as the first reaches";
  EXPECT_EQ(text.origin_of(4, 5), (SourceSpan{kFile, 50, 51}));
  EXPECT_EQ(text.origin_of(7, 8), SourceSpan{});
  EXPECT_EQ(text.origin_of(10, 11), (SourceSpan{kFile, 21, 22}));
  EXPECT_EQ(text.origin_of(11, 11), SourceSpan{});
}

TEST(SpannedText, CutsAndJoins) {
  const SpannedText text("0123456789", SourceSpan{kFile, 100, 110});
  SpannedText out;
  out.append(text, 2, 3);
  out.append(text, 5, 1);
  EXPECT_EQ(out.text(), "2345");
  ASSERT_EQ(out.segments().size(), 1U) << "neighbours grow together";
  EXPECT_EQ(out.segments()[0].origin, (SourceSpan{kFile, 102, 106}));
  out.substitute(1, 3, SpannedText("xyz", SourceSpan{kFile, 7, 8}));
  EXPECT_EQ(out.text(), "2xyz5");
  EXPECT_EQ(out.origin_of(0, 1), (SourceSpan{kFile, 102, 103}));
  EXPECT_EQ(out.origin_of(2, 3), (SourceSpan{kFile, 7, 8}));
  EXPECT_EQ(out.origin_of(4, 5), (SourceSpan{kFile, 105, 106}));
  out.substitute(0, out.size(), SpannedText());
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(out.segments().empty());
}

TEST(SpannedText, LeadsParserSpansToTheFile) {
  const std::string file = "condition: a.b = 1\n  append:\n    and c.d ~ 2\n";
  SourceMap sources;
  const SourceId id = sources.add_file("rules.yaml", file);
  SpannedText text("a.b = 1", SourceSpan{id, 11, 18});
  text.append(" ", SourceSpan{id, 21, 27});
  text.append("and c.d ~ 2", SourceSpan{id, 33, 44});
  const SourceId source = text.register_in(sources, SourceSpan{id, 0, 9});
  const auto tree = parse_condition(sources.text(source), source, kMaxRuleDepth);
  ASSERT_FALSE(tree);
  const SourceLocation location = sources.locate(tree.error().span(source));
  EXPECT_EQ(location.file, "rules.yaml");
  EXPECT_EQ(location.line, 3U);
  EXPECT_EQ(location.column, 13U);
}

}  // namespace
}  // namespace saker
