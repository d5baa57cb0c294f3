// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/field_utf8.h"

#include <gtest/gtest.h>

namespace saker {
namespace {

#define FFFD "\xef\xbf\xbd"

struct Case {
  std::string_view text;
  std::string_view expected;
};

class FieldUtf8 : public ::testing::TestWithParam<Case> {};

TEST_P(FieldUtf8, Gives) {
  std::string out;
  append_field_utf8(out, GetParam().text);
  EXPECT_EQ(out, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FieldUtf8,
    ::testing::Values(Case{"", ""}, Case{"plain \x7f", "plain \x7f"},
                      Case{"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
                           "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
                      Case{"\xff\xfe", FFFD FFFD},
                      // Overlong: the byte behind it is swallowed.
                      Case{"\xc0nonutf8", FFFD "onutf8"}, Case{"\xe0\x80\x80z", FFFD "z"},
                      Case{"\xf0\x80\x80\x80z", FFFD "z"},
                      // The low six bits of what follows count, whatever it is.
                      Case{"\xc3n", "\xc3\xae"},
                      // Cut off by the end: one byte at a time.
                      Case{"\xe2\x82", FFFD FFFD}, Case{"\xc3", FFFD},
                      // A continuation byte is taken for the first byte of two.
                      Case{"\x80z", "\xef\xbf\xbd"}, Case{"\xf0\x9f\x98", FFFD "\xdf\x98"},
                      // Surrogates, and beyond Unicode.
                      Case{"\xed\xa0\x80z", FFFD "z"}, Case{"\xf7\xbf\xbf\xbfz", FFFD "z"}));

}  // namespace
}  // namespace saker
