// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/log.h"

#include <gmock/gmock.h>

#include "tests/support/temp_dir.h"
#include "tests/support/unix_datagrams.h"

namespace saker::app {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

TEST(Log, ASyslogDaemonThatHangsBlocksNobody) {
  const testing::TempDir dir;
  const testing::UnixDatagrams daemon(dir.file("log"));
  Log log({.to_stderr = false, .to_syslog = true}, SyslogSocket(dir.file("log")));
  constexpr std::size_t kLines = 1000;  // more than a socket holds
  for (std::size_t i = 0; i < kLines; ++i) {
    log.error("100%s");
  }
  const auto taken = daemon.read_all();
  ASSERT_FALSE(taken.empty());
  ASSERT_LT(taken.size(), kLines);
  // <facility * 8 + severity>: user (1), error (3). Source: RFC 3164.
  EXPECT_THAT(taken[0], StartsWith("<11>"));
  EXPECT_THAT(taken[0], EndsWith(": 100%s"));
  log.info("again");
  const auto later = daemon.read_all();
  ASSERT_EQ(later.size(), 2U);
  EXPECT_THAT(later[0], EndsWith(std::to_string(kLines - taken.size()) +
                                 " log lines are missing here: the syslog daemon took nothing"));
  EXPECT_THAT(later[1], EndsWith(": again"));
}

}  // namespace
}  // namespace saker::app
