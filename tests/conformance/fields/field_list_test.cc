// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
// The catalogue has the fields of `falco --list`, and of the specification, with the same types,
// argument rules and flags.
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/field/field_catalogue.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using Json = nlohmann::json;

class FieldList : public ::testing::Test {
protected:
  void SetUp() override {
    shared_ = testing::shared_dir();
    if (shared_.empty()) {
      GTEST_SKIP() << testing::kNoSharedData;
    }
  }

  [[nodiscard]] Json read(const char* path) const {
    std::ifstream file(shared_ / path);
    return Json::parse(file);
  }

  [[nodiscard]] const FieldInfo* find(const std::string& name) const {
    for (const FieldInfo* info : fields_.all()) {
      if (info->name == name) {
        return info;
      }
    }
    return nullptr;
  }

  FieldCatalogue fields_;
  std::filesystem::path shared_;
};

TEST_F(FieldList, IsThatOfTheReference) {
  const Json list = read("data/list.json");
  std::map<std::string, std::set<std::string>> wanted;
  for (const Json& group : list.at("fieldclasses")) {
    for (const Json& field : group.at("fields")) {
      const auto name = field.at("name").get<std::string>();
      wanted[group.at("name").get<std::string>()].insert(name);
      const FieldInfo* info = find(name);
      ASSERT_NE(info, nullptr) << name;
      EXPECT_EQ(to_text(info->type), field.at("type").get<std::string>()) << name;
      EXPECT_EQ(info->has(field_flag::kList), field.at("is_list").get<bool>()) << name;
      EXPECT_EQ(info->argument == ArgumentRule::kForbidden, field.at("argument").is_null()) << name;
    }
  }
  std::map<std::string, std::set<std::string>> found;
  for (const FieldClass& group : fields_.classes()) {
    for (const FieldInfo* info : group.fields) {
      if (!info->has(field_flag::kHidden)) {
        found[std::string(group.name) + (group.is_plugin ? " (plugin)" : "")].emplace(info->name);
      }
    }
  }
  EXPECT_EQ(found, wanted);
}

TEST_F(FieldList, HasTheFlagsOfTheSpecification) {
  struct Flag {
    std::uint16_t bit;
    const char* key;
  };
  const Json all = read("spec/fields.json");
  constexpr std::size_t kOwnFields = 1;  // util.lost
  EXPECT_EQ(all.size() + kOwnFields, fields_.all().size());
  for (const Json& row : all) {
    const auto name = row.at("name").get<std::string>();
    const FieldInfo* info = find(name);
    ASSERT_NE(info, nullptr) << name;
    EXPECT_EQ(info->class_name, row.at("class").get<std::string>()) << name;
    for (const Flag& flag :
         {Flag{field_flag::kList, "is_list"}, Flag{field_flag::kFilterOnly, "filter_only"},
          Flag{field_flag::kPrintOnly, "format_only"}, Flag{field_flag::kDeprecated, "deprecated"},
          Flag{field_flag::kNoTransformer, "no_transformer"},
          Flag{field_flag::kNoRightSide, "no_rhs"}}) {
      EXPECT_EQ(info->has(flag.bit), row.at(flag.key).get<bool>()) << name << " " << flag.key;
    }
    EXPECT_EQ(info->has(field_flag::kSuggested), row.value("suggested_output", false)) << name;
    const Json& argument = row.at("arg");
    EXPECT_EQ(info->argument == ArgumentRule::kRequired, argument.at("required").get<bool>())
        << name;
    EXPECT_EQ(info->argument != ArgumentRule::kForbidden, argument.at("allowed").get<bool>())
        << name;
    EXPECT_EQ(info->has(field_flag::kIndexArgument), argument.at("index").get<bool>()) << name;
    EXPECT_EQ(info->has(field_flag::kKeyArgument), argument.at("key").get<bool>()) << name;
    const std::map<std::string, ParamFormat> formats = {
        {"NA", ParamFormat::kDefault}, {"DEC", ParamFormat::kDec},
        {"HEX", ParamFormat::kHex},    {"10_PADDED_DEC", ParamFormat::kPaddedDec},
        {"ID", ParamFormat::kId},      {"DIR", ParamFormat::kDir}};
    EXPECT_EQ(info->format, formats.at(row.at("print_format").get<std::string>())) << name;
  }
}

}  // namespace
}  // namespace saker
