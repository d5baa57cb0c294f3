// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/load_config.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"
#include "tests/unit/compat/config/config_text.h"

namespace saker::config {
namespace {

TEST(LoadConfig, EmptyTextGivesTheBuiltInDefaults) {
  const TextLoad load("");
  ASSERT_TRUE(load.loaded);
  EXPECT_EQ(load.config().engine.kind, "kmod");
  EXPECT_FALSE(load.config().stdout_enabled);
  EXPECT_TRUE(load.config().log_syslog);
  EXPECT_FALSE(load.config().load_plugins.has_value());
  EXPECT_EQ(load.config().drops.actions, std::vector<std::string>{"ignore"});
}

TEST(LoadConfig, UnknownKeysAreAccepted) {
  const TextLoad load("{no_such_key: 1, engine: {kind: replay, odd: {deep: [1, 2]}}}");
  ASSERT_TRUE(load.loaded);
  EXPECT_TRUE(load.diagnostics.all().empty());
  EXPECT_EQ(load.config().engine.kind, "replay");
}

TEST(LoadConfig, OfEqualKeysTheFirstCounts) {
  const TextLoad load("json_output: true\njson_output: false\n");
  ASSERT_TRUE(load.loaded);
  EXPECT_TRUE(load.config().json_output);
}

TEST(LoadConfig, TextThatIsNoYamlIsADiagnosticWithItsPlace) {
  const TextLoad load("json_output: true\nrules_files: [a, b\n");
  ASSERT_FALSE(load.loaded);
  EXPECT_EQ(load.loaded.error().code, ErrorCode::kRejected);
  ASSERT_TRUE(load.diagnostics.has_errors());
  EXPECT_GE(load.sources.locate(load.diagnostics.all()[0].span).line, 2U);
}

TEST(LoadConfig, AListIsNoConfiguration) {
  const TextLoad load("[1, 2]");
  ASSERT_FALSE(load.loaded);
  EXPECT_EQ(load.diagnostics.all()[0].code, DiagnosticCode::kConfigSyntax);
}

TEST(LoadConfig, WrongTypePointsAtTheValue) {
  const TextLoad load("log_level: info\njson_output: maybe\n");
  ASSERT_TRUE(load.loaded);
  ASSERT_EQ(load.diagnostics.all().size(), 1U);
  const SourceLocation where = load.sources.locate(load.diagnostics.all()[0].span);
  EXPECT_EQ(where.line, 2U);
  EXPECT_EQ(where.column, 14U);
  EXPECT_FALSE(load.config().json_output);
}

TEST(LoadConfig, ReadsStructuredKeys) {
  const TextLoad load(R"(
rules:
  - disable: {rule: "*"}
  - enable: {tag: network}
append_output:
  - match: {source: syscall, tags: [a, b], rule: One}
    extra_output: "cpu=%evt.cpu"
    extra_fields: [evt.cpu, {home: "%proc.env[HOME]"}]
  - suggested_output: true
static_fields: {foo: bar, number: 3}
config_files: []
plugins:
  - {name: container, library_path: libcontainer.so, init_config: {a: [1, x], b: {}}, open_params: p}
load_plugins: []
base_syscalls: {custom_set: [clone, "!mmap"], repair: true}
)");
  ASSERT_TRUE(load.loaded);
  const Config& config = load.config();
  ASSERT_EQ(config.rules.size(), 2U);
  EXPECT_FALSE(config.rules[0].is_enable);
  EXPECT_EQ(config.rules[0].rule, "*");
  EXPECT_EQ(config.rules[1].tag, "network");
  ASSERT_EQ(config.append_output.size(), 2U);
  EXPECT_EQ(config.append_output[0].match_tags, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(config.append_output[0].extra_fields.size(), 2U);
  EXPECT_EQ(config.append_output[0].extra_fields[0].format, "");
  EXPECT_EQ(config.append_output[0].extra_fields[1].format, "%proc.env[HOME]");
  EXPECT_TRUE(config.append_output[1].suggested_output);
  EXPECT_EQ(config.static_fields.at("number"), "3");
  EXPECT_EQ(config.plugins[0].init_config, R"({"a":[1,"x"],"b":{}})");
  ASSERT_TRUE(config.load_plugins.has_value());
  EXPECT_TRUE(config.load_plugins->empty());
  EXPECT_EQ(config.base_syscalls.custom_set[1], "!mmap");
}

TEST(LoadConfig, DropActionsExcludeIgnore) {
  EXPECT_EQ(TextLoad("syscall_event_drops: {actions: []}").config().drops.actions,
            std::vector<std::string>{"ignore"});
  EXPECT_FALSE(TextLoad("syscall_event_drops: {actions: [ignore, log]}").loaded);
}

TEST(LoadConfig, NumbersOutOfBoundsAreErrorsAtTheirPlace) {
  for (const char* text :
       {"syscall_event_timeouts:\n  max_consecutives: 0\n",
        "syscall_event_drops:\n  threshold: 1.5\n", "syscall_event_drops:\n  threshold: -1\n",
        "syscall_event_drops:\n  threshold: nan\n", "http_output:\n  spool: {max_size_mb: 0}",
        "kafka_output:\n  spool: {max_size_mb: 17592186044416}",
        "http_output:\n  spool: {max_age_s: 18446744074}",
        "stdout_output:\n  fold: {window_s: 9223372036854775807}"}) {
    const TextLoad load(text);
    EXPECT_FALSE(load.loaded) << text;
    ASSERT_EQ(load.diagnostics.all().size(), 1U) << text;
    EXPECT_EQ(load.diagnostics.all()[0].code, DiagnosticCode::kConfigValue);
    EXPECT_EQ(load.sources.locate(load.diagnostics.all()[0].span).line, 2U) << text;
  }
  EXPECT_TRUE(TextLoad("syscall_event_drops: {threshold: 0}").loaded);
  EXPECT_TRUE(TextLoad("syscall_event_drops: {threshold: 1}").loaded);
}

TEST(LoadConfig, OldRulesKey) {
  EXPECT_EQ(TextLoad("rules_file: [/a.yaml]").config().rules_files,
            std::vector<std::string>{"/a.yaml"});
  EXPECT_EQ(TextLoad("rules_file: /a.yaml").config().rules_files,
            std::vector<std::string>{"/a.yaml"});
  EXPECT_FALSE(TextLoad("{rules_file: [a], rules_files: [b]}").loaded);
}

TEST(LoadConfig, EnvironmentVariablesAreReplacedInValuesOnly) {
  SourceMap sources;
  Diagnostics diagnostics;
  const auto loaded = load_config(
      {.path = "",
       .fallback_text =
           "{file_output: {filename: '${DIR}/x'}, static_fields: {'${DIR}': '$${DIR}'}}",
       .options = {"program_output.program=${DIR}"},
       .env = [](std::string_view) { return std::string("/tmp"); }},
      sources, diagnostics);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->config.file_output.filename, "/tmp/x");
  EXPECT_EQ(loaded->config.static_fields.at("${DIR}"), "${DIR}");
  EXPECT_EQ(loaded->config.program_output.program, "/tmp");
}

class LoadConfigFiles : public ::testing::Test {
protected:
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = dir_.file(name);
    std::ofstream(path) << text;
    return path;
  }
  Result<LoadedConfig> load(const std::string& path, std::vector<std::string> options = {}) {
    return load_config({.path = path, .fallback_text = "", .options = std::move(options)}, sources_,
                       diagnostics_);
  }

