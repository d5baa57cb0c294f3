// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
// The recorded cases of Falco's filter language that need fields: what compiles, which event types
// a condition selects, and truth values. syntax_cases_test.cc runs those of pure syntax; together
// they are all that the file holds.
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/eval/event_types.h"
#include "engine/lang/parser.h"
#include "engine/lang/warnings.h"
#include "engine/ruleset/matcher.h"
#include "engine/ruleset/ruleset.h"
#include "tests/support/reference_eval.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using Json = nlohmann::json;

// Upstream's test double has fields c.true ("1"), c.false ("0") …; ours are static fields of the
// same values.
const std::map<std::string, std::string> kMockFields = {{"true", "1"},
                                                        {"false", "0"},
                                                        {"singlequote", "hello 'quoted'"},
                                                        {"doublequote", "hello \"quoted\""}};

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string condition_of(const Json& c) {
  std::string text = c["condition"];
  if (c.value("mock_fields", false)) {
    text = replace_all(replace_all(text, "c.buffer", "evt.buffer"), "c.", "static.");
  }
  return text;
}

class FilterCases : public ::testing::Test {
protected:
  void SetUp() override {
    const auto dir = testing::shared_dir();
    if (dir.empty()) {
      GTEST_SKIP() << testing::kNoSharedData;
    }
    std::ifstream(dir / "spec" / "filter_cases.json") >> all_;
  }

  std::vector<Json> of_kind(std::string_view kind) const {
    std::vector<Json> out;
    for (const Json& c : all_) {
      if (c["kind"] == kind) {
        out.push_back(c);
      }
    }
    EXPECT_FALSE(out.empty()) << kind;
    return out;
  }

  Compiled<void> check(const std::string& text) const {
    const auto tree = parse_condition(text, SourceId::kNone, kMaxFilterDepth);
    if (!tree) {
      return tl::unexpected(CompileError{tree.error().message, {}});
    }
    return check_condition(**tree, *fields_);
  }

  std::size_t warning_count(const std::string& text) const {
    const auto tree = parse_condition(text, SourceId::kNone, kMaxFilterDepth);
    return !tree ? 0 : find_warnings(**tree, [this](std::string_view name) {
                         return fields_->is_field_name(name);
                       }).size();
  }

  EventTypeSet types(const std::string& text) const {
    const auto tree = parse_condition(text, SourceId::kNone, kMaxFilterDepth);
    EXPECT_TRUE(tree.has_value()) << text;
    const auto set = tree ? event_types_of(**tree) : Compiled<EventTypeSet>();
    EXPECT_TRUE(set.has_value()) << text;
    return set.value_or(EventTypeSet());
  }

  // Falco's filters may compare event types with a field, its rules may not.
  static bool is_possible_in_rules(const Node& tree) { return event_types_of(tree).has_value(); }

  // By the plain interpreter, and by the compiled rule where a rule is possible.
  void expect_truth(const std::string& text, const EventView& event, bool expected) const {
    const auto tree = parse_condition(text, SourceId::kNone, kMaxFilterDepth);
    ASSERT_TRUE(tree.has_value()) << text;
    Counters counters;
    State state(StateLimits{}, counters);
    state.reset(
        Snapshot{.threads = {ThreadSnapshot{.tid = 1, .pid = 1, .ptid = 0, .comm = "init"}}});
    Arena arena;
    const Applied& applied = state.apply(event);
    const FieldContext context{
        .event = event, .applied = applied, .state = state, .arena = arena, .number = 1};
    EXPECT_EQ(reference::Interpreter(*fields_).evaluate(**tree, context), expected) << text;
    if (!is_possible_in_rules(**tree)) {
      return;
    }
    RuleSetBuilder builder(fields_);
    const auto added = builder.add(Rule{.name = "r"}, **tree);
    ASSERT_TRUE(added.has_value()) << text << ": " << added.error().message;
    Matcher matcher(std::move(builder).build(), RuleMatching::kAll);
    EXPECT_EQ(!matcher.match(context).empty(), expected) << text;
  }

