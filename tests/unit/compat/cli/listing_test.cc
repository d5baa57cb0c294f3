// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// --list and --list-events against the recordings of Falco's.
#include "compat/cli/listing.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compat/cli/event_groups.h"
#include "tests/support/shared_data.h"

namespace saker::cli {
namespace {

using Json = nlohmann::json;

std::string read_text(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Without the descriptions, which are in our own words, and with the fields of a class by name:
// ours are grouped otherwise.
Json comparable(Json listing) {
  for (Json& group : listing["fieldclasses"]) {
    group.erase("desc");
    for (Json& field : group["fields"]) {
      EXPECT_FALSE(field.at("desc").get<std::string>().empty()) << field["name"];
      field.erase("desc");
    }
    std::sort(group["fields"].begin(), group["fields"].end(),
              [](const Json& a, const Json& b) { return a["name"] < b["name"]; });
  }
  return listing;
}

TEST(FieldListing, JsonIsFalcosButForDescriptionsAndOrder) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const FieldCatalogue fields;
  const Json ours = comparable(Json::parse(list_fields(fields, {.format = ListFormat::kJson})));
  const Json theirs = comparable(Json::parse(read_text(dir / "data/list.json")));
  ASSERT_EQ(ours["fieldclasses"].size(), theirs["fieldclasses"].size());
  for (std::size_t i = 0; i < theirs["fieldclasses"].size(); ++i) {
    const Json& x = ours["fieldclasses"][i];
    const Json& y = theirs["fieldclasses"][i];
    ASSERT_EQ(x["fields"].size(), y["fields"].size()) << y["name"];
    for (std::size_t k = 0; k < y["fields"].size(); ++k) {
      EXPECT_EQ(x["fields"][k], y["fields"][k]);
    }
  }
  EXPECT_EQ(ours.dump(), theirs.dump());
}

// Falco lists the system calls without a type of their own in no order.
Json sorted(Json groups) {
  for (auto& [title, events] : groups.items()) {
    if (!events.is_array()) {
      continue;
    }
    std::sort(events.begin(), events.end(),
              [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
  }
  return groups;
}

TEST(EventListing, JsonIsFalcos) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const Json ours = sorted(Json::parse(list_events(ListFormat::kJson)));
  const Json theirs = sorted(Json::parse(read_text(dir / "data/list-events.json")));
  for (const auto& [title, events] : theirs.items()) {
    ASSERT_TRUE(ours.contains(title)) << title;
    if (!events.is_array()) {
      EXPECT_EQ(ours[title], events) << title;
      continue;
    }
    EXPECT_EQ(ours[title].size(), events.size()) << title;
    for (const Json& event : events) {
      EXPECT_EQ(std::count(ours[title].begin(), ours[title].end(), event), 1) << event.dump();
    }
  }
  EXPECT_EQ(ours.size(), theirs.size());
}

TEST(EventListing, CurrentEventsComeInFalcosOrder) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const auto names = [](const Json& events) {
    std::vector<std::string> out;
    for (const Json& event : events) {
      if (event["params"].empty() || event["params"][0]["name"] != "ID") {
        out.push_back(event["dir"].get<std::string>() + event["name"].get<std::string>());
      }
    }
    return out;
  };
  const Json ours = Json::parse(list_events(ListFormat::kJson));
  const Json theirs = Json::parse(read_text(dir / "data/list-events.json"));
  for (const auto& [title, events] : theirs.items()) {
    if (!events.is_array()) {
      continue;
    }
    EXPECT_EQ(names(ours[title]), names(events)) << title;
  }
}

TEST(FieldListing, NamesOnly) {
  const FieldCatalogue fields;
  const std::string names = list_fields(fields, {.names_only = true});
  EXPECT_TRUE(names.starts_with("evt.num\nevt.time\n"));
  EXPECT_EQ(names.find("evt.latency\n"), std::string::npos) << "hidden";
  EXPECT_NE(names.find("\ncontainer.id\n"), std::string::npos);
  EXPECT_EQ(std::ranges::count(names, '\n'), 268);
}

TEST(FieldListing, TextAndMarkdownNameEveryField) {
  const FieldCatalogue fields;
  const std::string text = list_fields(fields, {.with_types = true});
  const std::string markdown = list_fields(fields, {.format = ListFormat::kMarkdown});
  std::istringstream names(list_fields(fields, {.names_only = true}));
  for (std::string name; std::getline(names, name);) {
    EXPECT_NE(text.find("\n" + name + " ("), std::string::npos) << name;
    EXPECT_NE(markdown.find("\n`" + name + "` | "), std::string::npos) << name;
  }
}

TEST(FieldListing, OtherSourcesHaveNone) {
  const FieldCatalogue fields;
  EXPECT_EQ(list_fields(fields, {.source = "k8s_audit"}), "");
  EXPECT_EQ(list_fields(fields, {.source = "syscall"}), list_fields(fields, {}));
}

TEST(ListFormatFlag, Values) {
  EXPECT_EQ(parse_list_format({}, false).value(), ListFormat::kText);
  EXPECT_EQ(parse_list_format("json", false).value(), ListFormat::kJson);
  EXPECT_EQ(parse_list_format("markdown", false).value(), ListFormat::kMarkdown);
  EXPECT_EQ(parse_list_format({}, true).value(), ListFormat::kMarkdown);
  EXPECT_FALSE(parse_list_format("json", true));
  EXPECT_FALSE(parse_list_format("xml", false));
}

TEST(IgnoredEvents, AreNamedAsEventsAre) {
  EXPECT_EQ(list_ignored_syscalls(),
            "Ignored syscall(s):\n- pread\n- preadv\n- pwrite\n- pwritev\n- read\n- readv\n- recv\n"
            "- send\n- sendfile\n- write\n- writev\n");
}

}  // namespace
}  // namespace saker::cli
