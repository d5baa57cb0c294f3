// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A recognisable secret stands everywhere in the configuration where one may stand; nothing that
// the program prints, logs, serves or writes holds it. And files that others could change are told
// of.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/integration/cli/operation_fixture.h"
#include "tests/support/eventually.h"
#include "tests/support/http_probe.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSecret = "hunter2-is-my-secret";

// Every output that has credentials, to addresses where nobody listens.
std::string secret_config() {
  const std::string s = kSecret;
  return "log_level: debug\nlibs_logger: {enabled: true, severity: trace}\n"
         "http_output:\n  enabled: true\n  url: http://me:" +
         s + "@127.0.0.1:9/hook?token=" + s + "\n  headers:\n    Authorization: Bearer " + s +
         "\n    X-Other: " + s +
         "\n  spool: {enabled: false}\n  redact: {enabled: true, patterns: ['" + s +
         "']}\n"
         "kafka_output:\n  enabled: true\n  brokers: [127.0.0.1:9]\n  topic: t\n  username: me\n"
         "  sasl_mechanism: PLAIN\n  password: " +
         s + "\n  client_key_password: " + s +
         "\n  message_timeout_ms: 1000\n  spool: {enabled: false}\n  properties:\n"
         "    ssl.keystore.password: " +
         s + "\n";
}

class Secrets : public Operation {
protected:
  void expect_none(const std::string& text, const std::string& what) {
    const std::size_t at = text.find(kSecret);
    EXPECT_EQ(at, std::string::npos)
        << what << "\n"
        << (at == std::string::npos ? "" : text.substr(at < 100 ? 0 : at - 100, 300));
  }
  void expect_none(const RunResult& result, const std::string& what) {
    expect_none(result.out, what + " (stdout)");
    expect_none(result.err, what + " (stderr)");
  }
};

TEST_F(Secrets, OfARunningProcess) {
  const std::string metrics = binary_.path("metrics.jsonl");
  start(
      "watch_config_files: false\nmetrics: {enabled: true, output_rule: true, interval: 100ms, "
      "output_file: '" +
      metrics + "'}\n" + secret_config());
  ASSERT_TRUE(binary_.wait_for("metrics snapshot"));
  // Until the outputs have failed and said so; the slash tells it from the webserver's port.
  ASSERT_TRUE(binary_.wait_for("http output: no answer"));
  ASSERT_TRUE(binary_.wait_for("127.0.0.1:9/")) << binary_.read("stderr");
  for (const char* page : {"/metrics", "/healthz", "/versions"}) {
    expect_none(http_get(port_, page), page);
  }
  // A reload that fails for something beside the secret, and one that fails for its line.
  const std::string good = binary_.read("falco.yaml");
  const auto failure_count = [this] {
    const std::string text = binary_.read("stdout") + binary_.read("stderr");
    constexpr std::string_view kFailure = "hot restart failure";
    int count = 0;
    for (std::size_t at = 0; (at = text.find(kFailure, at)) != std::string::npos; ++at) {
      ++count;
    }
    return count;
  };
  int failures = 0;
  for (const std::string& broken :
       {good + "rule_matching: some\n", good + "kafka_output: {password: " + kSecret + "\n",
        good + "  password: [" + kSecret + "]\nx: : " + kSecret + "\n"}) {
    binary_.write("falco.yaml", broken);
    binary_.send_signal(SIGHUP);
    ++failures;
    ASSERT_TRUE(eventually([&] { return failure_count() >= failures; })) << failures;
  }
  const RunResult result = stop();
  expect_none(result, "run");
  expect_none(binary_.read("metrics.jsonl"), "metrics file");
}

// With everything that prints and ends.
TEST_F(Secrets, OfCommands) {
  const std::string config = binary_.write("falco.yaml", quiet_config(secret_config()));
  const std::string rules = binary_.write("r.yaml", kRule);
  const std::string s = kSecret;
  const std::vector<std::vector<std::string>> kCommands = {
      {"-c", config, "--support", "-r", rules},
      {"-c", config, "--support", "-r", rules, "-o", "kafka_output.password=" + s},
      {"-c", config, "--support", "-r", rules, "-o", "http_output.redact.patterns[]=" + s},
      {"-c", config, "--dry-run", "-r", rules},
      {"-c", config, "-V", rules},
      {"-c", config, "-L", "-r", rules},
      {"-c", config, "--version"},
      {"-c", config, "-o", "kafka_output.password:" + s},
      {"-c", config, "-r", rules, "--dry-run", "-o", "http_output.url=ftp://me:" + s + "@host/"},
      {"-c", config, "-r", rules, "--dry-run", "-o", "http_output.url=me:" + s + "@host"},
      {"-c", config, "-r", rules, "--dry-run", "-o", "kafka_output.brokers[0]=me:" + s + "@host"},
      {"-c", config, "-r", rules, "--dry-run", "-o", "kafka_output.password={a: " + s + "}"},
      {"-c", config, "-r", rules, "--dry-run", "-o", "kafka_output.properties.no.such.secret=" + s},
      {"doctor", "-c", config, "-r", rules},
      {"doctor", "-c", config, "-r", rules, "--json"},
      {"outputs", "test", "-c", config},
  };
  int number = 0;
  for (const auto& command : kCommands) {
    const RunResult result = binary_.run(command);
    EXPECT_FALSE(result.out.empty() && result.err.empty()) << number;
    expect_none(result,
                "command " + std::to_string(number) + " " + command.at(0) + " " + command.back());
    ++number;
  }
}

