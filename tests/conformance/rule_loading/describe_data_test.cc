// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// data/describe: `falco -L -o json_output=true`. Arrays that are sets have no order there.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compat/cli/describe.h"
#include "engine/field/field_catalogue.h"
#include "rules/loader/load_rules.h"
#include "tests/support/shared_data.h"

namespace saker::cli {
namespace {

using nlohmann::json;

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Sorts the arrays of texts below "details" and "info".
json without_order(json value) {
  if (value.is_array() && !value.empty() && value.front().is_string()) {
    std::sort(value.begin(), value.end());
  } else if (value.is_structured()) {
    for (json& inner : value) {
      inner = without_order(inner);
    }
  }
  return value;
}

TEST(DescribeData, AgreesWithTheReference) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  const auto fields = std::make_shared<const FieldCatalogue>();
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir / "data" / "describe")) {
    const std::string name = entry.path().stem().string();
    SCOPED_TRACE(name);
    ++cases;
    const std::vector<RuleFile> files{
        {name + ".yaml", read_text(dir / "data" / "validate" / (name + ".yaml"))}};
    LoadOptions options;
    options.describes = true;
    const LoadResult loaded = load_rules(files, options, fields);
    ASSERT_NE(loaded.rules, nullptr);
    const json got = without_order(json::parse(*describe_json(loaded.description)));
    const json want = without_order(json::parse(read_text(entry.path())));
    EXPECT_EQ(got, want) << json::diff(want, got).dump(1);
  }
  EXPECT_EQ(cases, 5U);
}

}  // namespace
}  // namespace saker::cli
