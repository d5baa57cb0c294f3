// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The table of keys against Falco's shipped configuration, against its documentation and against
// itself: every row is read, keeps its default, and refuses what does not fit.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "compat/config/config_keys.h"
#include "compat/config/load_config.h"
#include "compat/config/schema.h"
#include "tests/support/shared_data.h"
#include "tests/unit/compat/config/config_text.h"
#include "tests/unit/compat/config/documented_keys.h"

namespace saker::config {
namespace {

// A key with a value as YAML: "a.b" and "1" give {a: {b: 1}}.
std::string yaml_of(std::string_view path, const std::string& value) {
  std::string text;
  std::string closing;
  while (true) {
    const std::size_t dot = path.find('.');
    text += "{" + std::string(path.substr(0, dot)) + ": ";
    closing += "}";
    if (dot == std::string_view::npos) {
      return text + value + closing;
    }
    path.remove_prefix(dot + 1);
  }
}

template <typename T>
T value_of(const ConfigKey& key, const Config& config) {
  Config copy = config;
  return *std::get<T*>(key.slot(copy));
}

TEST(ConfigKeys, AreUniqueAndExplained) {
  std::set<std::string_view> seen;
  for (const ConfigKey& key : all_keys()) {
    EXPECT_TRUE(seen.insert(key.path).second) << key.path;
    EXPECT_FALSE(key.meaning.empty()) << key.path;
    EXPECT_EQ(key.meaning.back(), '.') << key.path;
  }
}

TEST(ConfigKeys, EveryScalarIsReadAndRefusesAMap) {
  for (const ConfigKey& key : all_keys()) {
    Config defaults;
    const ConfigSlot slot = key.slot(defaults);
    const std::string path(key.path);
    std::string text;
    if (std::holds_alternative<bool*>(slot)) {
      text = value_of<bool>(key, Config{}) ? "false" : "true";
      const TextLoad load(yaml_of(path, text));
      ASSERT_TRUE(load.loaded) << path;
      EXPECT_NE(value_of<bool>(key, load.config()), value_of<bool>(key, Config{})) << path;
    } else if (std::holds_alternative<std::uint64_t*>(slot)) {
      const TextLoad load(yaml_of(path, "12345"));
      ASSERT_TRUE(load.loaded) << path;
      EXPECT_EQ(value_of<std::uint64_t>(key, load.config()), 12345U) << path;
    } else if (std::holds_alternative<double*>(slot)) {
      const TextLoad load(yaml_of(path, ".25"));
      ASSERT_TRUE(load.loaded) << path;
      EXPECT_DOUBLE_EQ(value_of<double>(key, load.config()), 0.25) << path;
    } else if (std::holds_alternative<std::string*>(slot)) {
      const std::string value(key.choices.empty() ? "some text" : key.choices.back());
      const TextLoad load(yaml_of(path, value));
      ASSERT_TRUE(load.loaded) << path;
      EXPECT_EQ(value_of<std::string>(key, load.config()), value) << path;
    } else {
      continue;
    }
    const TextLoad wrong(yaml_of(path, "{a: b}"));
    ASSERT_TRUE(wrong.loaded) << path;
    ASSERT_EQ(wrong.diagnostics.all().size(), 1U) << path;
    EXPECT_EQ(wrong.diagnostics.all()[0].code, DiagnosticCode::kConfigType) << path;
    EXPECT_EQ(wrong.diagnostics.all()[0].severity, Severity::kWarning) << path;
  }
}

TEST(ConfigKeys, ChoicesAreEnforced) {
  for (const ConfigKey& key : all_keys()) {
    if (key.choices.empty()) {
      continue;
    }
    const TextLoad load(yaml_of(key.path, "nonsense"));
    EXPECT_FALSE(load.loaded) << key.path;
    ASSERT_TRUE(load.diagnostics.has_errors()) << key.path;
    EXPECT_NE(load.diagnostics.all()[0].message.find(key.path), std::string::npos) << key.path;
    EXPECT_NE(load.diagnostics.all()[0].hint.find(key.choices[0]), std::string::npos) << key.path;
  }
}

TEST(ConfigKeys, ShippedConfigurationLoadsUnchanged) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  SourceMap sources;
  Diagnostics diagnostics;
  const auto loaded = load_config({.path = (dir / "data/config/falco.yaml").string(),
                                   .fallback_text = "",
                                   .options = {"config_files="}},
                                  sources, diagnostics);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_TRUE(diagnostics.all().empty());
  ASSERT_EQ(loaded->files.size(), 1U);
  EXPECT_EQ(loaded->files[0].schema_status, "ok");
  const Config& config = loaded->config;
  EXPECT_EQ(config.engine.kind, "modern_ebpf");
  EXPECT_EQ(config.rules_files.size(), 3U);
  ASSERT_EQ(config.plugins.size(), 1U);
  EXPECT_EQ(config.plugins[0].init_config, R"({"label_max_len":100,"with_size":false})");
  EXPECT_EQ(config.drops.actions, (std::vector<std::string>{"log", "alert"}));
  EXPECT_DOUBLE_EQ(config.drops.rate, 0.03333);
  ASSERT_EQ(config.append_output.size(), 1U);
  EXPECT_TRUE(config.append_output[0].suggested_output);
  EXPECT_TRUE(config.stdout_enabled);
  EXPECT_EQ(config.metrics.interval, "1h");
  EXPECT_EQ(config.falco_libs.snaplen, 80U);
}

std::filesystem::path source_dir() {
  const char* dir = std::getenv("SAKER_SOURCE_DIR");
  return dir == nullptr ? "." : dir;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ConfigKeys, AgreeWithTheDocumentedList) {
  const auto dir = testing::shared_dir();
  if (dir.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  std::ifstream spec(dir / "spec/falco-compat.md");
  const std::set<std::string> documented = documented_keys(spec);
  ASSERT_GT(documented.size(), 80U);
  std::set<std::string> ours;
  for (const ConfigKey& key : all_keys()) {
    ours.emplace(key.path);
  }
  for (const std::string& key : documented) {
    EXPECT_TRUE(ours.contains(key)) << "not in our table: " << key;
  }
  // What Falco does not have stands in our documentation: keys of outputs by their last part.
  const std::string outputs_page = text_of(source_dir() / "docs/outputs.md");
  const std::string page = text_of(source_dir() / "docs/configuration.md");
  for (const std::string& key : ours) {
    const std::string leaf = key.substr(key.rfind('.') + 1);
    const bool is_output = key.find("_output.") != std::string::npos;
    EXPECT_TRUE(documented.contains(key) ||
                (is_output && outputs_page.find(leaf) != std::string::npos) ||
                page.find("| `" + key + "` |") != std::string::npos)
        << "not documented: " << key;
  }
}

TEST(ConfigSchema, ListsEveryKey) {
  const std::string schema = config_schema();
  for (const ConfigKey& key : all_keys()) {
    const std::string last(key.path.substr(key.path.rfind('.') + 1));
    EXPECT_NE(schema.find("\"" + last + "\": {"), std::string::npos) << key.path;
  }
}

}  // namespace
}  // namespace saker::config
