// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/users.h"

#include <gtest/gtest.h>

namespace saker::sensor {
namespace {

TEST(Users, ReadsLinesAndPassesOverBrokenOnes) {
  const auto users = parse_passwd(
      "root:x:0:0:root:/root:/bin/bash\n"
      "broken line\n"
      "nobody:x:65534:65534::/nonexistent:\n"
      "text:x:zero:0::/:/bin/sh\n"
      "+::::::\n"
      "last:x:7:8:a,b:/home/last:/bin/sh");
  ASSERT_EQ(users.size(), 3U);
  EXPECT_EQ(users[0].name, "root");
  EXPECT_EQ(users[0].home, "/root");
  EXPECT_EQ(users[0].shell, "/bin/bash");
  EXPECT_EQ(users[1].uid, 65534U);
  EXPECT_EQ(users[1].shell, "");
  EXPECT_EQ(users[2].uid, 7U);
  EXPECT_EQ(users[2].gid, 8U);
}

TEST(Users, ReadsGroups) {
  const auto groups = parse_group("root:x:0:\nadm:x:4:syslog,op\nbad:x::\n");
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[1].name, "adm");
  EXPECT_EQ(groups[1].gid, 4U);
}

}  // namespace
}  // namespace saker::sensor