  std::shared_ptr<const FieldCatalogue> fields_ = std::make_shared<FieldCatalogue>(kMockFields);
  Json all_;
};

// Each kind is run by a test here or in syntax_cases_test.cc.
TEST_F(FilterCases, AreAllRun) {
  const std::map<std::string, std::size_t> expected = {
      {"syntax", 566},   {"compile", 347},   {"evttypes", 87}, {"evttypes_equal", 34},
      {"eval_mock", 40}, {"eval_event", 33}, {"unescape", 15}, {"escape", 4}};
  std::map<std::string, std::size_t> counted;
  for (const Json& c : all_) {
    ++counted[c["kind"]];
  }
  EXPECT_EQ(counted, expected);
}

TEST_F(FilterCases, CompileOrAreRefused) {
  for (const Json& c : of_kind("compile")) {
    const std::string text = condition_of(c);
    const auto checked = check(text);
    EXPECT_EQ(checked.has_value(), c["expect"] == "accept")
        << text << (checked ? "" : ": " + checked.error().message);
    if (!checked && c.contains("error")) {
      EXPECT_EQ(checked.error().message, c["error"].get<std::string>()) << text;
    }
    if (c.contains("warnings")) {
      EXPECT_EQ(warning_count(text), c["warnings"].get<std::size_t>()) << text;
    }
  }
}

EventTypeSet set_from_text(std::string_view text) {
  if (text == "all") {
    return all_event_types();
  }
  if (text == "none") {
    return {};
  }
  const bool is_complement = text.starts_with("all - ");
  const std::size_t open = text.find('{');
  std::string names(text.substr(open + 1, text.find('}') - open - 1));
  EventTypeSet set;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    set |= event_types_named(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return is_complement ? all_event_types() & ~set : set;
}

TEST_F(FilterCases, SelectEventTypes) {
  for (const Json& c : of_kind("evttypes")) {
    const std::string expected = c["expect"];
    EXPECT_EQ(types(c["condition"]), set_from_text(expected))
        << c["condition"] << " => " << expected;
  }
  for (const Json& c : of_kind("evttypes_equal")) {
    EXPECT_EQ(types(c["condition"]), types(c["other"])) << c["condition"] << " and " << c["other"];
  }
}

// A getcwd exit event of thread 1 with res=-1 and path="/test/dir".
std::vector<std::byte> getcwd_event() {
  const std::string path("/test/dir\0", 10);
  const std::uint64_t ts = 1;
  const std::int64_t tid = 1;
  const std::int64_t res = -1;
  const auto type = static_cast<std::uint16_t>(EventType::kSyscallGetcwdX);
  const std::uint32_t count = 2;
  const std::uint16_t lengths[] = {8, static_cast<std::uint16_t>(path.size())};
  const auto length =
      static_cast<std::uint32_t>(kEventHeaderBytes + sizeof(lengths) + 8 + path.size());
  std::vector<std::byte> record;
  const auto put = [&](const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(data);
    record.insert(record.end(), bytes, bytes + size);
  };
  put(&ts, 8);
  put(&tid, 8);
  put(&length, 4);
  put(&type, 2);
  put(&count, 4);
  put(lengths, sizeof(lengths));
  put(&res, 8);
  put(path.data(), path.size());
  return record;
}

TEST_F(FilterCases, HoldOrNot) {
  const std::vector<std::byte> record = getcwd_event();
  EventView event;
  ASSERT_EQ(event.parse(record), EventFault::kNone);
  for (const std::string_view kind : {"eval_mock", "eval_event"}) {
    for (const Json& c : of_kind(kind)) {
      expect_truth(condition_of(c), event, c["expect"].get<bool>());
    }
  }
}

}  // namespace
}  // namespace saker
