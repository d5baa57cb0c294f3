// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// kill -9 at random moments while alerts flow to a server that misbehaves now and then: every alert
// that the sink has taken arrives, whole.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

#include <gmock/gmock.h>

#include "tests/support/http_test_server.h"
#include "tests/support/killed_driver.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using testing::HttpReply;
using testing::HttpRequest;
using testing::HttpTestServer;
using Manner = HttpReply::Manner;

int from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoi(text);  // NOLINT(cert-err34-c): a test's setting
}

TEST(Kill, EveryAlertArrivesAtLeastOnce) {
  const auto alert_count =
      static_cast<std::uint64_t>(from_environment("SAKER_KILL_ALERTS", 20'000));
  const int kill_count = from_environment("SAKER_KILL_COUNT", 60);
  const auto seed = static_cast<unsigned>(from_environment("SAKER_KILL_SEED", 20261121));
  std::mt19937 random(seed);
  const testing::TempDir dir;
  std::mutex mutex;
  std::mt19937 manners(seed + 1);
  std::map<std::string, int> arrived;
  std::size_t malformed = 0;
  HttpTestServer server([&](const HttpRequest& request) -> HttpReply {
    const std::lock_guard guard(mutex);
    // 500 counts against an alert, so it must be rare enough for ten tries in a row.
    const auto dice = manners() % 2000;
    const Manner manner = dice == 0   ? Manner::kReset
                          : dice == 1 ? Manner::kCloseInAnswer
                          : dice == 2 ? Manner::kCloseInRequest
                                      : Manner::kAnswer;
    if (dice == 3) {
      return {.status = 500};
    }
    const bool is_whole =
        request.body.starts_with("{\"hostname\":\"driver\"") && request.body.ends_with("Z\"}");
    malformed += is_whole ? 0U : 1U;
    arrived[request.headers.at("x-saker-alert-id")] += 1;
    return {.manner = manner};
  });
  const int killed = testing::run_killed_driver({.program = SAKER_ALERT_DRIVER,
                                                 .kind = "http",
                                                 .receiver = server.url(),
                                                 .spool = dir.file("spool.db"),
                                                 .alert_count = alert_count,
                                                 .kill_count = kill_count},
                                                random);
  EXPECT_EQ(malformed, 0U);
  std::size_t missing = 0;
  std::size_t duplicates = 0;
  for (std::uint64_t i = 0; i < alert_count; ++i) {
    const auto found = arrived.find(to_text(testing::numbered_message(i).id()));
    missing += found == arrived.end() ? 1U : 0U;
    duplicates += found == arrived.end() ? 0U : static_cast<std::size_t>(found->second - 1);
  }
  EXPECT_EQ(missing, 0U);
  EXPECT_EQ(arrived.size(), alert_count);
  std::printf("%d kills, %zu alerts, %zu duplicates, %zu missing, %zu malformed (seed %u)\n",
              killed, arrived.size(), duplicates, missing, malformed, seed);
}

}  // namespace
}  // namespace saker
