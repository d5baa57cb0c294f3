// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The webserver and the metrics of a running process, without a source of events.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <regex>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/operation_fixture.h"
#include "tests/support/certificates.h"
#include "tests/support/eventually.h"
#include "tests/support/http_probe.h"

namespace saker::testing {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

TEST_F(Operation, HealthAndVersions) {
  start("");
  const std::string health = http_get(port_, "/healthz");
  EXPECT_TRUE(health.starts_with("HTTP/1.1 200 ")) << health;
  EXPECT_NE(health.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_EQ(body_of(health), R"({"status": "ok"})");
  const Json versions = Json::parse(body_of(http_get(port_, "/versions")));
  EXPECT_EQ(versions["engine_version"], "63");
  EXPECT_TRUE(versions.contains("falco_version"));
  EXPECT_EQ(versions["plugin_versions"], (Json{{"container", "0.7.1"}}));
  EXPECT_TRUE(http_get(port_, "/metrics").starts_with("HTTP/1.1 404 ")) << "metrics are off";
  EXPECT_EQ(stop().exit_code, 0);
}

TEST_F(Operation, HealthEndpointCanBeNamed) {
  start("", {"-o", "webserver.k8s_healthz_endpoint=/live"});
  EXPECT_TRUE(http_get(port_, "/live").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(http_get(port_, "/healthz").starts_with("HTTP/1.1 404 "));
}

TEST_F(Operation, MetricsPage) {
  start("metrics: {enabled: true, interval: 1h}\n");
  const std::string answer = http_get(port_, "/metrics");
  EXPECT_NE(answer.find("Content-Type: text/plain; version=0.0.4\r\n"), std::string::npos);
  const std::string page = body_of(answer);
  for (const char* part :
       {"falcosecurity_falco_version_info{version=\"0.45.0\"} 1\n",
        "falcosecurity_falco_sha256_rules_files_info{file_name=\"r.yaml\",sha256=\"",
        "falcosecurity_falco_sha256_config_files_info{file_name=\"falco.yaml\",sha256=\"",
        "falcosecurity_scap_engine_name_info{engine_name=\"nodriver\",evt_source=\"syscall\"} 1\n",
        "falcosecurity_evt_hostname_info{hostname=\"vm\"} 1\n", "saker_healthy 1\n",
        "saker_output_pushed_total{output=\"stdout\"} 0\n"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST_F(Operation, ReloadsAreCounted) {
  start("watch_config_files: false\nmetrics: {enabled: true, interval: 1h}\n");
  binary_.send_signal(SIGHUP);
  ASSERT_TRUE(binary_.wait_for("The new rules are in force"));
  binary_.write("r.yaml", "- rule: broken\n");
  binary_.send_signal(SIGHUP);
  ASSERT_TRUE(binary_.wait_for("hot restart failure"));
  const std::string page = body_of(http_get(port_, "/metrics"));
  EXPECT_NE(page.find("saker_reloads_total 1\n"), std::string::npos);
  EXPECT_NE(page.find("saker_reloads_failed_total 1\n"), std::string::npos);
}

// A reload is refused, and an old output cannot come back: the others do, and it is told.
TEST_F(Operation, AnOutputThatIsLostIsToldAndComesBack) {
  const std::string folder = binary_.path("folder");
  ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
  const std::string more =
      "watch_config_files: false\nfile_output: {enabled: true, keep_alive: true, filename: '" +
      folder + "/a.log'}\nmetrics: {enabled: true, output_rule: true, interval: 100ms}\n";
  start(more);
  ASSERT_TRUE(
      eventually([&] { return binary_.read("stdout").find("snapshot") != std::string::npos; }));
  const std::string config = binary_.read("falco.yaml");
  ASSERT_EQ(::rename(folder.c_str(), (folder + ".away").c_str()), 0);
  binary_.write("falco.yaml", config + "json_output: true\n");
  binary_.send_signal(SIGHUP);
  ASSERT_TRUE(binary_.wait_for("hot restart failure"));
  const std::size_t size = binary_.read("stdout").size();
  EXPECT_TRUE(eventually([&] { return binary_.read("stdout").size() > size; }))
      << "standard output goes on";
  EXPECT_NE(binary_.read("stderr").find("The output file could not be opened again"),
            std::string::npos);
  EXPECT_TRUE(eventually([&] {
    return http_get(port_, "/healthz").find("output file is not there") != std::string::npos;
  })) << http_get(port_, "/healthz");
  const std::string page = http_get(port_, "/metrics");
  EXPECT_NE(page.find("saker_output_pushed_total{output=\"file\"}"), std::string::npos);

  // The configuration is the old one again: nothing has changed, and yet it is opened.
  ASSERT_EQ(::rename((folder + ".away").c_str(), folder.c_str()), 0);
  const std::size_t before = binary_.read("folder/a.log").size();
  binary_.write("falco.yaml", config);
  binary_.send_signal(SIGHUP);
  ASSERT_TRUE(binary_.wait_for("The output file is back")) << binary_.read("stderr");
  EXPECT_TRUE(eventually([&] { return binary_.read("folder/a.log").size() > before; }));
  EXPECT_TRUE(eventually([&] {
    return http_get(port_, "/healthz").find("{\"status\": \"ok\"}") != std::string::npos;
  })) << http_get(port_, "/healthz");
}

TEST_F(Operation, TwoHundredSlowClientsDelayNobody) {
  start("metrics: {enabled: true, interval: 1h}\n");
  std::vector<HttpProbe> slow;
  for (int i = 0; i < 200; ++i) {
    slow.emplace_back(port_);
    ASSERT_TRUE(slow.back().is_connected());
    slow.back().send("GET /me");
  }
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    for (const HttpProbe& probe : slow) {
      probe.send("t");
    }
    EXPECT_TRUE(http_get(port_, "/healthz").starts_with("HTTP/1.1 200 ")) << i;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  EXPECT_EQ(stop().exit_code, 0);
}

TEST_F(Operation, SnapshotsGoToRuleAndFile) {
  const std::string file = binary_.path("metrics.jsonl");
  start(
      "json_output: true\nmetrics: {enabled: true, interval: 200ms, output_rule: true, "
      "output_file: '" +
      file + "', include_empty_values: true}\n");
  ASSERT_TRUE(binary_.wait_for("Falco internal: metrics snapshot"));
  ASSERT_TRUE(eventually([this] {
    const std::string text = binary_.read("metrics.jsonl");
    return std::ranges::count(text, '\n') >= 2;
  }));
  const RunResult result = stop();
  const Json alert = Json::parse(result.out.substr(0, result.out.find('\n')));
  EXPECT_EQ(alert["rule"], "Falco internal: metrics snapshot");
  EXPECT_EQ(alert["priority"], "Informational");
  EXPECT_EQ(alert["source"], "internal");
  EXPECT_EQ(alert["output_fields"]["evt.source"], "syscall");
  EXPECT_EQ(alert["output_fields"]["falco.rules.One"], 0);
  std::ifstream lines(file);
  std::uint64_t sample = 0;
  for (std::string line; std::getline(lines, line);) {
    const Json json = Json::parse(line);
    EXPECT_EQ(json["sample"], ++sample);
    EXPECT_EQ(json["output_fields"]["falco.version"], "0.45.0");
  }
  EXPECT_GE(sample, 2U);
}

TEST_F(Operation, RedWhenAnOutputIsDead) {
  // A program that never reads: once its pipe is full, what is written to it waits.
  start(
      "metrics: {enabled: true, interval: 100ms, output_rule: true}\n"
      "program_output: {enabled: true, keep_alive: true, program: 'exec sleep 60'}\n");
  std::string health;
  for (int i = 0; i < 450 && !health.starts_with("HTTP/1.1 503 "); ++i) {
    std::this_thread::sleep_for(100ms);
    health = http_get(port_, "/healthz");
  }
  EXPECT_TRUE(health.starts_with("HTTP/1.1 503 ")) << health;
  EXPECT_EQ(Json::parse(body_of(health))["status"], "failing");
}

struct Refused {
  const char* name;
  const char* config;
  const char* message;
};

class RefusedStart : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedStart, EndsWithOneMessage) {
  Binary binary;
  const std::string config =
      binary.write("falco.yaml", quiet_config("engine: {kind: nodriver}\n") + GetParam().config);
  const RunResult result = binary.run({"-c", config, "-r", binary.write("r.yaml", kRule)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("Error: "), std::string::npos) << result.err;
  EXPECT_NE(result.err.find(GetParam().message), std::string::npos) << result.err;
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedStart,
    ::testing::Values(
        Refused{"address", "webserver: {enabled: true, listen_address: localhost}\n",
                "is not a valid IP address"},
        Refused{"port", "webserver: {enabled: true, listen_port: 70000}\n", "at most 65535"},
        Refused{"certificate",
                "webserver: {enabled: true, listen_port: 0, listen_address: 127.0.0.1, "
                "ssl_enabled: true, ssl_certificate: /no/such.pem}\n",
                "/no/such.pem"},
        Refused{"interval", "metrics: {enabled: true, output_rule: true, interval: often}\n",
                "is no duration"},
        Refused{"short_interval", "metrics: {enabled: true, output_rule: true, interval: 50ms}\n",
                "below 100ms"},
        Refused{"metrics_file", "metrics: {enabled: true, output_file: /no/such/folder/file}\n",
                "/no/such/folder/file"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace saker::testing
