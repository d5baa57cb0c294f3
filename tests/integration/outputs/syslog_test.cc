// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The syslog sink against a socket at /dev/log, which this test makes where there is none.
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <fstream>

#include <gmock/gmock.h>

#include "outputs/syslog_sink.h"
#include "outputs/unique_fd.h"
#include "tests/support/output_fakes.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_dir.h"

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

// rsyslog's view of the same: one line of its file per alert, whatever stands in it.
class Rsyslog : public ::testing::Test {
protected:
  void SetUp() override {
    const std::string program = testing::ServerProcess::find("rsyslogd");
    if (program.empty()) {
      GTEST_SKIP() << "no rsyslogd on this machine (package rsyslog)";
    }
    if (::access(kSocket, F_OK) == 0) {
      GTEST_SKIP() << "this machine has a syslog daemon of its own";
    }
    std::ofstream(dir_.file("rsyslog.conf"))
        << "global(workDirectory=\"" << dir_.path().string() << "\" maxMessageSize=\"64k\")\n"
        << "module(load=\"imuxsock\" SysSock.Name=\"" << kSocket << "\")\n"
        << "template(name=\"line\" type=\"string\" "
           "string=\"%syslogseverity-text% %syslogfacility-text% %programname% %msg%\\n\")\n"
        << "action(type=\"omfile\" file=\"" << log_ << "\" template=\"line\")\n";
    server_.start({program, "-n", "-f", dir_.file("rsyslog.conf"), "-i", dir_.file("pid")},
                  dir_.file("out"));
    if (!testing::eventually([] { return ::access(kSocket, F_OK) == 0; })) {
      GTEST_SKIP() << "rsyslogd cannot make " << kSocket;
    }
  }
  void TearDown() override {
    ::closelog();
    if (server_.is_running()) {
      server_.end(SIGTERM);
      ::unlink(kSocket);
    }
  }
  std::vector<std::string> lines() const {
    std::ifstream file(log_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
      if (line.find("{\"hostname\"") != std::string::npos) {  // not rsyslogd's own
        lines.push_back(line);
      }
    }
    return lines;
  }

  testing::TempDir dir_;
  std::string log_ = dir_.file("log");
  testing::ServerProcess server_;
};

TEST_F(Rsyslog, KeepsEachAlertAsALineOfItsPriority) {
  testing::CountingObserver observer;
  const testing::TestStop stop;
  SyslogSink sink(RenderOptions{.as_json = true});
  ASSERT_TRUE(sink.open(observer, stop));
  ASSERT_EQ(sink.write(testing::numbered_messages(0, 500)).taken, 500U);
  Notice hostile;
  hostile.priority = Priority::kError;
  hostile.rule = "r";
  hostile.message = "two\nlines %s \x01 " + std::string(20'000, 'x') + " end";
  const std::vector<OutputMessage> batch = {OutputMessage(std::move(hostile))};
  ASSERT_EQ(sink.write(batch).taken, 1U);
  ASSERT_TRUE(testing::eventually([&] { return lines().size() == 501; })) << lines().size();
  const auto found = lines();
  for (std::size_t i = 0; i < 500; ++i) {
    EXPECT_THAT(found[i], StartsWith("warning user "));
    EXPECT_THAT(found[i], HasSubstr("message " + std::to_string(i) + " "));
  }
  EXPECT_THAT(found[500], StartsWith("err user "));
  EXPECT_THAT(found[500], HasSubstr("two\\nlines %s"));
  EXPECT_THAT(found[500], HasSubstr("x end"));
}

}  // namespace
}  // namespace saker
