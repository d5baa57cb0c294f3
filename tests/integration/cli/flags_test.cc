// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Flags as a user meets them: what is printed where, and the exit code.
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"

namespace saker::testing {
namespace {

using Json = nlohmann::json;

constexpr const char* kRules =
    "- rule: One\n  desc: first\n  condition: evt.type = open\n  output: o %fd.name\n"
    "  priority: WARNING\n";

class FlagsRun : public ::testing::Test {
protected:
  void SetUp() override {
    config_ = binary_.write("falco.yaml", quiet_config());
    rules_ = binary_.write("rules.yaml", kRules);
  }
  RunResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-c", config_});
    return binary_.run(arguments);
  }

  Binary binary_;
  std::string config_;
  std::string rules_;
};

struct Case {
  const char* name;
  std::vector<std::string> arguments;
  int exit_code;
  const char* out;  // part of standard output; empty: nothing at all
  const char* err;  // part of standard error
};

const std::vector<Case> kCases = {
    Case{"help", {"--help"}, 0, "Usage:", ""},
    Case{"help_short", {"-h"}, 0, "--list", ""},
    Case{"unknown_short", {"-A"}, 1, "", "Error: Option \u2018A\u2019 does not exist\n"},
    Case{"unknown_long", {"--cri", "x"}, 1, "", "Error: Option \u2018cri\u2019 does not exist\n"},
    Case{"missing_value", {"-r"}, 1, "", "Error: Option \u2018r\u2019 is missing an argument\n"},
    Case{"version", {"--version"}, 0, "Falco version: 0.45.0\n", ""},
    Case{"page_size", {"--page-size"}, 0, "Your system page size is: ", ""},
    Case{"ignored", {"-i"}, 0, "Ignored syscall(s):\n- ", ""},
    Case{"list", {"--list"}, 0, "\nevt.num ", ""},
    Case{"list_names", {"--list", "-N"}, 0, "evt.num\nevt.time\n", ""},
    Case{"list_source", {"--list=syscall", "-N"}, 0, "evt.num\n", ""},
    Case{"list_bad_source", {"--list=nonsense"}, 1, "", "Error: "},
    Case{"list_markdown", {"--list", "--markdown"}, 0, "`evt.num` | ", ""},
    Case{"list_two_formats", {"--list", "--markdown", "--format", "json"}, 1, "", "Error: "},
    Case{"list_bad_format", {"--list", "--format=xml"}, 1, "", "Error: "},
    Case{"list_events", {"--list-events"}, 0, "< openat(FD fd", ""},
    Case{"list_plugins", {"--list-plugins"}, 0, "1 Plugins Loaded:", ""},
    Case{"plugin_info", {"--plugin-info", "container"}, 0, "Name: container", ""},
    Case{"plugin_info_unknown", {"--plugin-info=x"}, 1, "", "Error: "},
    Case{"no_rules",
         {},
         1,
         "",
         "Error: You must specify at least one rules file/directory via -r or a rules_file "
         "entry in falco.yaml\n"},
    Case{"rules_missing",
         {"-r", "/no/such.yaml"},
         1,
         "",
         "Error: Could not get info on rules file /no/such.yaml"},
    Case{"validate_missing",
         {"-V", "/no/such.yaml"},
         1,
         "",
         "Error: Could not open file /no/such.yaml for reading\n"},
    Case{"both_sources",
         {"--enable-source=syscall", "--disable-source=x"},
         1,
         "",
         "Error: You can not mix"},
    Case{"no_source", {"--disable-source=syscall"}, 1, "", "Error: Must enable at least one"},
    Case{"unknown_source", {"--enable-source=x"}, 1, "", "unknown event source: x"},
    Case{"bad_option",
         {"-o", "nonsense"},
         1,
         "",
         "Error: Error parsing config option \"nonsense\". Must be of the form key=val or "
         "key.subkey=val\n"},
    Case{"bad_option_path", {"-o", "a[=1"}, 1, "", "Error: Config error at key \"a[\""},
    Case{"bad_value", {"-o", "rule_matching=some"}, 1, "", "'some' is no value of rule_matching"},
    Case{"bad_kind", {"-o", "engine.kind=gvisor"}, 1, "", "one of kmod, modern_ebpf, replay"}};

// Each under both names.
class FlagTable : public FlagsRun,
                  public ::testing::WithParamInterface<std::tuple<const char*, Case>> {};

TEST_P(FlagTable, PrintsAndExits) {
  const auto& [name, row] = GetParam();
  binary_.program_name = name;
  const RunResult result = run(row.arguments);
  EXPECT_EQ(result.exit_code, row.exit_code) << result.err;
  if (*row.out == '\0') {
    EXPECT_EQ(result.out, "");
  }
  EXPECT_NE(result.out.find(row.out), std::string::npos) << result.out;
  EXPECT_NE(result.err.find(row.err), std::string::npos) << result.err;
}

INSTANTIATE_TEST_SUITE_P(Table, FlagTable,
                         ::testing::Combine(::testing::Values("falco", "saker", "/usr/bin/falco"),
                                            ::testing::ValuesIn(kCases)),
                         [](const auto& test) {
                           std::string name(std::get<0>(test.param));
                           std::ranges::replace(name, '/', '_');
                           return name + "_" + std::get<1>(test.param).name;
                         });

// Flags of older releases, which today's Falco refuses.
TEST_F(FlagsRun, RemovedFlagsAreRefused) {
  for (const std::string flag : {"-A",
                                 "-b",
                                 "-d",
                                 "-D",
                                 "-e",
                                 "-E",
                                 "-F",
                                 "-g",
                                 "-k",
                                 "-m",
                                 "-n",
                                 "-s",
                                 "-S",
                                 "-t",
                                 "-T",
                                 "-u",
                                 "--cri",
                                 "--modern-bpf",
                                 "--gvisor-config",
                                 "--gvisor-root",
                                 "--nodriver"}) {
    for (const char* name : {"falco", "saker"}) {
      binary_.program_name = name;
      const RunResult result = run({flag, "x", "-r", rules_, "--dry-run"});
      EXPECT_EQ(result.exit_code, 1) << flag;
      EXPECT_EQ(result.out, "") << flag;
      EXPECT_EQ(result.err, "Error: Option \u2018" + flag.substr(flag.find_first_not_of('-')) +
                                "\u2019 does not exist\n");
    }
  }
}

// Flags in every way of writing them.
TEST_F(FlagsRun, FormsOfValues) {
  for (const std::vector<std::string>& form :
       std::vector<std::vector<std::string>>{{"-o", "json_output=true"},
                                             {"-ojson_output=true"},
                                             {"--option", "json_output=true"},
                                             {"--option=json_output=true"}}) {
    std::vector<std::string> arguments = {"--version"};
    arguments.insert(arguments.end(), form.begin(), form.end());
    const RunResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(result.out.starts_with("{")) << form[0];
  }
}

TEST_F(FlagsRun, SymbolicLinkNamedFalcoIsFalco) {
  const char* binary = std::getenv("SAKER_BIN");
  ASSERT_NE(binary, nullptr);
  std::filesystem::create_symlink(binary, binary_.path("falco"));
  binary_.program_name = binary_.path("falco");
  binary_.program_file = binary_.path("falco");
  EXPECT_NE(run({"--help"}).out.find("  falco [OPTION"), std::string::npos);
  // A word is no subcommand there, and Falco ignores it.
  const RunResult result = run({"version", "--dry-run", "-r", rules_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
}

TEST_F(FlagsRun, PidfileHoldsTheProcessAndDryRunWritesNone) {
  const std::string pidfile = binary_.path("pid");
  EXPECT_EQ(run({"-P", pidfile, "--dry-run", "-r", rules_}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(pidfile));
  binary_.start(
      {"-c", config_, "--pidfile=" + pidfile, "-r", rules_, "-o", "engine.kind=nodriver"});
  ASSERT_TRUE(binary_.wait_for("Running without a source"));
  EXPECT_EQ(binary_.read("pid"), std::to_string(binary_.pid()) + "\n");
  binary_.send_signal(SIGTERM);
  EXPECT_EQ(binary_.wait().exit_code, 0);
  const RunResult refused =
      run({"-P", "/no/such/folder/pid", "-r", rules_, "-o", "engine.kind=nodriver"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("Error: "), std::string::npos);
}

TEST_F(FlagsRun, ConfigurationFileMustExist) {
  const RunResult result = binary_.run({"-c", "/no/such/falco.yaml"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "Error: Could not find configuration file at /no/such/falco.yaml\n");
}

TEST_F(FlagsRun, VersionAsJson) {
  const RunResult result = run({"--version", "-o", "json_output=true"});
  EXPECT_EQ(result.exit_code, 0);
  const Json json = Json::parse(result.out);
  for (const char* key :
       {"falco_version", "libs_version", "plugin_api_version", "driver_api_version",
        "driver_schema_version", "default_driver_version"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["engine_version"], "63");
  EXPECT_EQ(json["engine_version_semver"], "0.63.0");
}

TEST_F(FlagsRun, SchemasAreJson) {
  for (const char* flag : {"--config-schema", "--rule-schema"}) {
    const RunResult result = run({flag});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_TRUE(Json::parse(result.out).contains("$schema")) << flag;
  }
}

TEST_F(FlagsRun, SupportIsJson) {
  const RunResult result = run({"--support", "-r", rules_});
  EXPECT_EQ(result.exit_code, 0);
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json["config"], quiet_config());
  EXPECT_EQ(json["rules_files"][0]["content"], kRules);
  EXPECT_EQ(json["engine_info"]["engine_version"], "63");
  EXPECT_TRUE(json["system_info"].contains("release"));
}

TEST_F(FlagsRun, DryRunLoadsRulesAndEnds) {
  const RunResult result = run({"--dry-run", "-r", rules_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("   " + rules_), std::string::npos);
}

TEST_F(FlagsRun, ValidateText) {
  const RunResult result = run({"-V", rules_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, rules_ + ": Ok\n");
}

TEST_F(FlagsRun, ValidateBroken) {
  const std::string broken =
      binary_.write("bad.yaml", "- rule: x\n  desc: x\n  condition: a.b.c = 1\n  output: x\n");
  const RunResult result = run({"-V", broken});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(result.out.starts_with(broken + ": Invalid\n1 Errors:\n")) << result.out;
  EXPECT_NE(result.err.find("Error: " + broken + ": Invalid\n"), std::string::npos) << result.err;
}

TEST_F(FlagsRun, DescribeAllAndOne) {
  EXPECT_NE(run({"-L", "-r", rules_}).out.find("One"), std::string::npos);
  const RunResult one = run({"-l", "One", "-r", rules_, "-o", "json_output=true"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_NE(one.out.find("\"name\":\"One\""), std::string::npos) << one.out;
  EXPECT_EQ(run({"-l", "Two", "-r", rules_}).exit_code, 1);
}

TEST_F(FlagsRun, BrokenRulesEndTheRun) {
  const std::string broken = binary_.write("bad.yaml", "- macro: m\n  condition: a and\n");
  const RunResult result = run({"-r", broken});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("Error: "), std::string::npos);
  EXPECT_NE(result.err.find(broken + ":2:"), std::string::npos) << result.err;
}

TEST_F(FlagsRun, RuleFoldersHoldYamlFilesByName) {
  std::filesystem::create_directory(binary_.path("d"));
  binary_.write("d/b.yaml",
                "- rule: B\n  desc: x\n  condition: evt.type=open\n  output: x\n"
                "  priority: INFO\n");
  binary_.write("d/a.yml",
                "- rule: A\n  desc: x\n  condition: evt.type=open\n  output: x\n"
                "  priority: INFO\n");
  binary_.write("d/c.txt", "not: yaml: at: all");
  const std::string out = run({"-L", "-r", binary_.path("d")}).out;
  EXPECT_LT(out.find("\nA "), out.find("\nB ")) << out;
  EXPECT_NE(out.find("\nB "), std::string::npos) << out;
}

// A flag that --help shows is in the table above, or in a test of its own.
TEST_F(FlagsRun, EveryFlagIsTested) {
  const std::set<std::string> elsewhere = {
      "-c",         // every test
      "-o",         // VersionAsJson and config_test
      "-M",         // replay_test
      "-P",         // signals_test
      "-p",         // PrintIsAppended
      "-U",         // product_test
      "-v",         // VerboseListsTypes
      "--dry-run",  // DryRunLoadsRulesAndEnds
      "--support", "--config-schema", "--rule-schema", "-L", "-l", "-V"};
  std::set<std::string> tested = elsewhere;
  for (const Case& row : kCases) {
    for (const std::string& argument : row.arguments) {
      tested.insert(argument.substr(0, argument.find('=')));
    }
  }
  const std::string help = run({"--help"}).out;
  const std::regex row("\\n  (?:(-\\w)|  )(?:, )?(?:  )?(--[\\w-]+)?[ \\[]");
  int count = 0;
  for (auto at = std::sregex_iterator(help.begin(), help.end(), row); at != std::sregex_iterator();
       ++at) {
    const std::string short_name = (*at)[1];
    const std::string long_name = (*at)[2];
    if (short_name.empty() && long_name.empty()) {
      continue;
    }
    ++count;
    EXPECT_TRUE(tested.count(short_name) + tested.count(long_name) > 0)
        << short_name << " " << long_name;
  }
  EXPECT_GE(count, 28);
}

TEST_F(FlagsRun, PrintIsAppended) {
  EXPECT_NE(run({"-L", "-r", rules_, "-p", "user=%user.name", "-o", "json_output=true"})
                .out.find("user=%user.name"),
            std::string::npos);
}

TEST_F(FlagsRun, VerboseListsTypes) {
  EXPECT_NE(run({"--list", "-v"}).out, run({"--list"}).out);
}

TEST_F(FlagsRun, SupportHasNoSecrets) {
  const std::string config = binary_.write(
      "secret.yaml", quiet_config("kafka_output: {enabled: false, password: hunter2}\n"
                                  "http_output:\n  url: https://me:hunter2@host/\n"
                                  "  headers:\n    Authorization: Bearer hunter2\n"));
  const RunResult result = binary_.run({"-c", config, "--support", "-r", rules_, "-o",
                                        "http_output.headers.Authorization=hunter2", "-o",
                                        "kafka_output.password=hunter2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.find("hunter2"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("REDACTED"), std::string::npos);
}

TEST_F(FlagsRun, SubcommandsOfSaker) {
  EXPECT_NE(binary_.run({"version"}).out.find("Saker version"), std::string::npos);
  const RunResult help = binary_.run({"replay", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_TRUE(help.out.starts_with("Usage:\n  saker replay FILE [OPTION...]\n")) << help.out;
  EXPECT_NE(binary_.run({"--help"}).out.find("\nSubcommands"), std::string::npos);
  EXPECT_EQ(binary_.run({"completion", "csh"}).exit_code, 1);
  const RunResult typo = binary_.run({"relpay", "x.scap"});
  EXPECT_EQ(typo.exit_code, 1);
  EXPECT_NE(typo.err.find("did you mean 'replay'?"), std::string::npos) << typo.err;
  EXPECT_TRUE(binary_.run({"man"}).out.starts_with(".TH SAKER 8"));
  binary_.program_name = "falco";
  const std::string falco_help = binary_.run({"--help"}).out;
  EXPECT_NE(falco_help.find("falco [OPTION"), std::string::npos);
  EXPECT_EQ(falco_help.find("Subcommands"), std::string::npos);
}

}  // namespace
}  // namespace saker::testing