  testing::TempDir dir_;
  SourceMap sources_;
  Diagnostics diagnostics_;
};

TEST_F(LoadConfigFiles, MissingMainFile) {
  const auto loaded = load(dir_.file("none.yaml"));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message,
            "Could not find configuration file at " + dir_.file("none.yaml"));
}

TEST_F(LoadConfigFiles, IncludesAreMergedInOrderThenOptions) {
  std::filesystem::create_directory(dir_.path() / "conf.d");
  write("conf.d/2.yaml", "{priority: error, rules_files: [two]}");
  write("conf.d/1.yaml", "{priority: alert, rules_files: [one]}");
  const std::string main =
      write("main.yaml", "priority: debug\nrules_files: [main]\nconfig_files: ['" +
                             dir_.file("conf.d") + "', /no/such/path]\n");
  const auto loaded = load(main, {"log_level=debug"});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.priority, "error");
  EXPECT_EQ(loaded->config.rules_files, (std::vector<std::string>{"main", "one", "two"}));
  EXPECT_EQ(loaded->config.log_level, "debug");
  ASSERT_EQ(loaded->files.size(), 3U);
  EXPECT_TRUE(loaded->files[2].path.ends_with("2.yaml"));
}

TEST_F(LoadConfigFiles, IncludesOfOptionsComeWithTheirFiles) {
  const std::string extra = write("extra.yaml", "json_output: true");
  const std::string main = write("main.yaml", "{}");
  const auto loaded = load(main, {"config_files[]=" + extra, "json_output=false"});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->files.size(), 2U);
  EXPECT_FALSE(loaded->config.json_output) << "options come last";
}

