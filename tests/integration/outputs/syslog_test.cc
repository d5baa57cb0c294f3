// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The syslog sink against a socket at /dev/log, which this test makes where there is none.
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "outputs/syslog_sink.h"
#include "outputs/unique_fd.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kSocket = "/dev/log";

class SyslogSocket : public ::testing::Test {
protected:
  void SetUp() override {
    if (::access(kSocket, F_OK) == 0) {
      GTEST_SKIP() << "this machine has a syslog daemon of its own";
    }
    socket_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string(kSocket).copy(address.sun_path, sizeof address.sun_path - 1);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface
    if (::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      GTEST_SKIP() << "cannot make " << kSocket;
    }
    is_bound_ = true;
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  void TearDown() override {
    ::closelog();
    if (is_bound_) {
      ::unlink(kSocket);
    }
  }
  std::string receive() {
    char text[4096];
    const ssize_t size = ::recv(socket_.get(), text, sizeof text, 0);
    return size < 0 ? std::string("nothing") : std::string(text, static_cast<std::size_t>(size));
  }

  UniqueFd socket_;
  bool is_bound_ = false;
};

TEST_F(SyslogSocket, GetsOneMessagePerAlertWithItsPriority) {
  testing::CountingObserver observer;
  const testing::TestStop stop;
  SyslogSink sink(RenderOptions{});
  ASSERT_TRUE(sink.open(observer, stop));
  Notice percent;
  percent.priority = Priority::kCritical;
  percent.rule = "r";
  percent.message = "100%s %n";
  const std::vector<OutputMessage> batch = {testing::numbered_message(1),
                                            OutputMessage(std::move(percent))};
  EXPECT_EQ(sink.write(batch).taken, 2U);
  // <facility * 8 + severity>: user (1), warning (4). Source: RFC 3164.
  const std::string first = receive();
  EXPECT_THAT(first, StartsWith("<12>"));
  EXPECT_THAT(first, HasSubstr("Warning message 1"));
  const std::string second = receive();
  EXPECT_THAT(second, StartsWith("<10>"));
  EXPECT_THAT(second, HasSubstr("100%s %n"));
}

}  // namespace
}  // namespace saker
