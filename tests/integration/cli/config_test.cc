// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Configuration files as the whole program reads them.
#include <signal.h>

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/eventually.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

constexpr const char* kRule =
    "- rule: One\n  desc: x\n  condition: evt.type=open\n  output: x\n  priority: INFO\n";

TEST(ConfigRun, LogsFilesAndTheirSchemaStatus) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string extra = binary.write("extra.yaml", "no_such_key: 1\n");
  const std::string config =
      binary.write("falco.yaml", quiet_config("config_files: ['" + extra + "']\n"));
  const RunResult result = binary.run({"-c", config, "-r", rules, "--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find(":    " + config + " | schema validation: ok\n"), std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find(":    " + extra + " | schema validation: failed for <root>: "),
            std::string::npos);
}

TEST(ConfigRun, WrongTypesAreWarningsWithTheirPlace) {
  Binary binary;
  const std::string config = binary.write("falco.yaml", quiet_config("json_output: perhaps\n"));
  const RunResult result =
      binary.run({"-c", config, "-r", binary.write("r.yaml", kRule), "--dry-run"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find(config + ":5:14: warning: json_output is no boolean"),
            std::string::npos)
      << result.err;
}

TEST(ConfigRun, WhatCannotBeReadIsToldAndNothingElse) {
  Binary binary;
  const std::string folder = binary.path(".");
  const RunResult config = binary.run({"-c", folder});
  EXPECT_EQ(config.exit_code, 1) << config.err;
  EXPECT_NE(config.err.find("Error: Could not read configuration file at"), std::string::npos)
      << config.err;
  const RunResult more = binary.run(
      {"-c", binary.write("falco.yaml", quiet_config("config_files: [/proc/self/mem]\n")), "-r",
       binary.write("r.yaml", kRule), "--dry-run"});
  EXPECT_LE(more.exit_code, 1) << more.err;
}

TEST(ConfigRun, TextThatIsNoYamlEndsTheStart) {
  Binary binary;
  const std::string config = binary.write("falco.yaml", "a: [b\n");
  const RunResult result = binary.run({"-c", config});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find(config + ":"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("Error: "), std::string::npos);
}

TEST(ConfigRun, LogLevelAndDestination) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string config = binary.write("falco.yaml", quiet_config());
  EXPECT_EQ(binary.run({"-c", config, "-r", rules, "--dry-run", "-o", "log_level=error"}).err, "");
  EXPECT_EQ(binary.run({"-c", config, "-r", rules, "--dry-run", "-o", "log_stderr=false"}).err, "");
  const std::string iso =
      binary.run({"-c", config, "-r", rules, "--dry-run", "-o", "time_format_iso_8601=true"}).err;
  EXPECT_EQ(iso.substr(10, 1), "T") << iso;
  EXPECT_EQ(iso.substr(19, 5), "+0000") << iso;
}

TEST(ConfigRun, RulesFilesOfTheConfigurationSkipMissingOnes) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string config = binary.write(
      "falco.yaml",
      quiet_config("rules_files: [/no/such.yaml, '" + rules + "', /no/such/folder]\n"));
  EXPECT_EQ(binary.run({"-c", config, "--dry-run"}).exit_code, 0);
  EXPECT_EQ(binary.run({"-c", config, "--dry-run", "-r", "/no/such.yaml"}).exit_code, 1)
      << "-r replaces them";
}

TEST(ConfigRun, WhatHasNoEffectIsToldOnce) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string config = binary.write(
      "falco.yaml", quiet_config("base_syscalls: {custom_set: [clone, opennat, '!no_call']}\n"
                                 "metrics: {enabled: true, jemalloc_stats_enabled: true}\n"
                                 "engine: {kind: kmod}\n"));
  const std::string log = binary.run({"-c", config, "-r", rules, "--dry-run"}).err;
  for (const char* text : {"custom_set: there is no system call 'opennat'",
                           "custom_set: there is no system call 'no_call'", "jemalloc is not used",
                           "there is no kernel module"}) {
    const std::size_t at = log.find(text);
    EXPECT_NE(at, std::string::npos) << text << "\n" << log;
    EXPECT_EQ(log.find(text, at + 1), std::string::npos) << text;
  }
  EXPECT_EQ(log.find("'clone'"), std::string::npos) << log;
}

TEST(ConfigRun, PluginsBesideTheBuiltInOneAreRefused) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string fine = binary.write(
      "fine.yaml", quiet_config("plugins: [{name: container, library_path: libcontainer.so},"
                                " {name: json, library_path: libjson.so}]\n"
                                "load_plugins: [container]\n"));
  EXPECT_EQ(binary.run({"-c", fine, "-r", rules, "--dry-run"}).exit_code, 0);
  const RunResult other =
      binary.run({"-c", fine, "-r", rules, "--dry-run", "-o", "load_plugins[]=json"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_NE(other.err.find("Error: Cannot load plugin 'json'"), std::string::npos);
  const RunResult unknown =
      binary.run({"-c", fine, "-r", rules, "--dry-run", "-o", "load_plugins[]=nothing"});
  EXPECT_NE(unknown.err.find("plugin config not found for given name"), std::string::npos);
}

TEST(ConfigRun, ShippedConfigurationWorksUnchanged) {
  const auto shared = shared_dir();
  if (shared.empty()) {
    GTEST_SKIP() << kNoSharedData;
  }
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const RunResult result = binary.run({"-c", (shared / "data/config/falco.yaml").string(), "-r",
                                       rules, "--dry-run", "-o", "syslog_output.enabled=false",
                                       "-o", "log_syslog=false", "-o", "config_files="});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("falco.yaml | schema validation: ok"), std::string::npos);
}

