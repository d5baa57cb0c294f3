// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// kill -9 of the product at random moments while its receivers misbehave: every alert arrives at
// least once, whole, and its duplicates carry its id. scripts/fault_test.sh runs the long form.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "tests/support/http_test_server.h"
#include "tests/support/kafka_mock.h"
#include "tests/support/kafka_reader.h"
#include "tests/support/killed_product.h"
#include "tests/support/temp_dir.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using Manner = HttpReply::Manner;

TEST(ProductKill, HttpServerThatMisbehaves) {
  const KillNumbers numbers = kill_numbers(3000, 10);
  std::mt19937 random(numbers.seed);
  const TempDir dir;
  std::mutex mutex;
  std::mt19937 manners(numbers.seed + 1);
  Arrivals arrivals;
  std::atomic<bool> is_away{false};
  HttpTestServer server([&](const HttpRequest& request) -> HttpReply {
    const std::lock_guard guard(mutex);
    // 500 counts against an alert, so it must be rare enough for ten tries in a row.
    const auto dice = manners() % 2000;
    if (is_away || dice == 3) {
      return {.status = is_away ? 503 : 500};
    }
    arrivals.add(request.body, request.headers.at("x-saker-alert-id"));
    return {.manner = dice == 0   ? Manner::kReset
                      : dice == 1 ? Manner::kCloseInAnswer
                      : dice == 2 ? Manner::kCloseInRequest
                                  : Manner::kAnswer};
  });
  const int killed =
      run_killed_product({.options = {"http_output.enabled=true", "http_output.url=" + server.url(),
                                      "http_output.spool.path=" + dir.file("http.db")},
                          .spool = dir.file("http.db"),
                          .alert_count = numbers.alert_count,
                          .kill_count = numbers.kill_count,
                          // Away for two kills of ten.
                          .after_kill = [&](int kill) { is_away = kill % 10 >= 8; }},
                         random);
  const std::lock_guard guard(mutex);
  EXPECT_EQ(killed, numbers.kill_count);
  expect_complete(arrivals, numbers, killed);
}

TEST(ProductKill, KafkaMockClusterThatGoesAway) {
  const KillNumbers numbers = kill_numbers(3000, 10);
  std::mt19937 random(numbers.seed);
  const TempDir dir;
  KafkaMockCluster cluster;
  // A partition of the mock keeps 5 MB, so that the alerts' keys must spread them.
  cluster.make_topic("alerts", 16);
  const int killed = run_killed_product(
      {.options = {"kafka_output.enabled=true", "kafka_output.brokers=" + cluster.first_broker(),
                   "kafka_output.topic=alerts", "kafka_output.key=fd.name",
                   "kafka_output.message_timeout_ms=3000",
                   "kafka_output.spool.path=" + dir.file("kafka.db")},
       .spool = dir.file("kafka.db"),
       .alert_count = numbers.alert_count,
       .kill_count = numbers.kill_count,
       .after_kill = [&](int kill) { cluster.set_all(kill % 10 < 8); }},
      random);
  Arrivals arrivals;
  for (const KafkaMessage& message : read_topic(cluster.brokers(), "alerts", numbers.alert_count)) {
    arrivals.add(message.payload, message.headers.at("alert-id"));
  }
  EXPECT_EQ(killed, numbers.kill_count);
  expect_complete(arrivals, numbers, killed);
}

}  // namespace
}  // namespace saker::testing
