// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the program lists, checks and describes, against recordings of the reference.
#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using Json = nlohmann::json;

std::string text_of(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Lists that stand for sets come in no order.
Json sorted(Json value) {
  for (Json& item : value) {
    if (item.is_structured()) {
      item = sorted(item);
    }
  }
  if (value.is_array()) {
    std::sort(value.begin(), value.end(),
              [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
  }
  return value;
}

std::string rule(const std::string& name, const std::string& condition = "evt.type = open") {
  return "- rule: " + name + "\n  desc: about " + name + "\n  condition: " + condition +
         "\n  output: o %fd.name\n  priority: INFO\n";
}

class Listing : public ::testing::Test {
protected:
  void SetUp() override { config_ = binary_.write("falco.yaml", quiet_config()); }
  RunResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-c", config_});
    return binary_.run(arguments);
  }
  // Standard output of a run that succeeds.
  std::string out(const std::vector<std::string>& arguments) {
    const RunResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  Binary binary_;
  std::string config_;
};

class Described : public Listing, public ::testing::WithParamInterface<const char*> {
  void SetUp() override {
    Listing::SetUp();
    if (shared_dir().empty()) {
      GTEST_SKIP() << kNoSharedData;
    }
  }
};

TEST_P(Described, AsTheReferenceDoes) {
  const auto data = shared_dir() / "data";
  const std::string name = GetParam();
  const std::string rules = (data / "validate" / (name + ".yaml")).string();
  const Json theirs = Json::parse(text_of(data / "describe" / (name + ".json")));
  const std::string text = out({"-L", "-o", "json_output=true", "-r", rules});
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << "one line";
  EXPECT_EQ(sorted(Json::parse(text)).dump(), sorted(theirs).dump());
  for (const Json& item : theirs["rules"]) {
    const std::string rule_name = item["info"]["name"];
    const Json one = Json::parse(out({"-l", rule_name, "-o", "json_output=true", "-r", rules}));
    ASSERT_EQ(one["rules"].size(), 1U);
    EXPECT_EQ(sorted(one["rules"][0]).dump(), sorted(item).dump());
    EXPECT_NE(out({"-l", rule_name, "-r", rules}).find(rule_name), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(Recorded, Described,
                         ::testing::Values("exc-in-tuple", "good-all-keys", "good-folded",
                                           "good-macro-list", "override-replace"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(Listing, EveryRecordedDescriptionIsInTheTable) {
  if (shared_dir().empty()) {
    GTEST_SKIP() << kNoSharedData;
  }
  int count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(shared_dir() / "data/describe")) {
    ++count;
  }
  EXPECT_EQ(count, 5);
}

TEST_F(Listing, DescriptionAsTextIsATable) {
  const std::string rules = binary_.write("r.yaml", rule("One") + rule("Two"));
  const std::string text = out({"-L", "-r", rules});
  EXPECT_TRUE(text.starts_with("Rule" + std::string(46, ' ') + " Description\n")) << text;
  EXPECT_NE(text.find("\nOne" + std::string(47, ' ') + " about One"), std::string::npos) << text;
  EXPECT_NE(text.find("\nTwo "), std::string::npos);
  const std::string one = out({"-l", "Two", "-r", rules});
  EXPECT_EQ(one.find("One"), std::string::npos) << one;
}

TEST_F(Listing, FieldsInEveryForm) {
  if (shared_dir().empty()) {
    GTEST_SKIP() << kNoSharedData;
  }
  const Json theirs = Json::parse(text_of(shared_dir() / "data/list.json"));
  std::set<std::string> names;
  for (const Json& group : theirs["fieldclasses"]) {
    for (const Json& field : group["fields"]) {
      names.insert(field["name"]);
    }
  }
  ASSERT_GT(names.size(), 200U);
  std::set<std::string> ours;
  std::istringstream lines(out({"--list", "-N"}));
  for (std::string line; std::getline(lines, line);) {
    ours.insert(line);
  }
  EXPECT_EQ(ours, names);
  EXPECT_EQ(out({"--list=syscall", "-N"}), out({"--list", "-N"}));
  const std::string text = out({"--list"});
  const std::string markdown = out({"--list", "--format=markdown"});
  EXPECT_EQ(markdown, out({"--list", "--markdown"}));
  EXPECT_EQ(text, out({"--list", "--format", "text"}));
  for (const std::string& name : names) {
    EXPECT_NE(text.find("\n" + name), std::string::npos) << name;
    EXPECT_NE(markdown.find("`" + name), std::string::npos) << name;
  }
  for (const char* source : {"--list", "--list=syscall"}) {
    const Json json = Json::parse(out({source, "--format=json"}));
    ASSERT_EQ(json["fieldclasses"].size(), theirs["fieldclasses"].size());
    for (std::size_t i = 0; i < theirs["fieldclasses"].size(); ++i) {
      EXPECT_EQ(json["fieldclasses"][i]["name"], theirs["fieldclasses"][i]["name"]);
      EXPECT_EQ(json["fieldclasses"][i]["fields"].size(),
                theirs["fieldclasses"][i]["fields"].size());
    }
  }
}

TEST_F(Listing, EventsInEveryForm) {
  if (shared_dir().empty()) {
    GTEST_SKIP() << kNoSharedData;
  }
  const Json theirs = Json::parse(text_of(shared_dir() / "data/list-events.json"));
  EXPECT_EQ(sorted(Json::parse(out({"--list-events", "--format=json"}))).dump(),
            sorted(theirs).dump());
  EXPECT_EQ(out({"--list-events", "--markdown"}), out({"--list-events", "--format=markdown"}));
  EXPECT_EQ(out({"--list-events"}), out({"--list-events", "--format=text"}));
  const std::string text = out({"--list-events"});
  const std::string markdown = out({"--list-events", "--markdown"});
  for (const auto& [title, events] : theirs.items()) {
    for (const Json& event : events.is_array() ? events : Json::array()) {
      const std::string name = event["name"];
      EXPECT_NE(text.find(name + "("), std::string::npos) << name;
      EXPECT_NE(markdown.find("`" + name + "`"), std::string::npos) << name;
    }
  }
}

TEST_F(Listing, CheckedFilesAreReportedInTheirOrder) {
  const std::string good = binary_.write("good.yaml", rule("One"));
  const std::string warned = binary_.write("warned.yaml", "- list: unused\n  items: [a]\n");
  const std::string bad = binary_.write("bad.yaml", rule("Bad", "no.such.field = 1"));
  const RunResult both = run({"-V", good, "-V", warned});
  EXPECT_EQ(both.exit_code, 0);
  EXPECT_EQ(both.out, good + ": Ok\n" + warned + ": Ok, with warnings\n");
  EXPECT_NE(both.err.find("LOAD_UNUSED_LIST"), std::string::npos) << both.err;

  const RunResult broken = run({"--validate", good, "--validate=" + bad});
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_TRUE(broken.out.starts_with(good + ": Ok\n" + bad + ": Invalid\n1 Errors:\n"))
      << broken.out;
  EXPECT_NE(broken.err.find("Error: " + good + ": Ok\n"), std::string::npos) << broken.err;

  const RunResult json = run({"-V", good, "-V", bad, "-o", "json_output=true"});
  EXPECT_EQ(json.exit_code, 1);
  const Json results = Json::parse(json.out)["falco_load_results"];
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["name"], good);
  EXPECT_EQ(results[0]["successful"], true);
  EXPECT_EQ(results[1]["successful"], false);
  EXPECT_EQ(results[1]["errors"][0]["code"], "LOAD_ERR_COMPILE_CONDITION");

  const Json described = Json::parse(out({"-V", good, "-L", "-o", "json_output=true"}));
  EXPECT_EQ(described["falco_describe_results"]["rules"][0]["info"]["name"], "One");
  EXPECT_NE(out({"-V", good, "-L"}).find("Description"), std::string::npos);
}

// A file may use what the one before it defines, and not the other way round.
TEST_F(Listing, CheckedFilesSeeThoseBeforeThem) {
  const std::string macros = binary_.write("m.yaml", "- macro: m\n  condition: evt.type = open\n");
  const std::string rules = binary_.write("r.yaml", rule("One", "m"));
  EXPECT_EQ(run({"-V", macros, "-V", rules}).exit_code, 0);
  EXPECT_EQ(run({"-V", rules, "-V", macros}).exit_code, 1);
}

TEST_F(Listing, SchemasNameWhatTheyDescribe) {
  const Json rules = Json::parse(out({"--rule-schema"}));
  EXPECT_NE(rules.dump().find("skip-if-unknown-filter"), std::string::npos);
  const Json config = Json::parse(out({"--config-schema"}));
  EXPECT_TRUE(config["properties"].contains("syscall_event_drops"));
  EXPECT_EQ(config["properties"]["json_output"]["type"], "boolean");
}

TEST_F(Listing, VersionsAsText) {
  const std::string text = out({"--version"});
  for (const char* line :
       {"Falco version: ", "Libs version: ", "Plugin API: ", "Engine: ", "Driver:\n",
        "  API version: ", "  Schema version: ", "  Default driver: "}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

}  // namespace
}  // namespace saker::testing