// A configuration that does not parse shows the line, but not what is secret on it.
TEST_F(Secrets, OfBrokenConfigurations) {
  const std::string s = kSecret;
  for (const std::string& text :
       {"kafka_output:\n  password: {a: " + s + "}\n", "kafka_output:\n  password: \"" + s + "\n",
        "kafka_output: {password: " + s + "\n", "http_output:\n  url: [http://me:" + s + "@h/]\n",
        "http_output:\n  headers: [" + s + "]\n",
        "http_output:\n  headers: {Authorization: [" + s + "]}\n",
        "kafka_output:\n  password: " + s + ": x\n"}) {
    const std::string config = binary_.write("falco.yaml", quiet_config(text));
    expect_none(binary_.run({"-c", config, "--dry-run", "-r", binary_.write("r.yaml", kRule)}),
                text.substr(0, 40));
  }
}

TEST_F(Secrets, UnsafeFilesAreToldOf) {
  const auto config = [this](const std::string& name) {
    return binary_.write(name, quiet_config());
  };
  const std::string safe = config("safe.yaml");
  const std::string rules = binary_.write("r.yaml", kRule);
  const auto warnings = [&](const std::string& file, const std::string& rule_file) {
    const RunResult result = binary_.run({"-c", file, "-r", rule_file, "--dry-run"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.err;
  };
  ::chmod(safe.c_str(), 0644);
  ::chmod(rules.c_str(), 0644);
  EXPECT_EQ(warnings(safe, rules).find("Unsafe file"), std::string::npos) << warnings(safe, rules);

  const std::string open = config("open.yaml");
  ::chmod(open.c_str(), 0666);
  EXPECT_NE(warnings(open, rules)
                .find("Unsafe file " + open + ": it can be written by everyone (mode 0666)"),
            std::string::npos);
  ::chmod(rules.c_str(), 0602);
  EXPECT_NE(warnings(safe, rules).find("Unsafe file " + rules + ": it can be written by everyone"),
            std::string::npos);
  // Checking a file at a terminal is no reason to talk of who may write it.
  EXPECT_EQ(binary_.run({"-c", safe, "-V", rules}).err.find("Unsafe"), std::string::npos);
  EXPECT_EQ(binary_.run({"check", rules}).err.find("Unsafe"), std::string::npos);
  ::chmod(rules.c_str(), 0644);

  const std::filesystem::path folder = binary_.path("everyones");
  std::filesystem::create_directory(folder);
  ::chmod(folder.c_str(), 0777);
  const std::string inside = binary_.write("everyones/r.yaml", kRule);
  EXPECT_NE(warnings(safe, inside).find("its folder can be written by everyone (mode 0777)"),
            std::string::npos);
  ::chmod(folder.c_str(), 01777);
  EXPECT_EQ(warnings(safe, inside).find("Unsafe"), std::string::npos) << "sticky, like /tmp";
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(rules.c_str(), 12345, 0), 0);
    EXPECT_NE(warnings(safe, rules).find("Unsafe file " + rules + ": it belongs to user 12345"),
              std::string::npos);
  }
}

// What a reload reads is looked at too; and a core would hold all secrets.
TEST_F(Secrets, WhileRunning) {
  start("watch_config_files: false\n");
  ::chmod(binary_.path("r.yaml").c_str(), 0666);
  binary_.send_signal(SIGHUP);
  ASSERT_TRUE(binary_.wait_for("The new rules are in force"));
  EXPECT_NE(binary_.read("stderr").find("Unsafe file " + binary_.path("r.yaml")),
            std::string::npos);
  std::ifstream limits("/proc/" + std::to_string(binary_.pid()) + "/limits");
  bool is_found = false;
  for (std::string line; std::getline(limits, line);) {
    if (line.starts_with("Max core file size")) {
      is_found = true;
      EXPECT_NE(line.find(" 0 "), std::string::npos) << line;
    }
  }
  EXPECT_TRUE(is_found);
}

}  // namespace
}  // namespace saker::testing
