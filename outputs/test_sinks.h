// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `saker outputs test`: one alert through each sink, and what became of it.
//
//   SinkTest test;
//   auto sink = make_http_sink(options, render, {}, test.log());   // without a spool
//   results.push_back(test.run(**sink, std::chrono::seconds(10)));
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "outputs/output_log.h"
#include "outputs/sink.h"

namespace saker {

struct SinkTestResult {
  std::string name;
  bool is_delivered = false;
  std::string reason;  // why not
  std::chrono::milliseconds duration{0};
};

// The message that is sent: rule "Saker internal: test", priority Informational.
[[nodiscard]] OutputMessage make_test_message(std::uint64_t ts_ns);

// Tests one sink. Sinks with a spool should be built without it, so that what waits there does not
// come first.
class SinkTest {
public:
  SinkTest();
  // For the sink's construction: its last line is the reason when the sink gives none.
  [[nodiscard]] OutputLog log() const;

  // Opens the sink, sends one message, waits for its outcome at most `limit`, and ends the sink.
  [[nodiscard]] SinkTestResult run(Sink& sink, std::chrono::milliseconds limit) const;

private:
  struct Lines {
    std::mutex mutex;
    std::string last;
  };
  std::shared_ptr<Lines> lines_;
};

// "http: delivered in 12 ms" or "http: FAILED: the server answered 404".
[[nodiscard]] std::string to_text(const SinkTestResult& result);

}  // namespace saker
