// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Replays recorded captures and compares what is printed with what the reference printed.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using Json = nlohmann::json;

std::string read_text(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// The rule of the recorded runs.
constexpr const char* kOpenRule = R"(
- rule: Open file
  desc: x
  condition: evt.type in (open, openat) and evt.dir = <
  output: 'opened "%fd.name" by %proc.name flags=%evt.arg.flags missing=%fd.sip w=%10proc.name| up=%toupper(proc.name) res=%evt.res'
  priority: WARNING
  tags: [z, a]
)";

class Replay : public ::testing::Test {
protected:
  void SetUp() override {
    shared_ = shared_dir();
    if (shared_.empty()) {
      GTEST_SKIP() << kNoSharedData;
    }
    config_ = binary_.write("falco.yaml", quiet_config());
    rules_ = binary_.write("rules.yaml", kOpenRule);
  }

  RunResult replay(const std::string& capture, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "-c",
        config_,
        "-r",
        rules_,
        "-o",
        "engine.kind=replay",
        "-o",
        "engine.replay.capture_file=" + (shared_ / "spec/replay" / (capture + ".scap")).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return binary_.run(arguments);
  }

  // Output of the first alert line.
  Json first_alert(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"-o", "json_output=true"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const RunResult result = replay("curl_google", arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out.substr(0, result.out.find('\n')));
  }

  std::filesystem::path shared_;
  Binary binary_;
  std::string config_;
  std::string rules_;
};

class RecordedRun : public Replay, public ::testing::WithParamInterface<const char*> {};

TEST_P(RecordedRun, StandardOutputIsTheReferencesByteForByte) {
  const std::string name = GetParam();
  const RunResult text = replay(name);
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_EQ(text.out, read_text(shared_ / "spec/replay" / (name + ".text.txt")));
  const RunResult json = replay(name, {"-o", "json_output=true"});
  EXPECT_EQ(json.out, read_text(shared_ / "spec/replay" / (name + ".json.txt")));
  EXPECT_TRUE(
      json.err.ends_with("Syscall event drop monitoring:\n"
                         "   - event drop detected: 0 occurrences\n"
                         "   - num times actions taken: 0\n"));
}

INSTANTIATE_TEST_SUITE_P(Captures, RecordedRun,
                         ::testing::Values("curl_google", "curl_google_comments",
                                           "single_ipv6_conn", "test_ipv6_client"));

struct Set {
  const char* suffix;
  const char* matching;
  bool is_official;
};

class RecordedAlerts : public Replay,
                       public ::testing::WithParamInterface<std::tuple<const char*, Set>> {};