TEST(DryRun, RefusesWhatAStartRefuses) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string config = binary.write(
      "falco.yaml",
      quiet_config(
          "engine: {kind: modern_ebpf}\nwebserver: {enabled: true}\nmetrics: {enabled: true, "
          "output_rule: true, interval: 1h}\n"));
  ASSERT_EQ(binary.run({"-c", config, "-r", rules, "--dry-run"}).exit_code, 0)
      << binary.read("stderr");
  struct Case {
    std::string option;
    std::string text;
  };
  for (const auto& [option, text] : std::vector<Case>{
           {"engine.kind=replay", "no engine.replay.capture_file"},
           {"engine={kind: replay, replay: {capture_file: /no/such.scap}}", "/no/such.scap"},
           {"engine.modern_ebpf.buf_size_preset=0", "between 1 and 10"},
           {"engine.modern_ebpf.buf_size_preset=99", "between 1 and 10"},
           {"metrics.interval=abc", "interval"},
           {"metrics.interval=50ms", "interval"},
           {"metrics.output_file=/no/such/folder/file", "/no/such/folder/file"},
           {"webserver.listen_port=99999", "at most 65535"},
           {"webserver.listen_address=foo", "not a valid IP address"},
           {"webserver={enabled: true, ssl_enabled: true, ssl_certificate: /no/such.pem}",
            "/no/such.pem"},
           {"file_output={enabled: true, keep_alive: true, filename: /no/such/folder/file}",
            "cannot open /no/such/folder/file"}}) {
    const RunResult result = binary.run({"-c", config, "-r", rules, "--dry-run", "-o", option});
    EXPECT_EQ(result.exit_code, 1) << option;
    EXPECT_NE(result.err.find(text), std::string::npos) << option << "\n" << result.err;
  }
}

TEST(DryRun, WritesNothingAndMayRunBesideAnother) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string config = binary.write(
      "falco.yaml",
      quiet_config("engine: {kind: nodriver}\nwebserver: {enabled: false}\n"
                   "metrics: {enabled: true, interval: 1h, output_file: '" +
                   binary.path("metrics") +
                   "'}\nfile_output: {enabled: true, keep_alive: true, "
                   "filename: '" +
                   binary.path("alerts") +
                   "'}\nhttp_output: {enabled: true, url: 'http://127.0.0.1:1/', spool: {path: '" +
                   binary.path("spool") + "/'}}\n"));
  EXPECT_EQ(binary.run({"-c", config, "-r", rules, "--dry-run"}).exit_code, 0)
      << binary.read("stderr");
  for (const char* name : {"metrics", "alerts", "spool"}) {
    EXPECT_FALSE(std::filesystem::exists(binary.path(name))) << name;
  }
  Binary other;
  other.start({"-c", config, "-r", rules});
  ASSERT_TRUE(other.wait_for("Running without a source of system calls"));
  EXPECT_EQ(binary.run({"-c", config, "-r", rules, "--dry-run"}).exit_code, 0)
      << "the other has the spool: " << binary.read("stderr");
  other.send_signal(SIGTERM);
  EXPECT_EQ(other.wait().exit_code, 0);
}

// Whoever starts it may have closed them.
TEST(ConfigRun, MissingStandardStreamsAreNotTakenByFiles) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", kRule);
  const std::string config = binary.write(
      "falco.yaml",
      quiet_config("engine: {kind: nodriver}\nwebserver: {enabled: false}\n"
                   "file_output: {enabled: true, keep_alive: true, filename: '" +
                   binary.path("alerts") +
                   "'}\nmetrics: {enabled: true, output_rule: true, interval: 100ms}\n"));
  const char* built = std::getenv("SAKER_BIN");
  ASSERT_NE(built, nullptr);
  binary.program_file = "/bin/sh";
  binary.start(
      {"-c", std::string("exec ") + built + " -c " + config + " -r " + rules + " <&- >&- 2>&-"});
  ASSERT_TRUE(eventually([&] { return !binary.read("alerts").empty(); }));
  for (const char* fd : {"0", "1", "2"}) {
    std::error_code error;
    EXPECT_EQ(
        std::filesystem::read_symlink("/proc/" + std::to_string(binary.pid()) + "/fd/" + fd, error),
        "/dev/null");
  }
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
  EXPECT_EQ(binary.read("alerts").find("Events detected"), std::string::npos);
}

}  // namespace
}  // namespace saker::testing
