// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The part of a sensor that a fault test kills: sends numbered alerts through a durable sink.
//
//   alert_driver http|kafka RECEIVER SPOOL FIRST END
//
// After each batch that the sink has taken, its last number goes to standard output as 8 bytes:
// from then on the sink is answerable for it. At END it delivers everything and exits with 0.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "outputs/make_sinks.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

constexpr std::uint64_t kBatch = 40;

Result<std::unique_ptr<Sink>> make_sink(const std::string& kind, const std::string& receiver,
                                        const std::string& spool) {
  const OutputLog log = [](Priority, const std::string& text) {
    static_cast<void>(std::fprintf(stderr, "%s\n", text.c_str()));
  };
  RenderOptions render{.as_json = true, .hostname = "driver"};
  DurabilityOptions durability;
  durability.spool = SpoolOptions{.path = spool, .sync = SpoolOptions::Sync::kNormal};
  durability.delivery.longest_pause = std::chrono::milliseconds(1000);
  if (kind == "http") {
    return make_http_sink({.url = receiver, .timeout = std::chrono::milliseconds(500)}, render,
                          durability, log);
  }
  return make_kafka_sink(
      {.brokers = receiver, .topic = "alerts", .message_timeout = std::chrono::milliseconds(5000)},
      render, durability, log);
}

int run(const std::string& kind, const std::string& receiver, const std::string& spool,
        std::uint64_t first, std::uint64_t end) {
  testing::CountingObserver observer;
  const testing::TestStop stop;
  auto sink = make_sink(kind, receiver, spool);
  if (!sink) {
    static_cast<void>(std::fprintf(stderr, "%s\n", sink.error().message.c_str()));
    return 2;
  }
  if (const Status status = (*sink)->open(observer, stop); !status) {
    static_cast<void>(std::fprintf(stderr, "%s\n", status.error().message.c_str()));
    return 3;
  }
  while (first < end) {
    const std::uint64_t count = std::min(kBatch, end - first);
    const auto batch = testing::numbered_messages(first, count);
    const WriteResult result = (*sink)->write(batch);
    if (result.taken < count) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    first += count;
    const std::uint64_t last = first - 1;
    if (::write(STDOUT_FILENO, &last, sizeof last) != sizeof last) {
      return 4;
    }
  }
  return (*sink)->drain(std::chrono::steady_clock::now() + std::chrono::seconds(60)) ? 0 : 5;
}

}  // namespace
}  // namespace saker

int main(int argc, char** argv) {
  if (argc != 6) {
    return 1;
  }
  return saker::run(argv[1], argv[2], argv[3], std::strtoull(argv[4], nullptr, 10),
                    std::strtoull(argv[5], nullptr, 10));
}
