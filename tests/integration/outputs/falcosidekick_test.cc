// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the HTTP output posts is taken by falcosidekick: by the program itself, where
// scripts/falcosidekick.sh can start it, and by its rules for a request, which are written down
// here.
#include <sys/wait.h>

#include <cstdlib>
#include <regex>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/free_port.h"
#include "tests/support/http_test_server.h"
#include "tests/support/killed_product.h"
#include "tests/support/script.h"

namespace saker::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kScript = "falcosidekick.sh";
constexpr std::uint64_t kAlertCount = 50;

class Falcosidekick : public ::testing::Test {
protected:
  // Sends the alerts of a capture to `url` and returns what the spool says then.
  std::string deliver(const std::string& url) {
    write_marked_capture(binary_.path("a.scap"), 0, kAlertCount);
    const std::string spool = binary_.path("http.db");
    const RunResult run =
        binary_.run({"-c", binary_.write("falco.yaml", quiet_config()), "-r",
                     binary_.write("rules.yaml", kMarkRule), "-o", "engine.kind=replay", "-o",
                     "engine.replay.capture_file=" + binary_.path("a.scap"), "-o",
                     "json_output=true", "-o", "http_output.enabled=true", "-o",
                     "http_output.url=" + url, "-o", "http_output.spool.path=" + spool});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return binary_.run({"spool", "check", spool}).out;
  }

  Binary binary_;
};

TEST_F(Falcosidekick, TakesEveryAlert) {
  const int port = free_port();
  const std::string place = binary_.path("sidekick");
  const int started = run_script(kScript, "start " + place + " " + std::to_string(port));
  if (started == kScriptSkipped) {
    GTEST_SKIP() << "no falcosidekick here (needs the program, or Go and its module)";
  }
  ASSERT_EQ(started, 0) << "falcosidekick did not start";
  const std::string spool = deliver("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(run_script(kScript, "stop " + place), 0);
  // It answers 400 to what it does not understand, which would set the alert aside.
  EXPECT_THAT(spool, HasSubstr("waiting: 0"));
  EXPECT_THAT(spool, HasSubstr("set aside: 0"));
}

// Source: falcosidekick, handlers.go and types/types.go: it decodes the body into output, priority
// and rule (texts), time (RFC 3339), source and hostname (texts), tags (list of texts) and
// output_fields (an object), and refuses other methods and an empty output.
bool is_acceptable(const HttpRequest& request) {
  const auto alert = nlohmann::json::parse(request.body, nullptr, false);
  const auto is_text = [&alert](const char* name) {
    return alert.contains(name) && alert[name].is_string() && !alert[name].empty();
  };
  static const std::regex kRfc3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))");
  static const std::regex kPriority(
      "Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug");
  return request.line.starts_with("POST ") && alert.is_object() && is_text("output") &&
         is_text("priority") && is_text("rule") && is_text("time") && is_text("source") &&
         is_text("hostname") && alert["tags"].is_array() && alert["output_fields"].is_object() &&
         std::regex_match(alert["time"].get<std::string>(), kRfc3339) &&
         std::regex_match(alert["priority"].get<std::string>(), kPriority);
}

TEST_F(Falcosidekick, FindsItsRulesKept) {
  HttpTestServer server([](const HttpRequest& request) {
    return HttpReply{.status = is_acceptable(request) ? 200 : 400};
  });
  const std::string spool = deliver(server.url());
  EXPECT_EQ(server.requests().size(), kAlertCount);
  EXPECT_THAT(spool, HasSubstr("waiting: 0"));
  EXPECT_THAT(spool, HasSubstr("set aside: 0"));
}

}  // namespace
}  // namespace saker::testing
