// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// data/validate: everything that the reference prints for -V, byte for byte where it can be.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compat/cli/validation.h"
#include "engine/field/field_catalogue.h"
#include "tests/support/shared_data.h"

namespace saker::cli {
namespace {

using nlohmann::json;

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the regular expression library says of a pattern differs between its versions.
void forgive_regex_text(json& results) {
  for (json& file : results) {
    for (json& error : file["errors"]) {
      std::string message = error["message"];
      if (message.starts_with("invalid regex pattern: ")) {
        error["message"] = "invalid regex pattern";
      }
    }
  }
}

void check_case(const std::filesystem::path& folder, const json& expected,
                const std::shared_ptr<const FieldCatalogue>& fields) {
  std::vector<RuleFile> files;
  for (const json& name : expected.at("files")) {
    const std::string file = name;
    if (!std::filesystem::exists(folder / file)) {
      return;  // reading files is not the loader's work
    }
    files.push_back(RuleFile{file, read_text(folder / file)});
  }
  const LoadResult loaded = load_rules(files, {}, fields);
  const ValidationReport text = report_validation(loaded, ValidationFormat::kText);
  const ValidationReport data = report_validation(loaded, ValidationFormat::kJson);
  EXPECT_EQ(text.is_valid, expected.at("exit_code") == 0);
  EXPECT_EQ(data.is_valid, expected.at("exit_code") == 0);
  if (expected.at("json").is_null()) {
    EXPECT_EQ(text.output, "");
    EXPECT_EQ(data.output, "");
    return;
  }
  json want = expected.at("json").at("falco_load_results");
  json got = json::parse(data.output).at("falco_load_results");
  const bool has_regex = want.dump().find("invalid regex pattern") != std::string::npos;
  forgive_regex_text(want);
  forgive_regex_text(got);
  EXPECT_EQ(got, want) << json::diff(want, got).dump(1);
  if (!has_regex) {
    EXPECT_EQ(text.output, expected.at("text").get<std::string>());
  }
}

TEST(ValidateData, AgreesWithTheReference) {
  const auto dir = saker::testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << saker::testing::kNoSharedData;
  }
  const auto fields = std::make_shared<const FieldCatalogue>();
  const std::filesystem::path folder = dir / "data" / "validate";
  constexpr std::string_view kEnding = ".expect.json";
  std::size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kEnding)) {
      continue;
    }
    SCOPED_TRACE(name);
    ++cases;
    check_case(folder, json::parse(read_text(entry.path())), fields);
  }
  EXPECT_EQ(cases, 133U);
}

}  // namespace
}  // namespace saker::cli
