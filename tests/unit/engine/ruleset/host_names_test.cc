// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Conditions that compare an address with a host's name.
#include "engine/field/host_names.h"

#include <algorithm>
#include <map>

#include "engine/lang/parser.h"
#include "engine/ruleset/matcher.h"
#include "tests/unit/engine/field/field_fixture.h"

namespace saker::testing {
namespace {

// Names of 10.0.0.5 and 1.2.3.4 (the ends of connect()), written as they stand in memory.
class Names : public HostNames {
public:
  [[nodiscard]] bool any_has(std::span<const std::string> hosts, const Value& address) override {
    asked.insert(asked.end(), hosts.begin(), hosts.end());
    return std::ranges::any_of(hosts, [&](const std::string& host) {
      return address.kind() == ValueKind::kIpv4 && known.contains(host) &&
             known.at(host) == address.as_ipv4();
    });
  }
  [[nodiscard]] std::string name_of(const Value& address) override {
    for (const auto& [name, bytes] : known) {
      if (bytes == address.as_ipv4()) {
        return name;
      }
    }
    return {};
  }
  std::map<std::string, std::uint32_t> known{{"example.org", 0x04030201}, {"me", 0x0500000a}};
  std::vector<std::string> asked;
};

class HostNamesTest : public FieldFixture {
protected:
  void read_file() {
    open(kShell, 3, "/a");
    show(EventBuilder(kSyscallReadX).tid(kShell).with("res", 1).with("fd", 3).with("data", "x"));
  }

  bool matches(const std::string& condition) {
    const auto catalogue = std::make_shared<FieldCatalogue>();
    RuleSetBuilder builder(catalogue);
    const auto tree = parse_condition(condition, SourceId::kNone, kMaxRuleDepth);
    EXPECT_TRUE(tree.has_value()) << condition;
    EXPECT_TRUE(builder.add(Rule{.name = "r"}, **tree).has_value()) << condition;
    Matcher matcher(std::move(builder).build(), {});
    return !matcher.match(context()).empty();
  }

  Names names_;
};

struct Case {
  const char* condition;
  bool holds;
};

TEST_F(HostNamesTest, ComparesTheAddressesOfTheName) {
  host_names_ = &names_;
  connect();
  for (const Case& row :
       {Case{"fd.sip.name = example.org", true}, Case{"fd.sip.name = me", false},
        Case{"fd.cip.name = me", true}, Case{"fd.sip.name != example.org", false},
        Case{"fd.sip.name != other", true}, Case{"not fd.sip.name = other", true},
        Case{"fd.sip.name in (a, b, example.org)", true}, Case{"fd.sip.name in (a, me)", false},
        Case{"fd.sip.name contains example", false}, Case{"fd.sip.name exists", true}}) {
    EXPECT_EQ(matches(row.condition), row.holds) << row.condition;
  }
}

TEST_F(HostNamesTest, AnswersAreNotKeptBeyondTheEvent) {
  host_names_ = &names_;
  connect();
  const auto catalogue = std::make_shared<FieldCatalogue>();
  RuleSetBuilder builder(catalogue);
  const auto tree =
      parse_condition("fd.sip.name = late and fd.sport = 443", SourceId::kNone, kMaxRuleDepth);
  ASSERT_TRUE(builder.add(Rule{.name = "r"}, **tree).has_value());
  Matcher matcher(std::move(builder).build(), {});
  EXPECT_TRUE(matcher.match(context()).empty());
  names_.known["late"] = 0x04030201;
  EXPECT_EQ(matcher.match(context()).size(), 1U);
}

TEST_F(HostNamesTest, NamesBehindACheckThatFailsAreNotAskedFor) {
  host_names_ = &names_;
  connect();
  EXPECT_FALSE(matches("fd.sport = 22 and fd.sip.name in (pool.example)"));
  EXPECT_TRUE(names_.asked.empty());
  EXPECT_FALSE(matches("fd.sport = 443 and fd.sip.name in (pool.example)"));
  EXPECT_EQ(names_.asked, std::vector<std::string>{"pool.example"});
}

TEST_F(HostNamesTest, NoAddressIsLikeNoName) {
  host_names_ = &names_;
  read_file();
  EXPECT_FALSE(matches("fd.sip.name = example.org"));
  EXPECT_FALSE(matches("fd.sip.name != example.org"));
  host_names_ = nullptr;
  connect();
  EXPECT_FALSE(matches("fd.sip.name = example.org"));
  EXPECT_TRUE(matches("fd.sip.name != example.org"));
}

TEST_F(HostNamesTest, OutputsShowNamesOfConditions) {
  host_names_ = &names_;
  connect();
  expect({{"fd.sip.name", "example.org"}, {"fd.cip.name", "me"}});
  names_.known.clear();
  expect({{"fd.sip.name", "<NA>"}});
  host_names_ = nullptr;
  expect({{"fd.sip.name", "<NA>"}});
}

}  // namespace
}  // namespace saker::testing