TEST_P(RecordedAlerts, AreTheReferencesByteForByte) {
  const auto& [name, set] = GetParam();
  std::vector<std::string> arguments = {
      "-c", config_,
      "-o", "engine.kind=replay",
      "-o", "json_output=true",
      "-o", std::string("rule_matching=") + set.matching,
      "-o", "engine.replay.capture_file=" + (shared_ / "data" / name).string() + ".scap"};
  const std::vector<const char*> files =
      set.is_official
          ? std::vector<const char*>{"rules/falco_rules.yaml", "rules/falco-incubating_rules.yaml",
                                     "rules/falco-sandbox_rules.yaml"}
          : std::vector<const char*>{"own_rules.yaml"};
  for (const char* file : files) {
    arguments.insert(arguments.end(), {"-r", (shared_ / "data" / file).string()});
  }
  const RunResult result = binary_.run(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string alerts = result.out.substr(0, result.out.find("Events detected: "));
  const std::string expected = read_text(shared_ / "data" / (std::string(name) + set.suffix));
  std::istringstream ours(alerts);
  std::istringstream theirs(expected);
  std::string a;
  std::string b;
  for (int line = 1; std::getline(theirs, b); ++line) {
    a.clear();
    std::getline(ours, a);
    ASSERT_EQ(a, b) << "line " << line;
  }
  EXPECT_EQ(alerts.size(), expected.size());
}

INSTANTIATE_TEST_SUITE_P(
    Captures, RecordedAlerts,
    ::testing::Combine(::testing::Values("attack", "build", "container", "first", "net",
                                         "syscalls"),
                       ::testing::Values(Set{".alerts.jsonl", "all", true},
                                         Set{".alerts-first.jsonl", "first", true},
                                         Set{".alerts-own.jsonl", "all", false},
                                         Set{".alerts-own-first.jsonl", "first", false})));

TEST_F(Replay, SubcommandReplaysToo) {
  const RunResult result = binary_.run(
      {"replay", (shared_ / "spec/replay/curl_google.scap").string(), "-c", config_, "-r", rules_});
  EXPECT_EQ(result.out, read_text(shared_ / "spec/replay/curl_google.text.txt"));
}

TEST_F(Replay, PropertiesOfJsonAlerts) {
  const Json all = first_alert({"-o", "json_include_message_property=true"});
  EXPECT_EQ(all.size(), 9U);
  EXPECT_TRUE(all["message"].get<std::string>().starts_with("opened \""));
  for (const auto& [option, key] : std::vector<std::pair<std::string, std::string>>{
           {"json_include_output_property", "output"},
           {"json_include_output_fields_property", "output_fields"},
           {"json_include_tags_property", "tags"}}) {
    const Json without = first_alert({"-o", option + "=false"});
    EXPECT_FALSE(without.contains(key)) << option;
    EXPECT_EQ(without.size(), 7U) << option;
  }
}

TEST_F(Replay, IsoTimes) {
  const Json alert = first_alert({"-o", "time_format_iso_8601=true"});
  EXPECT_TRUE(alert["output"].get<std::string>().starts_with(
      "2018-08-17T17:35:48.514682170+0000: Warning "));
  EXPECT_EQ(alert["time"], "2018-08-17T17:35:48.514682170Z");
  EXPECT_EQ(alert["output_fields"]["evt.time.iso8601"], 1534527348514682170ULL);
  EXPECT_FALSE(alert["output_fields"].contains("evt.time"));
}

TEST_F(Replay, HostnameComesFromTheEnvironment) {
  binary_.env["FALCO_HOSTNAME"] = "other \"host\"";
  EXPECT_EQ(first_alert({})["hostname"], "other \"host\"");
}

TEST_F(Replay, AppendOutputAddsTextAndFields) {
  const Json alert = first_alert(
      {"-o", R"(append_output[]={"match": {"tags": ["a"]}, "extra_output": "cpu=%evt.cpu"})", "-o",
       R"(append_output[]={"extra_fields": ["evt.num", {"both": "%proc.name/%evt.type"}]})", "-o",
       R"(append_output[]={"match": {"tags": ["b"]}, "extra_output": "never"})"});
  EXPECT_TRUE(alert["output"].get<std::string>().ends_with(" res=SUCCESS cpu=0") ||
              alert["output"].get<std::string>().ends_with(" res=SUCCESS cpu=1"))
      << alert["output"];
  EXPECT_TRUE(alert["output_fields"]["evt.cpu"].is_number());
  EXPECT_TRUE(alert["output_fields"]["evt.num"].is_number());
  EXPECT_EQ(alert["output_fields"]["both"], "curl/open");
}

TEST_F(Replay, PrintAppendsUnlessItIsAnOldName) {
  EXPECT_TRUE(
      first_alert({"-p", "num=%evt.type"})["output"].get<std::string>().ends_with(" num=open"));
  EXPECT_TRUE(first_alert({"-pc"})["output"].get<std::string>().ends_with(" res=SUCCESS"));
}

TEST_F(Replay, StaticFields) {
  binary_.write("rules.yaml",
                "- rule: S\n  desc: x\n  condition: evt.type=open and static.place = here\n"
                "  output: \"in %static.place\"\n  priority: INFO\n");
  const Json alert = first_alert({"-o", "static_fields.place=here"});
  EXPECT_EQ(alert["output_fields"]["static.place"], "here");
  EXPECT_EQ(alert["priority"], "Informational");
}

TEST_F(Replay, SelectionAndPriorityOfRules) {
  const std::string none =
      "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n";
  EXPECT_EQ(replay("curl_google", {"-o", R"(rules[]={"disable": {"rule": "Open*"}})"}).out, none);
  EXPECT_EQ(replay("curl_google", {"-o", R"(rules[]={"disable": {"tag": "z"}})"}).out, none);
  EXPECT_NE(replay("curl_google", {"-o", R"(rules[]={"disable": {"rule": "*"}})", "-o",
                                   R"(rules[]={"enable": {"tag": "z"}})"})
                .out,
            none);
  EXPECT_EQ(replay("curl_google", {"-o", "priority=error"}).out, none);
}

TEST_F(Replay, DurationEndsTheRun) {
  const std::string out = replay("curl_google", {"-M", "0"}).out;
  EXPECT_NE(out.find("Events detected: 48\n"), std::string::npos) << "0 is no bound";
  const RunResult bad = replay("curl_google", {"-M", "x"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.err.find("Error: Argument \u2018x\u2019 failed to parse"), std::string::npos);
}

TEST_F(Replay, FileAndProgramOutputs) {
  const std::string file = binary_.path("alerts.txt");
  const std::string copy = binary_.path("copy.txt");
  const RunResult result =
      replay("test_ipv6_client",
             {"-o", "file_output.enabled=true", "-o", "file_output.filename=" + file, "-o",
              "program_output.enabled=true", "-o", "program_output.program=cat >> " + copy, "-o",
              "stdout_output.enabled=false"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("Events detected: 2\n"));
  const std::string expected = read_text(shared_ / "spec/replay/test_ipv6_client.text.txt");
  const std::string alerts = expected.substr(0, expected.find("Events detected"));
  EXPECT_EQ(binary_.read("alerts.txt"), alerts);
  EXPECT_EQ(binary_.read("copy.txt"), alerts);
}

TEST_F(Replay, OutputsThatCannotWorkEndTheStart) {
  for (const char* output : {"file_output", "program_output"}) {
    const RunResult result =
        replay("test_ipv6_client", {"-o", std::string(output) + ".enabled=true"});
    EXPECT_EQ(result.exit_code, 1) << output;
    EXPECT_NE(result.err.find("Error: "), std::string::npos) << output;
  }
}

TEST_F(Replay, UnbufferedAndBufferedPrintTheSame) {
  const std::string plain = replay("curl_google").out;
  EXPECT_EQ(replay("curl_google", {"-o", "buffered_outputs=true"}).out, plain);
  EXPECT_EQ(replay("curl_google", {"-U"}).out, plain);
}

// Alerts and summary of a run with so many workers.
TEST_F(Replay, AnyNumberOfWorkersPrintsTheSame) {
  const std::filesystem::path data = shared_ / "data";
  std::vector<std::string> base = {
      "-c", config_,           "-o", "engine.kind=replay", "-o", "rule_matching=all",
      "-o", "json_output=true"};
  for (const char* name :
       {"falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"}) {
    base.insert(base.end(), {"-r", (data / "rules" / name).string()});
  }
  for (const char* capture : {"attack", "container", "net"}) {
    std::vector<std::string> outputs;
    for (const char* workers : {"1", "2", "3", "7"}) {
      std::vector<std::string> arguments = base;
      arguments.insert(
          arguments.end(),
          {"-o", "engine.replay.capture_file=" + (data / (std::string(capture) + ".scap")).string(),
           "-o", "engine.replay.workers=" + std::string(workers)});
      const RunResult result = binary_.run(arguments);
      EXPECT_EQ(result.exit_code, 0) << result.err;
      outputs.push_back(result.out);
    }
    EXPECT_NE(outputs.front().find("\"rule\""), std::string::npos) << capture;
    for (const std::string& output : outputs) {
      EXPECT_EQ(output, outputs.front()) << capture;
    }
  }
}

TEST_F(Replay, RulesThatNeedEveryEventGetOneWorker) {
  rules_ =
      binary_.write("rules.yaml",
                    "- rule: Slow\n  desc: x\n  condition: evt.type = open and evt.deltatime > 0\n"
                    "  output: x\n  priority: NOTICE\n");
  const RunResult result = replay("curl_google", {"-o", "engine.replay.workers=4"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_NE(result.err.find("only one worker"), std::string::npos) << result.err;
}

TEST_F(Replay, NotACapture) {
  const RunResult result = replay("curl_google", {"-o", "engine.replay.capture_file=" + rules_});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("Error: "), std::string::npos);
  const RunResult missing = replay("no_such_capture");
  EXPECT_EQ(missing.exit_code, 1);
  const RunResult unnamed = replay("curl_google", {"-o", "engine.replay.capture_file="});
  EXPECT_NE(unnamed.err.find("no engine.replay.capture_file specified"), std::string::npos);
}

TEST_F(Replay, DamagedCaptureReportsWhatCameBefore) {
  const std::string whole = read_text(shared_ / "spec/replay/test_ipv6_client.scap");
  const std::string damaged = binary_.write("cut.scap", whole.substr(0, whole.size() - 100));
  const RunResult result = replay("", {"-o", "engine.replay.capture_file=" + damaged});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.out.find("Events detected: "), std::string::npos);
  EXPECT_NE(result.err.find("Error: "), std::string::npos);
}

}  // namespace
}  // namespace saker::testing
