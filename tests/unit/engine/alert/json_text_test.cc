// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/json_text.h"

#include <limits>

#include <gtest/gtest.h>

namespace saker {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

class JsonEscape : public ::testing::TestWithParam<Case> {};

TEST_P(JsonEscape, Gives) {
  std::string out = "before ";
  append_json_escaped(out, GetParam().text);
  EXPECT_EQ(out, "before " + std::string(GetParam().expected));
}

using std::string_view_literals::operator""sv;

INSTANTIATE_TEST_SUITE_P(
    Table, JsonEscape,
    ::testing::Values(Case{"", ""}, Case{"plain", "plain"}, Case{"a\"b", "a\\\"b"},
                      Case{"a\\b", "a\\\\b"}, Case{"\b\f\n\r\t", "\\b\\f\\n\\r\\t"},
                      Case{"\x01\x1f", "\\u0001\\u001f"}, Case{"a\0b"sv, "a\\u0000b"},
                      Case{"/", "/"}, Case{"\x7f", "\x7f"},
                      Case{"\xc3\xa9\xe2\x82\xac", "\xc3\xa9\xe2\x82\xac"},
                      // Invalid UTF-8: one replacement character for each ill-formed sequence.
                      Case{"\xff", "\xef\xbf\xbd"}, Case{"a\xffz", "a\xef\xbf\xbdz"},
                      Case{"\xe2\x82", "\xef\xbf\xbd"}, Case{"\xe2\x82z", "\xef\xbf\xbdz"},
                      Case{"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"}));

TEST(JsonText, StringsAndNumbers) {
  std::string out;
  append_json_string(out, "a\"b");
  out += ' ';
  append_json_number(out, 0.5);
  out += ' ';
  append_json_number(out, 3);
  out += ' ';
  append_json_number(out, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(out, "\"a\\\"b\" 0.5 3.0 null");
}

}  // namespace
}  // namespace saker
