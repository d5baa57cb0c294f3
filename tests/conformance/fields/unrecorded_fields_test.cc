// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
// Fields that the recordings leave out (because asking for them disturbs the reference, or because
// they are hidden) hold for the same events as in the reference, as its conditions tell.
#include <fstream>
#include <functional>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/field/field_catalogue.h"
#include "tests/support/replay_events.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using Holds = std::function<bool(const Value&)>;

struct Condition {
  const char* text;  // as in NAME.conditions-hand.json
  const char* field;
  Holds holds;
};

const std::vector<Condition>& conditions() {
  static const std::vector<Condition> all = {
      {"evt.abspath startswith /tmp", "evt.abspath",
       [](const Value& v) { return v.as_text().starts_with("/tmp"); }},
      {"evt.abspath contains ..", "evt.abspath",
       [](const Value& v) { return v.as_text().find("..") != std::string_view::npos; }},
      {"evt.buflen.in > 100", "evt.buflen.in", [](const Value& v) { return v.as_uint() > 100; }},
      {"evt.buflen.out in (5, 6, 7)", "evt.buflen.out",
       [](const Value& v) { return v.as_uint() >= 5 && v.as_uint() <= 7; }},
      {"evt.deltatime > 10000000", "evt.deltatime",
       [](const Value& v) { return v.as_uint() > 10000000; }},
      {"thread.cgroup.cpuset = /", "thread.cgroup.cpuset",
       [](const Value& v) { return v.as_text() == "/"; }},
      {"evt.buffer = x", "evt.buffer", [](const Value& v) { return v.as_text() == "x"; }},
  };
  return all;
}

class UnrecordedFields : public ::testing::TestWithParam<const char*> {};

TEST_P(UnrecordedFields, HoldForTheSameEvents) {
  const auto shared = testing::shared_dir();
  if (shared.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const std::string base = (shared / "data" / GetParam()).string();
  const FieldCatalogue fields;
  std::vector<BoundField> bound;
  for (const Condition& condition : conditions()) {
    auto field = fields.bind(condition.field, false, "");
    ASSERT_TRUE(field.has_value()) << field.error().message;
    bound.push_back(std::move(*field));
  }
  std::map<std::string, std::vector<std::uint64_t>> found;
  replay_events(base + ".scap", [&](const FieldContext& context) {
    for (std::size_t i = 0; i < bound.size(); ++i) {
      const Value value = extract(context, bound[i]);
      if (value.has_value() && conditions()[i].holds(value)) {
        found[conditions()[i].text].push_back(context.number);
      }
    }
  });
  std::ifstream file(base + ".conditions-hand.json");
  std::size_t compared = 0;
  for (const auto& row : nlohmann::json::parse(file)) {
    const auto condition = row.at("condition").get<std::string>();
    const bool is_ours =
        std::any_of(conditions().begin(), conditions().end(),
                    [&](const Condition& known) { return known.text == condition; });
    if (!is_ours) {
      continue;
    }
    ++compared;
    std::vector<std::uint64_t>& events = found[condition];
    const std::size_t count =
        row.contains("count") ? row.at("count").get<std::size_t>() : row.at("events").size();
    EXPECT_EQ(events.size(), count) << condition;
    // Of many events only the first are recorded as numbers.
    const auto wanted =
        row.at(row.contains("count") ? "first" : "events").get<std::vector<std::uint64_t>>();
    events.resize(std::min(events.size(), wanted.size()));
    EXPECT_EQ(events, wanted) << condition;
  }
  EXPECT_EQ(compared, conditions().size());
}

INSTANTIATE_TEST_SUITE_P(Captures, UnrecordedFields,
                         ::testing::Values("first", "attack", "build", "container", "net",
                                           "syscalls"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace saker
