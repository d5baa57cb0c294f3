// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kit/commands.h"
#include "kit/diff/diff_report.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"

namespace saker::kit {
namespace {

std::string rule(const std::string& name, const std::string& condition,
                 const std::string& priority = "INFO", const std::string& output = "x") {
  return "- rule: " + name + "\n  desc: d\n  condition: " + condition + "\n  output: " + output +
         "\n  priority: " + priority + "\n";
}

std::unique_ptr<RuleBench> bench_of(const std::string& text) {
  auto bench = RuleBench::load_texts({{"r.yaml", text}});
  EXPECT_TRUE(bench.has_value()) << bench.error().message;
  return std::move(*bench);
}

struct ChangeCase {
  const char* before;
  const char* after;
  const char* detail;
  const char* witness;  // a part of it
};

constexpr ChangeCase kChanges[] = {
    {"evt.type = openat and proc.name = a", "proc.name = a and evt.type = openat",
     "another text with the same meaning", ""},
    {"evt.type = openat and proc.name = a", "evt.type = openat and proc.name in (a, b)",
     "matches all that it matched, and perhaps more", "proc.name=b"},
    {"evt.type = openat and proc.name in (a, b)", "evt.type = openat and proc.name = a",
     "matches nothing new, and perhaps less", "proc.name=b"},
    {"evt.type = openat and proc.name = a", "evt.type = openat and proc.name = b",
     "matches other events", "proc.name=b"},
};

TEST(RuleChanges, TellHowConditionsDiffer) {
  for (const ChangeCase& one : kChanges) {
    const auto before = bench_of(rule("R", one.before));
    const auto after = bench_of(rule("R", one.after));
    const auto notes = compare_rules(*before, *after);
    ASSERT_EQ(notes.size(), 1U) << one.after;
    EXPECT_EQ(notes[0].what, "condition");
    EXPECT_EQ(notes[0].detail, one.detail) << one.after;
    EXPECT_NE(notes[0].witness.find(one.witness), std::string::npos) << notes[0].witness;
  }
}

TEST(RuleChanges, TellWhatElseChanged) {
  const auto before = bench_of(rule("A", "evt.type = openat") + rule("B", "evt.type = openat"));
  const auto after =
      bench_of(rule("B", "evt.type = openat", "ERROR", "y") + rule("C", "evt.type = openat"));
  std::string all;
  for (const RuleChangeNote& note : compare_rules(*before, *after)) {
    all += note.rule + " " + note.what + ";";
  }
  EXPECT_EQ(all, "B output;B priority;C added;A removed;");
}

TEST(RuleChanges, ShowTheWordsThatDiffer) {
  using Texts = std::pair<std::string, std::string>;
  EXPECT_EQ(differing_words("a b c", "a x c"), Texts("a b c", "a x c"));
  EXPECT_EQ(differing_words("a b c d e f g h i", "a b c d X f g h i"),
            Texts("... b c d e f g h ...", "... b c d X f g h ..."));
  EXPECT_EQ(differing_words("a a a a a", "a a a a"), Texts("... a a a a", "... a a a"));
  EXPECT_EQ(differing_words("", "a"), Texts("", "a"));
  const auto before = bench_of(rule("R", "evt.type = openat and proc.name in (a, c)"));
  const auto after = bench_of(rule("R", "evt.type = openat and proc.name in (a, b, c)"));
  const auto notes = compare_rules(*before, *after);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].before, "... proc.name in (a, c))");
  EXPECT_EQ(notes[0].after, "... proc.name in (a, b, c))");
}

TEST(AlertChanges, AreGroupedByRule) {
  const AlertSet before = {{{"A", "c", 1}, {"Info", "x"}},
                           {{"A", "c", 2}, {"Info", "x"}},
                           {{"B", "c", 3}, {"Info", "x"}}};
  const AlertSet after = {{{"A", "c", 2}, {"Error", "x"}},
                          {{"B", "c", 3}, {"Info", "y"}},
                          {{"B", "c", 4}, {"Info", "z"}}};
  DiffReport report;
  report.alerts = compare_alerts(before, after);
  ASSERT_EQ(report.alerts.size(), 4U);
  EXPECT_EQ(report.alerts[0].change, AlertChange::kVanishes);
  EXPECT_EQ(report.alerts[1].change, AlertChange::kPriority);
  EXPECT_EQ(report.alerts[2].change, AlertChange::kAppears);
  EXPECT_EQ(report.alerts[3].change, AlertChange::kOutput);
  EXPECT_EQ(nlohmann::json::parse(diff_json(report))["alerts"].size(), 4U);
  EXPECT_NE(diff_markdown(report).find("| B | appears | 1 |"), std::string::npos);
  EXPECT_NE(diff_text(report).find("A: vanishes, 1 alert"), std::string::npos);
}

// Five commits of a rule file; the third changes the alerts over a recorded capture.
TEST(Bisect, FindsTheCommit) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  if (std::system("git --version > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no git";
  }
  const saker::testing::TempDir folder;
  const std::string shell =
      "cd " + folder.path().string() +
      " && export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t "
      "GIT_COMMITTER_EMAIL=t@t && git -c init.defaultBranch=main init -q .";
  ASSERT_EQ(std::system(shell.c_str()), 0);
  const char* names[] = {"cat", "cat # same", "head", "head # same", "head # again"};
  for (int i = 0; i < 5; ++i) {
    std::ofstream(folder.file("r.yaml"))
        << rule("R", std::string("evt.type = execve and proc.name = ") + names[i]);
    const std::string commit = shell.substr(0, shell.rfind("&&")) +
                               "&& git add . && git commit -q -m commit" + std::to_string(i);
    ASSERT_EQ(std::system(commit.c_str()), 0);
  }
  const auto old_folder = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const std::vector<std::string> words = {"--bisect", "HEAD~4..HEAD", "--corpus",
                                          (dir / "data/first.scap").string(), "r.yaml"};
  ::testing::internal::CaptureStdout();
  const int status = run_diff(words);
  const std::string out = ::testing::internal::GetCapturedStdout();
  std::filesystem::current_path(old_folder);
  EXPECT_EQ(status, 1);
  EXPECT_NE(out.find(" commit2\n"), std::string::npos) << out;
  EXPECT_NE(out.find("R: condition: matches other events"), std::string::npos) << out;
}

}  // namespace
}  // namespace saker::kit
