// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/scalar_segments.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/loader/yaml_source.h"

namespace saker {
namespace {

struct Case {
  std::string name;
  std::string text;    // `key: scalar` in some style
  std::string needle;  // in the decoded scalar
  std::string place;   // line:column of it in the text
};

// Where `needle` of the decoded value stands in the file.
std::string place_of(const Case& c) {
  const auto file = YamlFile::parse(c.text);
  if (!file) {
    return file.error().message;
  }
  const YamlNode& node = *file->documents().front()->find("key");
  SourceMap sources;
  const SourceId source = sources.add_file("f.yaml", c.text);
  ScalarPlace place = place_scalar(c.text, source, node.mark.offset, node.text);
  const SourceId decoded = sources.add_virtual(node.text, std::move(place.segments), place.whole);
  const std::size_t at = node.text.find(c.needle);
  if (at == std::string::npos) {
    return "not in '" + node.text + "'";
  }
  const auto begin = static_cast<std::uint32_t>(at);
  const auto length = static_cast<std::uint32_t>(c.needle.size());
  const SourceLocation location = sources.locate(SourceSpan{decoded, begin, begin + length});
  return std::to_string(location.line) + ":" + std::to_string(location.column);
}

TEST(ScalarSegments, LeadBackToTheFile) {
  const Case cases[] = {
      {"plain", "key: one two\n", "two", "1:10"},
      {"plain over lines", "key: one\n   two\n   three\n", "three", "3:4"},
      {"plain with colon", "key: a:b c\n", "c", "1:10"},
      {"single quotes", "key: 'one two'\n", "two", "1:11"},
      {"doubled quote", "key: 'it''s two'\n", "two", "1:13"},
      {"double quotes", "key: \"one two\"\n", "two", "1:11"},
      {"escaped quote", "key: \"a \\\" two\"\n", "two", "1:12"},
      {"escaped line end", "key: \"a\\n two\"\n", "two", "1:11"},
      {"hex escape", "key: \"\\x41 two\"\n", "two", "1:12"},
      {"unicode escape", "key: \"\\u00e9\\u65e5 two\"\n", "two", "1:20"},
      {"continued line", "key: \"one \\\n   two\"\n", "two", "2:4"},
      {"quotes over lines", "key: \"one\n   two\"\n", "two", "2:4"},
      {"folded", "key: >\n  one\n  two\n  three\n", "three", "4:3"},
      {"folded, stripped", "key: >-\n  one\n  two\n", "two", "3:3"},
      {"folded with indicator", "key: >2-\n  one\n  two\n", "two", "3:3"},
      {"folded, comment behind", "key: > # note\n  one\n  two\n", "two", "3:3"},
      {"folded, empty lines", "key: >\n  one\n\n\n  two\n", "two", "5:3"},
      {"folded, deeper line", "key: >\n  one\n     two\n  three\n", "three", "4:3"},
      {"literal", "key: |\n  one\n  two\n", "two", "3:3"},
      {"literal, deeper", "key: |\n  one\n    two\n", "two", "3:5"},
      {"anchor", "key: &a one two\n", "two", "1:13"},
      {"anchor and tag", "key: &a !!str one two\n", "two", "1:19"},
      {"anchor, next line", "key: &a\n  one two\n", "two", "2:7"},
      {"windows line ends", "key: >\r\n  one\r\n  two\r\n", "two", "3:3"},
      {"utf-8", "key: \xc3\xa9\xe6\x97\xa5 two\n", "two", "1:12"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(place_of(c), c.place) << c.name;
  }
}

TEST(ScalarSegments, FallsBackToTheLineWhenTextsDiffer) {
  SourceMap sources;
  const std::string text = "key: something\nmore\n";
  const ScalarPlace place = place_scalar(text, sources.add_file("f", text), 5, "else");
  EXPECT_TRUE(place.segments.empty());
  EXPECT_EQ(place.whole.begin, 5U);
  EXPECT_EQ(place.whole.end, 14U);
}

TEST(ScalarSegments, KnowsTheWholeScalar) {
  const std::string text = "key: 'a b' # c\n";
  const ScalarPlace place = place_scalar(text, SourceId{0}, 5, "a b");
  EXPECT_EQ(place.whole.begin, 5U);
  EXPECT_EQ(place.whole.end, 10U);
}

TEST(ScalarSegments, StaysInsideTheText) {
  for (const std::string text : {"'", "\"", "\"\\", "\"\\x", "&", "!", ">", "|", "", "\"\\\n"}) {
    for (const std::string decoded : {"", "a", " ", "\n"}) {
      const ScalarPlace place = place_scalar(text, SourceId{0}, 0, decoded);
      EXPECT_LE(place.whole.end, text.size() + 1);
      EXPECT_LE(place.whole.begin, place.whole.end);
    }
    (void)place_scalar(text, SourceId{0}, 1000, "x");
  }
}

}  // namespace
}  // namespace saker
