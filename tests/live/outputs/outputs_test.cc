// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A live sensor that has given up its rights still reaches every receiver, also those that it knows
// by name, and looks up the names in conditions.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/live/rules/sensor_process.h"
#include "tests/support/certificates.h"
#include "tests/support/eventually.h"
#include "tests/support/http_probe.h"
#include "tests/support/http_test_server.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reader.h"
#include "tests/support/temp_dir.h"

namespace saker::test {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;
using saker::testing::eventually;
using Numbers = std::set<int>;

constexpr int kAlerts = 100;
constexpr const char* kMark = "/nowhere/saker-outputs-";

// Adds the number of a chmod alert; other lines are left out.
void note(const std::string& line, Numbers& numbers) {
  const Json alert = Json::parse(line, nullptr, false);
  if (!alert.is_object() || alert.value("rule", "") != "chmod") {
    return;
  }
  const std::string name = alert.at("output_fields").at("evt.arg.filename");
  numbers.insert(std::stoi(name.substr(std::string_view(kMark).size())));
}

Numbers numbers_in_file(const std::string& path) {
  Numbers numbers;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    note(line, numbers);
  }
  return numbers;
}

std::string status_line(pid_t pid, const std::string& key) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key + ":")) {
      return line.substr(line.find_first_not_of(" \t", key.size() + 1));
    }
  }
  return "";
}

class LiveOutputs : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_sensor(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
  }

  void start(const std::string& rules, const std::vector<std::string>& options) {
    const std::string file = folder_.file("rules.yaml");
    std::ofstream(file) << rules;
    auto sensor = SensorProcess::start(std::getenv("SAKER_BIN"), {file}, options, folder_.path());
    ASSERT_TRUE(sensor) << sensor.error().message;
    sensor_.emplace(std::move(*sensor));
    ASSERT_TRUE(eventually([&] { return status_line(sensor_->pid(), "Seccomp") == "2"; },
                           std::chrono::seconds(30)))
        << sensor_->errors();
  }
  static std::string chmod_rule() {
    return std::string("- rule: chmod\n  desc: x\n  condition: evt.type = chmod and ") +
           "evt.arg.filename startswith " + kMark + " and proc.pid = " + std::to_string(getpid()) +
           "\n  output: x %evt.arg.filename\n  priority: INFO\n";
  }
  // Makes the calls; standard output is read all the while.
  Numbers make_calls() {
    Numbers seen;
    for (int i = 0; i < kAlerts; ++i) {
      ::chmod((kMark + std::to_string(i)).c_str(), 0600);
    }
    const auto end = Clock::now() + std::chrono::seconds(30);
    while (seen.size() < kAlerts && Clock::now() < end) {
      const auto lines = sensor_->read_lines(std::chrono::milliseconds(50));
      if (!lines) {
        ADD_FAILURE() << lines.error().message;
        break;
      }
      for (const std::string& line : *lines) {
        note(line, seen);
      }
    }
    return seen;
  }

  saker::testing::TempDir folder_;
  std::optional<SensorProcess> sensor_;
};

TEST_F(LiveOutputs, ReachTheirReceiversWithoutRights) {
  saker::testing::HttpTestServer server(
      [](const saker::testing::HttpRequest&) { return saker::testing::HttpReply{}; });
  start(chmod_rule(),
        {"file_output.enabled=true", "file_output.filename=" + folder_.file("alerts.json"),
         "program_output.enabled=true", "program_output.keep_alive=true",
         "program_output.program=cat > " + folder_.file("program.json"), "http_output.enabled=true",
         "http_output.url=http://localhost:" + std::to_string(server.port()) + "/",
         "http_output.spool.path=" + folder_.file("http.db")});
  EXPECT_EQ(status_line(sensor_->pid(), "NoNewPrivs"), "1");
  const auto received = [&] {
    Numbers numbers;
    for (const auto& request : server.requests()) {
      note(request.body, numbers);
    }
    return numbers;
  };
  EXPECT_EQ(make_calls().size(), kAlerts) << sensor_->errors();
  EXPECT_TRUE(eventually([&] { return received().size() == kAlerts; }, std::chrono::seconds(30)))
      << received().size() << sensor_->errors();
  EXPECT_EQ(*sensor_->stop(), 0) << sensor_->errors();
  EXPECT_EQ(numbers_in_file(folder_.file("alerts.json")).size(), kAlerts);
  EXPECT_EQ(numbers_in_file(folder_.file("program.json")).size(), kAlerts);
}

TEST_F(LiveOutputs, ReachAKafkaBrokerWithTlsAndSasl) {
  const saker::testing::Certificates certificates;
  if (!certificates.is_made()) {
    GTEST_SKIP() << "no usable openssl command to make certificates";
  }
  const saker::testing::KafkaBrokerProcess broker(
      std::filesystem::path(certificates.path("ca.crt")).parent_path());
  if (broker.is_missing()) {
    GTEST_SKIP() << saker::testing::KafkaBrokerProcess::kMissing;
  }
  ASSERT_TRUE(broker.is_running());
  const std::string port = broker.sasl_address().substr(broker.sasl_address().find(':'));
  start(chmod_rule(),
        {"kafka_output.enabled=true", "kafka_output.brokers=localhost" + port,
         "kafka_output.topic=live", "kafka_output.tls=true",
         "kafka_output.ca_cert=" + certificates.path("ca.crt"),
         "kafka_output.sasl_mechanism=SCRAM-SHA-512", "kafka_output.username=saker",
         "kafka_output.password=falcon-secret", "kafka_output.spool.path=" + folder_.file("k.db")});
  EXPECT_EQ(make_calls().size(), kAlerts) << sensor_->errors();
  EXPECT_EQ(*sensor_->stop(), 0) << sensor_->errors();
  Numbers numbers;
  for (const auto& message : saker::testing::read_topic(broker.address(), "live", kAlerts)) {
    note(message.payload, numbers);
  }
  EXPECT_EQ(numbers.size(), kAlerts) << sensor_->errors();
}

TEST_F(LiveOutputs, NamesInConditionsAreLookedUp) {
  start(
      "- rule: to localhost\n  desc: x\n  condition: evt.type = connect and fd.sip.name = "
      "localhost and proc.pid = " +
          std::to_string(getpid()) + "\n  output: x %fd.sip.name\n  priority: INFO\n",
      {});
  const saker::testing::HttpTestServer server(
      [](const saker::testing::HttpRequest&) { return saker::testing::HttpReply{}; });
  bool is_seen = false;
  const auto end = Clock::now() + std::chrono::seconds(30);
  while (!is_seen && Clock::now() < end) {
    const saker::testing::HttpProbe connection(static_cast<std::uint16_t>(server.port()));
    const auto lines = sensor_->read_lines(std::chrono::milliseconds(200));
    ASSERT_TRUE(lines) << lines.error().message;
    for (const std::string& line : *lines) {
      is_seen |= line.find("\"fd.sip.name\":\"localhost\"") != std::string::npos;
    }
  }
  EXPECT_TRUE(is_seen) << sensor_->errors();
  EXPECT_EQ(*sensor_->stop(), 0);
}

}  // namespace
}  // namespace saker::test
