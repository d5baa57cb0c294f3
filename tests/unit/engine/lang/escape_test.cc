// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/escape.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

using namespace std::string_literals;

TEST(Escape, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(escape_value("/bin/sh"), "/bin/sh");
  EXPECT_EQ(escape_value(""), "");
  EXPECT_EQ(escape_value("(a,b)"), "(a,b)");
  EXPECT_EQ(escape_value("\v"), "\v");
  EXPECT_EQ(escape_value("a b"), "\"a b\"");
  EXPECT_EQ(escape_value("a=b"), "\"a=b\"");
  EXPECT_EQ(escape_value("it's"), "\"it's\"");
  EXPECT_EQ(escape_value("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(escape_value("a\0b"s), "\"a\0b\""s);
}

TEST(Escape, QuoteAlwaysQuotes) {
  EXPECT_EQ(quote(""), "\"\"");
  EXPECT_EQ(quote("a"), "\"a\"");
  EXPECT_EQ(quote("a\"b"), R"("a\"b")");
}

TEST(Unescape, KnowsEveryEscape) {
  EXPECT_EQ(unescape(R"(\b\f\n\r\t\\\/\")", '"'), "\b\f\n\r\t\\/\"");
  EXPECT_EQ(unescape(R"(\')", '\''), "'");
  EXPECT_EQ(unescape(R"(\ x)", '\''), "\\x");
  EXPECT_EQ(unescape(R"(\x00\xfF)", '"'), "\0\xff"s);
  EXPECT_EQ(unescape("plain 'text'", '"'), "plain 'text'");
}

TEST(Unescape, RefusesOthers) {
  const auto error = [](std::string_view text, char quote) {
    return unescape(text, quote).error();
  };
  EXPECT_EQ(error(R"(\d)", '"'), "unsupported string escape sequence: \\d");
  EXPECT_EQ(error(R"(\')", '"'), "invalid \\' escape in \"-quoted string");
  EXPECT_EQ(error(R"(\")", '\''), "invalid \\\" escape in '-quoted string");
  EXPECT_EQ(error(R"(\x)", '"'), "truncated hex char escape sequence");
  EXPECT_EQ(error(R"(\xag)", '"'), "invalid hex char escape sequence: ag");
}

TEST(Unescape, ReadsBackWhatQuoteWrote) {
  for (const std::string& text : {"a\\b"s, "\"\\\""s, "\x01\x7f\xff"s, "\b\f\n\r\t"s}) {
    const std::string quoted = quote(text);
    EXPECT_EQ(unescape(std::string_view(quoted).substr(1, quoted.size() - 2), '"'), text);
  }
}

}  // namespace
}  // namespace saker
