// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Calls on sockets fail under the webserver: it answers again as soon as they work, and the process
// ends well. What fails at the start is an error.
#include <errno.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "tests/integration/cli/operation_fixture.h"
#include "tests/support/eventually.h"
#include "tests/support/http_probe.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

struct Fault {
  int error_number = 0;
  int count = 1;  // in a row; 0: all from the first on
};

class WebFaults : public Operation {
protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer's library must be the first one, so nothing can be preloaded";
#endif
  }

  void fail_from(long first, const Fault& fault) {
    binary_.env = {{"LD_PRELOAD", SAKER_FAULT_PRELOAD},
                   {"SAKER_FAULT_KIND", "net"},
                   {"SAKER_FAULT_FIRST", std::to_string(first)},
                   {"SAKER_FAULT_COUNT", std::to_string(fault.count)},
                   {"SAKER_FAULT_ERRNO", std::to_string(fault.error_number)},
                   {"SAKER_FAULT_REPORT", binary_.path("calls")}};
  }

  bool is_answered() {
    return http_get(port_, "/healthz", 1s).starts_with("HTTP/1.1 200 ");
  }
};

TEST_F(WebFaults, ItAnswersAgain) {
  constexpr int kRequests = 6;
  fail_from(0, {});
  start("");
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_TRUE(is_answered());
  }
  ASSERT_EQ(stop().exit_code, 0);
  long calls = 0;
  std::ifstream(binary_.path("calls")) >> calls;
  constexpr long kCallsOfStart = 4;  // socket, bind, listen, the first wait
  ASSERT_GT(calls, kCallsOfStart + kRequests);
  int tried = 0;
  for (const Fault& fault : {Fault{EINTR}, Fault{EAGAIN}, Fault{ECONNABORTED}, Fault{ECONNRESET},
                             Fault{EMFILE, 20}, Fault{ENFILE, 20}, Fault{ENOMEM, 20}}) {
    for (long first = kCallsOfStart; first <= calls; first += std::max(1L, calls / 7)) {
      fail_from(first, fault);
      start("");
      ASSERT_FALSE(HasFatalFailure()) << first << " errno " << fault.error_number;
      for (int i = 0; i < kRequests; ++i) {
        static_cast<void>(is_answered());  // one of these fails
      }
      EXPECT_TRUE(eventually([this] { return is_answered(); }))
          << first << " errno " << fault.error_number;
      EXPECT_EQ(stop().exit_code, 0) << first << " errno " << fault.error_number;
      ++tried;
    }
  }
  std::printf("%d faults\n", tried);
}

TEST_F(WebFaults, WhatFailsForEverDoesNotKeepItFromEnding) {
  for (const int error_number : {EIO, EMFILE, EINTR}) {
    fail_from(4, {.error_number = error_number, .count = 0});
    start("");
    ASSERT_FALSE(HasFatalFailure()) << error_number;
    EXPECT_FALSE(is_answered()) << error_number;
    EXPECT_EQ(stop().exit_code, 0) << error_number;
  }
}

TEST_F(WebFaults, AFailedStartIsAnError) {
  for (const long first : {1L, 2L, 3L}) {
    fail_from(first, {.error_number = EACCES});
    const RunResult result = binary_.run(
        {"-c",
         binary_.write("falco.yaml",
                       quiet_config("engine: {kind: nodriver}\nwebserver: {enabled: true, "
                                    "listen_port: 0, listen_address: 127.0.0.1}\n")),
         "-r", binary_.write("r.yaml", kRule)});
    EXPECT_EQ(result.exit_code, 1) << first;
    EXPECT_NE(result.err.find("cannot listen on 127.0.0.1:0"), std::string::npos) << result.err;
  }
}

}  // namespace
}  // namespace saker::testing
