// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Replays captures with the shipped rules and compares the alerts with goldens.
//
//   tests/replay/<case>/*.scap + expected.jsonl   every alert, byte by byte, in order
//   tests/replay/counts/<name>.txt                "count rule" per line, for the recorded captures
//   beside the checkout
//
// scripts/update_goldens.sh rewrites both after showing the difference.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/shared_data.h"

namespace saker {
namespace {

namespace fs = std::filesystem;

struct ReplayResult {
  int status = -1;
  std::vector<std::string> alerts;  // the lines that are JSON objects
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

fs::path source_folder() {
  return variable("SAKER_SOURCE_DIR");
}

// Paths come from the build and from folder listings; none has a quote.
ReplayResult replay(const fs::path& capture, const std::string& options) {
  const std::string command =
      "'" + variable("SAKER_BIN") + "' -c '" +
      (source_folder() / "tests/replay/saker.yaml").string() + "' -r '" +
      (source_folder() / "rules/default/saker_rules.yaml").string() +
      "' -o engine.kind=replay -o 'engine.replay.capture_file=" + capture.string() + "' " + options;
  ReplayResult result;
  std::FILE* output = popen(command.c_str(), "r");
  if (output == nullptr) {
    return result;
  }
  std::string text;
  std::array<char, 65536> buffer = {};
  for (std::size_t count = 0; (count = fread(buffer.data(), 1, buffer.size(), output)) > 0;) {
    text.append(buffer.data(), count);
  }
  result.status = pclose(output);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('{')) {
      result.alerts.push_back(line);
    }
  }
  return result;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<fs::path> sorted_entries(const fs::path& folder, bool want_folders) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory() == want_folders) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

TEST(Replay, AlertsOfOwnCapturesAreTheExpectedOnes) {
  int cases = 0;
  for (const fs::path& folder : sorted_entries(source_folder() / "tests/replay", true)) {
    for (const fs::path& capture : sorted_entries(folder, false)) {
      if (capture.extension() != ".scap") {
        continue;
      }
      ++cases;
      SCOPED_TRACE(capture.string());
      const ReplayResult result = replay(capture, "");
      EXPECT_EQ(result.status, 0);
      EXPECT_EQ(result.alerts, lines_of(folder / "expected.jsonl"));
    }
  }
  EXPECT_GT(cases, 0) << "no capture in " << source_folder() / "tests/replay";
}

TEST(Replay, AlertsOfRecordedCapturesAreCounted) {
  const fs::path shared = testing::shared_dir();
  if (shared.empty() || !fs::exists(shared / "data")) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const auto goldens = sorted_entries(source_folder() / "tests/replay/counts", false);
  ASSERT_FALSE(goldens.empty());
  for (const fs::path& golden : goldens) {
    const fs::path capture = shared / "data" / (golden.stem().string() + ".scap");
    SCOPED_TRACE(capture.string());
    const ReplayResult result = replay(capture, "-o rule_matching=all");
    EXPECT_EQ(result.status, 0);
    std::map<std::string, int> counts;
    for (const std::string& alert : result.alerts) {
      ++counts[nlohmann::json::parse(alert)["rule"].get<std::string>()];
    }
    std::vector<std::string> found;
    for (const auto& [rule, count] : counts) {
      found.push_back(std::to_string(count) + " " + rule);
    }
    EXPECT_EQ(found, lines_of(golden));
  }
}

}  // namespace
}  // namespace saker
