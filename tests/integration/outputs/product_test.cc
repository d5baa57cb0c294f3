// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The product with its network outputs: a replayed capture arrives at a server, waits in the spool
// while nobody is there, and the commands show it.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/http_test_server.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kRule = R"(
- rule: Open file
  desc: x
  condition: evt.type in (open, openat)
  output: opened %fd.name by %proc.name
  priority: WARNING
  tags: [z, a]
)";

class Product : public ::testing::Test {
protected:
  void SetUp() override {
    const auto shared = shared_dir();
    if (shared.empty()) {
      GTEST_SKIP() << kNoSharedData;
    }
    capture_ = (shared / "spec/replay/curl_google.scap").string();
    config_ = binary_.write("falco.yaml", quiet_config());
    rules_ = binary_.write("rules.yaml", kRule);
  }

  RunResult replay(const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"-c", config_, "-r", rules_};
    for (const std::string& option :
         {std::string("engine.kind=replay"), "engine.replay.capture_file=" + capture_,
          std::string("json_output=true")}) {
      arguments.insert(arguments.end(), {"-o", option});
    }
    for (const std::string& option : options) {
      arguments.insert(arguments.end(), {"-o", option});
    }
    return binary_.run(arguments);
  }

  static std::size_t line_count(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  Binary binary_;
  std::string capture_;
  std::string config_;
  std::string rules_;
};

TEST_F(Product, PostsEveryAlert) {
  HttpTestServer server([](const HttpRequest&) { return HttpReply{}; });
  const RunResult result = replay({"http_output.enabled=true", "http_output.url=" + server.url(),
                                   "http_output.spool.path=" + binary_.path("spool.db")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto requests = server.requests();
  std::set<std::string> ids;
  std::string posted;
  for (const HttpRequest& request : requests) {
    posted += request.body + "\n";
    ids.insert(request.headers.at("x-saker-alert-id"));
  }
  ASSERT_GT(requests.size(), 10U);
  EXPECT_EQ(ids.size(), requests.size());
  // The same lines, in the same order, as on standard output.
  EXPECT_EQ(result.out.substr(0, posted.size()), posted);
}

TEST_F(Product, KeepsAlertsForALaterRun) {
  const std::string spool = binary_.path("kept/");
  const RunResult first = replay({"http_output.enabled=true", "http_output.url=http://127.0.0.1:1/",
                                  "http_output.spool.path=" + spool});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("they stay in the spool for the next start"));
  const RunResult list = binary_.run({"spool", "list", spool});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  const std::size_t waiting = line_count(list.out);
  EXPECT_GT(waiting, 10U);
  EXPECT_THAT(list.out, HasSubstr("\"rule\":\"Open file\""));
  EXPECT_THAT(list.out, HasSubstr("\"state\":\"waiting\""));
  const RunResult check = binary_.run({"spool", "check", spool + "http.db"});
  EXPECT_EQ(check.exit_code, 0) << check.out;
  EXPECT_THAT(check.out, HasSubstr("waiting: " + std::to_string(waiting)));

  HttpTestServer server([](const HttpRequest&) { return HttpReply{}; });
  const RunResult second = replay({"http_output.enabled=true", "http_output.url=" + server.url(),
                                   "http_output.spool.path=" + spool});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(server.requests().size(), 2 * waiting);
  EXPECT_EQ(line_count(binary_.run({"spool", "list", spool}).out), 0U);
}

TEST_F(Product, TestsItsOutputs) {
  HttpTestServer server([](const HttpRequest&) { return HttpReply{.status = 404}; });
  const std::string file = binary_.path("alerts.txt");
  const RunResult result =
      binary_.run({"outputs", "test", "-c", config_, "-o", "file_output.enabled=true", "-o",
                   "file_output.filename=" + file, "-o", "http_output.enabled=true", "-o",
                   "http_output.url=" + server.url()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("file: delivered"));
  EXPECT_THAT(result.err, HasSubstr("stdout: delivered"));
  EXPECT_THAT(result.err, HasSubstr("http: FAILED: "));
  EXPECT_THAT(result.err, HasSubstr("the server answered 404"));
  EXPECT_THAT(binary_.read("alerts.txt"), HasSubstr("Test of the configured outputs"));
}

TEST_F(Product, ReportsMistakesAtTheStart) {
  const RunResult kafka = replay({"kafka_output.enabled=true", "kafka_output.brokers=127.0.0.1:1",
                                  "kafka_output.spool.path=" + binary_.path("k.db")});
  EXPECT_EQ(kafka.exit_code, 1);
  EXPECT_THAT(kafka.err, HasSubstr("kafka_output.topic: is missing"));
  const RunResult property = replay(
      {"kafka_output.enabled=true", "kafka_output.brokers=127.0.0.1:1", "kafka_output.topic=t",
       "kafka_output.properties.no\\.such=1", "kafka_output.spool.path=" + binary_.path("k.db")});
  EXPECT_EQ(property.exit_code, 1);
  EXPECT_THAT(property.err, HasSubstr("kafka_output.properties.no.such"));
}

TEST_F(Product, FormatsAndFiltersPerOutput) {
  const std::string file = binary_.path("ecs.jsonl");
  const RunResult result = replay({"file_output.enabled=true", "file_output.filename=" + file,
                                   "file_output.format=ecs", "stdout_output.min_priority=error"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.find("\"rule\":\"Open file\""), std::string::npos);
  EXPECT_THAT(binary_.read("ecs.jsonl"), HasSubstr("\"ecs\":{\"version\":\"8.11.0\"}"));
}

}  // namespace
}  // namespace saker::testing
