// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/source_map.h"

#include <gtest/gtest.h>

namespace saker {
namespace {

TEST(SourceMap, LinesAndColumnsCountFromOne) {
  SourceMap map;
  const SourceId file = map.add_file("a.yaml", "one\ntwo\n\nfour");
  struct Case {
    std::uint32_t offset;
    std::uint32_t line;
    std::uint32_t column;
    std::string_view text;
  };
  for (const Case& c : {Case{0, 1, 1, "one"}, Case{4, 2, 1, "two"}, Case{6, 2, 3, "two"},
                        Case{8, 3, 1, ""}, Case{12, 4, 4, "four"}}) {
    const SourceLocation at = map.locate({file, c.offset, c.offset + 1});
    EXPECT_EQ(at.file, "a.yaml");
    EXPECT_EQ(at.line, c.line) << c.offset;
    EXPECT_EQ(at.column, c.column) << c.offset;
    EXPECT_EQ(at.line_text, c.text) << c.offset;
  }
}

TEST(SourceMap, VirtualTextMapsBackToTheFile) {
  SourceMap map;
  const SourceId file = map.add_file("a.yaml", "condition: >\n  a.b = c\n");
  const SourceId text = map.add_virtual("a.b = c", {{0, 7, {file, 15, 22}, true}}, {file, 11, 22});
  EXPECT_EQ(map.to_file({text, 0, 3}), (SourceSpan{file, 15, 18}));
  EXPECT_EQ(map.locate({text, 6, 7}).line, 2u);
  EXPECT_EQ(map.locate({text, 6, 7}).column, 9u);
}

TEST(SourceMap, UnknownSourceLocatesNowhere) {
  const SourceMap map;
  EXPECT_EQ(map.locate({}).line, 0u);
}

}  // namespace
}  // namespace saker
