// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Thousands of conditions that the reference compiled or refused (data/*.conditions*.json): what
// fails here as syntax must have failed there with the same message, and the other way round.
#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/lang/parser.h"
#include "engine/lang/printer.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using nlohmann::json;

// Returns the message of a recorded error without its code, if it is one of the parser's.
std::string syntax_error(const json& test) {
  const std::string error = test.value("error", "");
  const std::string message = error.substr(std::min(error.size(), error.find(": ") + 2));
  for (const char* begin : {"expected ", "unexpected token", "exceeded max depth",
                            "unsupported string", "truncated hex", "invalid hex", "invalid \\"}) {
    if (message.starts_with(begin)) {
      return message;
    }
  }
  return "";
}

TEST(RecordedConditions, ParseLikeTheReference) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  int count = 0;
  int refused = 0;
  for (const auto& file : std::filesystem::directory_iterator(dir / "data")) {
    if (file.path().filename().string().find(".conditions") == std::string::npos) {
      continue;
    }
    std::ifstream in(file.path());
    for (const json& test : json::parse(in)) {
      const auto text = test.at("condition").get<std::string>();
      SCOPED_TRACE(text);
      const auto tree = parse_condition(text, SourceId::kNone, kMaxRuleDepth);
      EXPECT_EQ(tree ? "" : tree.error().message, syntax_error(test));
      refused += tree ? 0 : 1;
      ++count;
    }
  }
  EXPECT_GT(count, 3'900);
  EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace saker
