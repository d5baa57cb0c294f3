// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/transformer.h"

#include <gtest/gtest.h>

#include "engine/field/render.h"

namespace saker {
namespace {

using enum ParamType;

// Applies `name` to texts; a text that begins with '(' stands for the list of its words.
std::string applied(const std::string& name, const std::vector<std::string>& texts,
                    const std::string& argument = "") {
  static Arena arena;
  std::vector<Value> inputs;
  std::vector<TransformerInput> types;
  for (const std::string& text : texts) {
    if (text == "<NA>") {
      inputs.emplace_back();
      types.push_back({kCharbuf, false, "x"});
      continue;
    }
    if (!text.starts_with('(')) {
      inputs.push_back(Value::text(arena.copy(text)));
      types.push_back({kCharbuf, false, "x"});
      continue;
    }
    std::string_view rest = arena.copy(std::string_view(text).substr(1, text.size() - 2));
    std::vector<Value> words;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      words.push_back(Value::text(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto list = arena.array<Value>(words.size());
    std::copy(words.begin(), words.end(), list.begin());
    inputs.push_back(Value::list(list));
    types.push_back({kCharbuf, true, "x"});
  }
  const TransformerInfo* info = find_transformer(name);
  if (info == nullptr) {
    return "unknown";
  }
  const auto output = check_transformer(*info, types, !argument.empty(), argument);
  if (!output) {
    return "error: " + output.error().message;
  }
  const Value value = apply_transformer(*info, inputs, types, argument, arena);
  if (!value.has_value()) {
    return "<NA>";
  }
  std::string text;
  render_value(text, value, output->type, ParamFormat::kDec);
  return text;
}

struct Case {
  const char* name;
  std::vector<std::string> inputs;
  const char* expected;
  const char* argument = "";
};

class Transformers : public ::testing::TestWithParam<Case> {};

TEST_P(Transformers, Gives) {
  EXPECT_EQ(applied(GetParam().name, GetParam().inputs, GetParam().argument), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Transformers,
    ::testing::Values(Case{"tolower", {"A[Z]\xc3\x84 b"}, "a[z]\xc3\x84 b"},
                      Case{"toupper", {"az{}\xc3\xa4"}, "AZ{}\xc3\xa4"},
                      Case{"toupper", {"(a bc)"}, "(A,BC)"}, Case{"toupper", {"<NA>"}, "<NA>"},
                      Case{"basename", {"/usr/bin/id"}, "id"}, Case{"basename", {"id"}, "id"},
                      Case{"basename", {"/a/"}, ""}, Case{"len", {"four"}, "4"},
                      Case{"len", {""}, "0"}, Case{"len", {"(a b c)"}, "3"},
                      Case{"len", {"<NA>"}, "<NA>"}, Case{"b64", {"Zm9v"}, "foo"},
                      Case{"b64", {"Zm8="}, "fo"}, Case{"b64", {"Zm8"}, "fo"},
                      Case{"b64", {"Zg"}, "f"}, Case{"b64", {""}, ""}, Case{"b64", {"Z"}, "<NA>"},
                      Case{"b64", {"Zm9v!"}, "<NA>"}, Case{"b64", {"Zm=v"}, "<NA>"},
                      Case{"concat", {"a", "/", "b"}, "a/b"}, Case{"concat", {"a", "<NA>"}, "<NA>"},
                      Case{"join", {", ", "(a b)"}, "a, b"}, Case{"join", {"-", "()"}, ""}));

INSTANTIATE_TEST_SUITE_P(
    Getopt, Transformers,
    ::testing::Values(
        Case{"getopt", {"(-a -b)", "ab"}, "(a,b)"}, Case{"getopt", {"(-ab x -c)", "abc"}, "(a,b)"},
        Case{"getopt", {"(-n 3 -vx file -y)", "n:vxy"}, "(n,3,v,x)"},
        Case{"getopt", {"(-n3 -v)", "n:v"}, "(n,3,v)"}, Case{"getopt", {"(-z)", "a"}, "(?)"},
        Case{"getopt", {"(-n)", "n:"}, "(n,)"}, Case{"getopt", {"(--long -a -- -b)", "ab"}, "(a)"},
        Case{"getopt", {"(- -a)", "a"}, "()"}, Case{"getopt", {"(-n 1 -n 2)", "n:"}, "2", "n"},
        Case{"getopt", {"(-v)", "v"}, "v", "v"}, Case{"getopt", {"(-v)", "vx"}, "<NA>", "x"}));

INSTANTIATE_TEST_SUITE_P(
    Errors, Transformers,
    ::testing::Values(
        Case{"rot13", {"a"}, "unknown"}, Case{"val", {"a"}, "unknown"},
        Case{"join",
             {"a", "b", "c"},
             "error: join() requires exactly 2 arguments: separator and list"},
        Case{"concat", {"a"}, "error: concat() requires at least 2 arguments"},
        Case{"toupper",
             {"a"},
             "error: filter error: transformer 'toupper' does not support "
             "field arguments",
             "x"},
        Case{"concat",
             {"a", "(b)"},
             "error: can't add field transformer: type 'CHARBUF' is not supported by 'concat' "
             "transformer applied on list field 'x'"},
        Case{"getopt",
             {"(-a)", "a"},
             "error: getopt() field argument must be a single option character",
             "ab"}));

TEST(TransformerTypes, OfNumbersAreRefused) {
  const TransformerInput number{kInt64, false, "proc.pid"};
  const auto output = check_transformer(*find_transformer("toupper"), {&number, 1}, false, "");
  ASSERT_FALSE(output.has_value());
  EXPECT_EQ(output.error().message,
            "can't add field transformer: type 'INT64' is not supported by 'toupper' transformer "
            "applied on field 'proc.pid'");
}

TEST(TransformerTypes, BuffersHaveALengthAndDecode) {
  Arena arena;
  const TransformerInput buffer{kBytebuf, false, "evt.buffer"};
  const Value value = Value::bytes(as_bytes("Zm9v"));
  EXPECT_EQ(
      apply_transformer(*find_transformer("len"), {&value, 1}, {&buffer, 1}, "", arena).as_uint(),
      4U);
  const Value decoded =
      apply_transformer(*find_transformer("b64"), {&value, 1}, {&buffer, 1}, "", arena);
  EXPECT_EQ(as_text(decoded.as_bytes()), "foo");
  EXPECT_EQ(check_transformer(*find_transformer("b64"), {&buffer, 1}, false, "")->type, kBytebuf);
}

TEST(TransformerTypes, JoinWritesNumbersInTheirFormat) {
  Arena arena;
  const Value list[] = {Value::text("pid"), Value::integer(-7),
                        Value::number(255).with_type(kFlags32, ParamFormat::kHex)};
  const Value inputs[] = {Value::text(":"), Value::list(list)};
  const TransformerInput types[] = {{kCharbuf, false, ""}, {kCharbuf, true, ""}};
  EXPECT_EQ(apply_transformer(*find_transformer("join"), inputs, types, "", arena).as_text(),
            "pid:-7:FF");
}

}  // namespace
}  // namespace saker
