// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <fstream>

#include <gmock/gmock.h>

#include "outputs/http/http_transport.h"
#include "tests/support/temp_dir.h"

namespace saker {
namespace {

using ::testing::HasSubstr;

TEST(HttpOutcome, FollowsTheStatus) {
  using enum Outcome::Kind;
  const struct {
    int status;
    Outcome::Kind kind;
  } cases[] = {
      {200, kAcknowledged}, {201, kAcknowledged}, {204, kAcknowledged}, {301, kFailed},
      {400, kRejected},     {401, kRejected},     {404, kRejected},     {408, kUnavailable},
      {413, kRejected},     {429, kUnavailable},  {500, kFailed},       {501, kFailed},
      {502, kUnavailable},  {503, kUnavailable},  {504, kUnavailable},  {0, kFailed}};
  for (const auto& one : cases) {
    EXPECT_EQ(outcome_of({.status = one.status}).kind, one.kind) << one.status;
  }
  EXPECT_EQ(outcome_of({.status = 503, .retry_after = std::chrono::seconds(7)}).retry_after,
            std::chrono::milliseconds(7000));
}

TEST(HttpOptions, MistakesAreFoundAtTheStart) {
  const testing::TempDir dir;
  const std::string file = dir.file("some.pem");
  std::ofstream(file) << "x";
  const struct {
    HttpOptions options;
    std::string reason;  // empty: fine
  } cases[] = {
      {{.url = "http://127.0.0.1:1/x"}, ""},
      {{.url = "https://h", .ca_path = ""}, ""},
      {{.url = ""}, "http_output.url is missing"},
      {{.url = "ftp://h"}, "must begin with http"},
      {{.url = "http://h", .user_agent = "a\r\nB: c"}, "user_agent has a line break"},
      {{.url = "http://h", .headers = {{"A", "b\nc"}}}, "bad header 'A'"},
      {{.url = "https://h", .ca_cert = "/nonexistent/ca"}, "http_output.ca_cert: cannot read"},
      {{.url = "https://h", .ca_bundle = "/nonexistent/ca"}, "http_output.ca_bundle"},
      {{.url = "https://h", .insecure = true, .ca_cert = "/nonexistent/ca"}, ""},
      {{.url = "https://h", .ca_cert = file, .mtls = true, .client_cert = "/nonexistent"},
       "http_output.client_cert: cannot read /nonexistent"},
      {{.url = "https://h",
        .ca_cert = file,
        .mtls = true,
        .client_cert = file,
        .client_key = "/nonexistent"},
       "http_output.client_key"},
      {{.url = "http://h", .mtls = true, .client_cert = "/nonexistent"}, ""},
  };
  for (const auto& one : cases) {
    const Status status = check(one.options);
    if (one.reason.empty()) {
      EXPECT_TRUE(status) << one.options.url;
    } else {
      ASSERT_FALSE(status) << one.reason;
      EXPECT_THAT(status.error().message, HasSubstr(one.reason));
    }
  }
}

}  // namespace
}  // namespace saker
