// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Messages about the product itself, in both forms.
#include "engine/alert/notice.h"

#include <gtest/gtest.h>

#include "engine/alert/render_json.h"
#include "engine/alert/render_text.h"

namespace saker {
namespace {

Notice drop_notice() {
  return {.ts_ns = 1534527348519016591ULL,
          .priority = Priority::kDebug,
          .rule = "Falco internal: syscall event drop",
          .message = "dropped",
          .fields = {{"n_evts", std::string("12")},
                     {"b", true},
                     {"c", -3L},
                     {"d", std::uint64_t{7}},
                     {"e", 0.25}}};
}

TEST(Notice, Text) {
  std::string out;
  render_text(out, drop_notice(), {});
  EXPECT_EQ(out, "17:35:48.519016591: Debug dropped (b=true c=-3 d=7 e=0.25 n_evts=\"12\")");
}

TEST(Notice, TextWithoutFieldsKeepsTheParentheses) {
  std::string out;
  render_text(out, Notice{.message = "m"}, {.iso_time = true});
  EXPECT_EQ(out, "1970-01-01T00:00:00.000000000+0000: Debug m ()");
}

// A message may quote a file or a name; it must not begin a line of its own.
TEST(Notice, TextIsOneLine) {
  std::string out;
  render_text(out, Notice{.message = "a\n12:00:00: Critical \"b\"\x1b[2J", .fields = {}}, {});
  EXPECT_EQ(out.substr(out.find("Debug")), "Debug a\\n12:00:00: Critical \"b\"\\u001b[2J ()");
}

TEST(Notice, Json) {
  std::string out;
  render_json(out, drop_notice(), {.hostname = "vm"});
  EXPECT_EQ(
      out,
      R"json({"hostname":"vm","output":"17:35:48.519016591: Debug dropped (b=true c=-3 d=7 )json"
      R"json(e=0.25 n_evts=\"12\")","output_fields":{"b":true,"c":-3,"d":7,"e":0.25,)json"
      R"json("n_evts":"12"},"priority":"Debug","rule":"Falco internal: syscall event drop",)json"
      R"json("source":"internal","time":"2018-08-17T17:35:48.519016591Z"})json");
}

TEST(Notice, IdDependsOnContentOnly) {
  EXPECT_EQ(drop_notice().id(), drop_notice().id());
  Notice other = drop_notice();
  other.ts_ns += 1;
  EXPECT_NE(drop_notice().id(), other.id());
  EXPECT_EQ(to_text(AlertId{1, 0xab}), "000000000000000100000000000000ab");
}

}  // namespace
}  // namespace saker
