// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The kit's subcommands as a user or a CI job calls them: exit status and what is printed where.
#include <sys/stat.h>

#include <csignal>
#include <cstdio>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"

namespace saker::testing {
namespace {

using nlohmann::json;

constexpr const char* kClean =
    "- rule: R\n  desc: A program was started.\n  condition: evt.type = execve and proc.name = sh\n"
    "  output: seen %proc.name\n  priority: INFO\n  tags: [T1059]\n";
constexpr const char* kDoubtful =
    "- rule: R\n  desc: A program was started.\n"
    "  condition: evt.type = execve and evt.dir = < and proc.name = sh\n"
    "  output: seen %proc.name\n  priority: INFO\n  tags: [T1059]\n";

TEST(KitCheck, ExitStatusTellsWhatWasFound) {
  Binary binary;
  const std::string clean = binary.write("clean.yaml", kClean);
  const std::string doubtful = binary.write("doubtful.yaml", kDoubtful);
  const std::string broken = binary.write("broken.yaml", "- rule: [\n");
  EXPECT_EQ(binary.run({"check", clean}).exit_code, 0);
  EXPECT_EQ(binary.run({"check", doubtful}).exit_code, 1);
  EXPECT_EQ(binary.run({"check", doubtful, "--fail-on", "error"}).exit_code, 0);
  EXPECT_EQ(binary.run({"check", doubtful, "--disable", "deprecated-direction"}).exit_code, 0);
  EXPECT_EQ(binary.run({"check", broken}).exit_code, 2);
  EXPECT_EQ(binary.run({"check"}).exit_code, 3);
  EXPECT_EQ(binary.run({"check", clean, "--format", "x"}).exit_code, 3);
  EXPECT_EQ(binary.run({"check", binary.path("none.yaml")}).exit_code, 3);
}

TEST(KitCheck, BaselineAndFix) {
  Binary binary;
  const std::string rules = binary.write("rules.yaml", kDoubtful);
  const std::string baseline = binary.path("baseline");
  EXPECT_EQ(binary.run({"check", rules, "--write-baseline", baseline}).exit_code, 0);
  EXPECT_EQ(binary.run({"check", rules, "--baseline", baseline}).exit_code, 0);
  EXPECT_EQ(binary.run({"check", rules, "--fix"}).exit_code, 0);
  EXPECT_EQ(binary.read("rules.yaml"), kClean);
}

TEST(KitCheck, SarifGoesToAFile) {
  Binary binary;
  const std::string rules = binary.write("rules.yaml", kDoubtful);
  EXPECT_EQ(
      binary.run({"check", rules, "--format=sarif", "--output", binary.path("o.sarif")}).exit_code,
      1);
  EXPECT_EQ(json::parse(binary.read("o.sarif"))["version"], "2.1.0");
}

// A run saves things when a signal comes; these commands have nothing to save.
TEST(KitCheck, ASignalEndsIt) {
  Binary binary;
  const std::string never_written = binary.path("fifo.yaml");
  ASSERT_EQ(::mkfifo(never_written.c_str(), 0600), 0);
  binary.start({"check", never_written});
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 128 + SIGTERM);
}

TEST(KitTest, RunsTestsBesideTheRules) {
  Binary binary;
  binary.write("rules.yaml", kClean);
  const std::string good = binary.write(
      "good_test.yaml",
      "rules: [rules.yaml]\ntests:\n  - {rule: R, event: {proc.name: sh}, fires: true}\n");
  const std::string bad = binary.write(
      "bad_test.yaml",
      "rules: [rules.yaml]\ntests:\n  - {rule: R, event: {proc.name: ls}, fires: true}\n");
  EXPECT_EQ(binary.run({"test", good}).exit_code, 0);
  const RunResult failed = binary.run({"test", bad});
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_NE(failed.out.find("rule 'R' did not fire"), std::string::npos) << failed.out;
  EXPECT_EQ(binary.run({"test", good, "--coverage-min", "100"}).exit_code, 1);
  EXPECT_EQ(binary.run({"test", good, "--coverage-html", binary.path("c.html")}).exit_code, 0);
  EXPECT_NE(binary.read("c.html").find("<!doctype html>"), std::string::npos);
}

TEST(KitExplain, ExplainsAGivenEvent) {
  Binary binary;
  const std::string rules = binary.write("rules.yaml", kClean);
  const RunResult result =
      binary.run({"explain", "--rules", rules, "R", "--field", "proc.name=bash"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("no match: 'proc.name = sh' is false, proc.name is 'bash'"),
            std::string::npos)
      << result.out;
}

TEST(KitSuggest, ReadsAlertsAmongOtherLines) {
  Binary binary;
  const std::string rules = binary.write("rules.yaml", kClean);
  const std::string alerts =
      binary.write("alerts.log",
                   "Sat Nov 21 12:00:00 2026: Loading rules\n"
                   "{\"rule\": \"R\", \"output_fields\": {\"proc.cmdline\": \"sh -c a\"}}\n"
                   "{\"rule\": \"R\", \"output_fields\": {\"proc.cmdline\": \"sh -c b\"}}\nEvents "
                   "detected: 2\n");
  const std::vector<std::string> words = {
      "suggest-exceptions", "--rule", "R", "--alerts", alerts, "--rules", rules, "--where"};
  const auto run_with = [&](const std::string& where) {
    std::vector<std::string> all = words;
    all.push_back(where);
    return binary.run(all);
  };
  const RunResult found = run_with("proc.cmdline=sh -c a");
  EXPECT_EQ(found.exit_code, 0) << found.err;
  EXPECT_NE(found.out.find("Silences 1 of 1 chosen alert"), std::string::npos) << found.out;
  const RunResult none = run_with("proc.cmdline=sh -c z");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_NE(none.err.find("none of the 2 alerts is one of rule 'R'"), std::string::npos)
      << none.err;
}

TEST(KitDiff, ComparesRules) {
  Binary binary;
  const std::string a = binary.write("a.yaml", kClean);
  const std::string b = binary.write(
      "b.yaml",
      "- rule: R\n  desc: A program was started.\n  condition: evt.type = execve and proc.name in "
      "(sh, bash)\n  output: seen %proc.name\n  priority: INFO\n  tags: [T1059]\n");
  EXPECT_EQ(binary.run({"diff", a, a}).exit_code, 0);
  const RunResult result = binary.run({"diff", a, b});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.out.find("matches all that it matched, and perhaps more"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("proc.name=bash"), std::string::npos) << result.out;
}

TEST(KitFmt, FormatsInPlace) {
  Binary binary;
  const std::string rules = binary.write("r.yaml", "- macro: m\n  condition:  evt.type =  open\n");
  EXPECT_EQ(binary.run({"fmt", "--check", rules}).exit_code, 1);
  EXPECT_EQ(binary.run({"fmt", rules}).exit_code, 0);
  EXPECT_EQ(binary.read("r.yaml"), "- macro: m\n  condition: evt.type = open\n");
  EXPECT_EQ(binary.run({"fmt", "--check", rules}).exit_code, 0);
}

// Sends framed messages to `saker lsp` and splits what comes back.
std::vector<json> drive_lsp(Binary& binary, const std::vector<json>& messages) {
  std::string input;
  for (const json& message : messages) {
    const std::string text = message.dump();
    input += "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
  }
  const std::string in = binary.write("in", input);
  const std::string command = std::string(std::getenv("SAKER_BIN")) + " lsp < " + in + " > " +
                              binary.path("out") + "; echo $? > " + binary.path("status");
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::vector<json> answers;
  std::string out = binary.read("out");
  const std::string header = "Content-Length: ";
  while (out.starts_with(header)) {
    const std::size_t length = std::stoul(out.substr(header.size()));
    const std::size_t body = out.find("\r\n\r\n") + 4;
    answers.push_back(json::parse(out.substr(body, length)));
    out = out.substr(body + length);
  }
  EXPECT_EQ(out, "");
  return answers;
}

TEST(KitLsp, SpeaksOverStandardInputAndOutput) {
  Binary binary;
  const json document = {{"uri", "file:///r.yaml"}, {"text", kDoubtful}};
  const auto answers = drive_lsp(
      binary,
      {{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "initialize"}, {"params", json::object()}},
       {{"jsonrpc", "2.0"}, {"method", "initialized"}, {"params", json::object()}},
       {{"jsonrpc", "2.0"},
        {"method", "textDocument/didOpen"},
        {"params", {{"textDocument", document}}}},
       {{"jsonrpc", "2.0"},
        {"id", 2},
        {"method", "textDocument/hover"},
        {"params",
         {{"textDocument", {{"uri", "file:///r.yaml"}}},
          {"position", {{"line", 2}, {"character", 54}}}}}},
       {{"jsonrpc", "2.0"}, {"id", 3}, {"method", "shutdown"}},
       {{"jsonrpc", "2.0"}, {"method", "exit"}}});
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0]["id"], 1);
  EXPECT_EQ(answers[1]["params"]["diagnostics"][0]["code"], "deprecated-direction");
  EXPECT_NE(answers[2].dump().find("**proc.name**"), std::string::npos) << answers[2].dump();
  EXPECT_EQ(answers[3]["id"], 3);
  EXPECT_EQ(binary.read("status"), "0\n");
}

}  // namespace
}  // namespace saker::testing
