// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Calls on sockets fail under the webserver: it answers again as soon as they work, and the process
// ends well. What fails at the start is an error.
#include <errno.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "tests/integration/cli/operation_fixture.h"
#include "tests/support/eventually.h"
#include "tests/support/fault.h"
#include "tests/support/http_probe.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

Fault net(int error_number, int count = 1) {
  return {.kind = "net", .error_number = error_number, .count = count};
}

class WebFaults : public Operation {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_faults(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
  }

  void fail_from(long first, const Fault& fault) {
    binary_.env = environment_of(fault, first, binary_.path("calls"));
  }

  bool is_answered() { return http_get(port_, "/healthz", 1s).starts_with("HTTP/1.1 200 "); }
};

TEST_F(WebFaults, ItAnswersAgain) {
  constexpr int kRequests = 6;
  fail_from(0, net(0));
  start("");
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_TRUE(is_answered());
  }
  ASSERT_EQ(stop().exit_code, 0);
  const long calls = call_count(binary_.path("calls"));
  constexpr long kCallsOfStart = 4;  // socket, bind, listen, the first wait
  ASSERT_GT(calls, kCallsOfStart + kRequests);
  int tried = 0;
  for (const Fault& fault : {net(EINTR), net(EAGAIN), net(ECONNABORTED), net(ECONNRESET),
                             net(EMFILE, 20), net(ENFILE, 20), net(ENOMEM, 20)}) {
    for (long first = kCallsOfStart; first <= calls; first += std::max(1L, calls / 7)) {
      fail_from(first, fault);
      start("");
      ASSERT_FALSE(HasFatalFailure()) << name_of(fault, first);
      for (int i = 0; i < kRequests; ++i) {
        static_cast<void>(is_answered());  // one of these fails
      }
      EXPECT_TRUE(eventually([this] { return is_answered(); })) << name_of(fault, first);
      EXPECT_EQ(stop().exit_code, 0) << name_of(fault, first);
      ++tried;
    }
  }
  std::printf("%d faults\n", tried);
}

TEST_F(WebFaults, WhatFailsForEverDoesNotKeepItFromEnding) {
  for (const int error_number : {EIO, EMFILE, EINTR}) {
    fail_from(4, net(error_number, 0));
    start("");
    ASSERT_FALSE(HasFatalFailure()) << error_number;
    EXPECT_FALSE(is_answered()) << error_number;
    EXPECT_EQ(stop().exit_code, 0) << error_number;
  }
}

TEST_F(WebFaults, AFailedStartIsAnError) {
  for (const long first : {1L, 2L, 3L}) {
    fail_from(first, net(EACCES));
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