TEST_F(LoadConfigFiles, StrategiesOfIncludes) {
  const std::string extra =
      write("extra.yaml", "{rules_files: [extra], priority: alert, log_level: debug}");
  const auto with = [&](const std::string& strategy) {
    const std::string main =
        write("main.yaml", "{rules_files: [main], priority: error, config_files: [{path: '" +
                               extra + "', strategy: " + strategy + "}]}");
    return load(main);
  };
  EXPECT_EQ(with("append")->config.rules_files, (std::vector<std::string>{"main", "extra"}));
  EXPECT_EQ(with("override")->config.rules_files, std::vector<std::string>{"extra"});
  EXPECT_EQ(with("add-only")->config.rules_files, std::vector<std::string>{"main"});
  EXPECT_EQ(with("add-only")->config.priority, "error");
  EXPECT_EQ(with("add-only")->config.log_level, "debug");
}

TEST_F(LoadConfigFiles, RecursionIsRefused) {
  const std::string nested = write("nested.yaml", "config_files: []");
  EXPECT_FALSE(load(write("a.yaml", "config_files: ['" + nested + "']")));
  EXPECT_FALSE(load(write("b.yaml", "config_files: ['" + dir_.file("b.yaml") + "']")));
}

TEST_F(LoadConfigFiles, SchemaStatusNamesTheFirstViolation) {
  const auto loaded = load(write("main.yaml", "engine: {kind: replay, odd: 1}"));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->files[0].schema_status,
            "failed for <root>[engine]: Object contains a property that could not be validated "
            "using 'properties' or 'additionalProperties' constraints: 'odd'.");
}

TEST(LoadConfig, AnEntryOfRulesThatSelectsNothingIsTold) {
  struct Case {
    const char* entry;
    const char* message;
    bool is_refused;
  };
  for (const Case& c : {
           Case{"{disabel: {rule: R}}", "rules: an entry needs enable or disable", true},
           Case{"word", "rules: an entry needs enable or disable", true},
           Case{"{disable: R}", "rules: disable needs a rule or a tag", true},
           Case{"{enable: {}}", "rules: enable without rule and tag is ignored", false},
           Case{"{disable: {rul: R}}", "rules: disable without rule and tag is ignored", false},
       }) {
    const TextLoad load("rules: [{disable: {rule: '*'}}, " + std::string(c.entry) + "]\n");
    ASSERT_FALSE(load.diagnostics.all().empty()) << c.entry;
    EXPECT_EQ(load.diagnostics.all().back().message, c.message);
    EXPECT_EQ(load.diagnostics.has_errors(), c.is_refused) << c.entry;
    if (!c.is_refused) {
      ASSERT_TRUE(load.loaded);
      EXPECT_FALSE(load.config().rules.empty());
    }
  }
}

}  // namespace
}  // namespace saker::config
