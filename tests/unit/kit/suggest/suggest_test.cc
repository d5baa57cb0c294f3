// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/suggest/suggest.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "rules/loader/load_rules.h"

namespace saker::kit {
namespace {

PastAlert alert(std::string exe, std::string parent, std::string file) {
  return {"R",
          {{"proc.exepath", std::move(exe)},
           {"proc.pexepath", std::move(parent)},
           {"fd.name", std::move(file)}}};
}

TEST(SuggestExceptions, OneRowSilencesMuch) {
  SuggestRequest request;
  for (int i = 0; i < 50; ++i) {
    request.noise.push_back(alert("/opt/backup", "/bin/cron", "/etc/" + std::to_string(i)));
  }
  request.keep = {alert("/bin/cat", "/bin/sh", "/etc/shadow")};
  const Suggestion suggestion = suggest_exceptions(request);
  ASSERT_EQ(suggestion.exceptions.size(), 1U);
  EXPECT_EQ(suggestion.exceptions[0].fields,
            (std::vector<std::string>{"proc.exepath", "proc.pexepath"}));
  EXPECT_EQ(suggestion.exceptions[0].values.size(), 1U);
  EXPECT_EQ(suggestion.silenced_count, 50U);
}

TEST(SuggestExceptions, NeverSilencesWhatIsKept) {
  SuggestRequest request;
  request.noise = {alert("/bin/cat", "/bin/cron", "/a"), alert("/bin/cat", "/bin/cron", "/b")};
  request.keep = {alert("/bin/cat", "/bin/cron", "/etc/shadow"),
                  alert("/bin/cat", "/bin/sh", "/a")};
  const Suggestion suggestion = suggest_exceptions(request);
  EXPECT_EQ(suggestion.silenced_count, 2U);
  for (const SuggestedException& exception : suggestion.exceptions) {
    for (const PastAlert& kept : request.keep) {
      std::vector<std::string> row;
      for (const std::string& field : exception.fields) {
        row.push_back(kept.fields.at(field));
      }
      EXPECT_EQ(std::ranges::count(exception.values, row), 0);
    }
  }
}

TEST(SuggestExceptions, GivesUpWhenNothingTellsThemApart) {
  SuggestRequest request;
  request.noise = {alert("/bin/cat", "/bin/sh", "/a")};
  request.keep = request.noise;
  EXPECT_TRUE(suggest_exceptions(request).exceptions.empty());
}

TEST(SuggestExceptions, WritesAnItemThatLoads) {
  SuggestRequest request;
  request.noise = {alert("/bin/a \"b\"\\", "/bin/sh", "/x")};
  const RuleFile files[] = {
      {"a.yaml",
       "- rule: R\n  desc: d\n  condition: evt.type = openat\n  output: x\n  priority: INFO\n"},
      {"b.yaml", exceptions_yaml("R", suggest_exceptions(request))}};
  const LoadResult loaded = load_rules(files, {}, std::make_shared<const FieldCatalogue>());
  ASSERT_NE(loaded.rules, nullptr) << files[1].text;
  EXPECT_NE(loaded.rules->rules()[0].condition_compiled.find("not "), std::string::npos);
}

}  // namespace
}  // namespace saker::kit
