// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Standard output, file and program sinks against real descriptors, files and processes.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "outputs/program_sink.h"
#include "outputs/stream_sink.h"
#include "outputs/syslog_sink.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unix_datagrams.h"

namespace saker {
namespace {

class Counting final : public DeliveryObserver, public StopSignal {
public:
  void delivered(std::size_t count) override { delivered_count += count; }
  void failed(std::size_t count, const Error& why) override {
    failed_count += count;
    error = why.message;
  }
  bool is_set() const override { return is_stopped; }

  std::size_t delivered_count = 0;
  std::size_t failed_count = 0;
  std::string error;
  bool is_stopped = false;
};

std::vector<OutputMessage> messages(const std::vector<std::string>& texts) {
  std::vector<OutputMessage> batch;
  for (const std::string& text : texts) {
    batch.emplace_back(Notice{.message = text});
  }
  return batch;
}

std::string line(const std::string& text) {
  return "1970-01-01T00:00:00.000000000+0000: Debug " + text + " ()\n";
}

std::string read_text(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

const RenderOptions kRender = {.iso_time = true};

class Sinks : public ::testing::Test {
protected:
  void SetUp() override { ::signal(SIGPIPE, SIG_IGN); }  // NOLINT: the system's macro

  void write(Sink& sink, const std::vector<std::string>& texts) {
    const auto batch = messages(texts);
    EXPECT_EQ(sink.write(batch).taken, batch.size());
  }

  testing::TempDir dir_;
  Counting counting_;
  testing::LogLines log_;
};

TEST_F(Sinks, StreamWritesALinePerMessage) {
  const UniqueFd file(::open(dir_.file("out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  StreamSink sink("stdout", file.get(), kRender, false);
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"a", "b"});
  EXPECT_EQ(read_text(dir_.file("out")), line("a") + line("b"));
  EXPECT_EQ(counting_.delivered_count, 2U);
}

TEST_F(Sinks, BufferedStreamWritesAtTheEnd) {
  const UniqueFd file(::open(dir_.file("out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  StreamSink sink("stdout", file.get(), kRender, true);
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"a"});
  EXPECT_EQ(read_text(dir_.file("out")), "");
  EXPECT_EQ(counting_.delivered_count, 0U);
  ASSERT_TRUE(sink.drain({}));
  EXPECT_EQ(read_text(dir_.file("out")), line("a"));
  EXPECT_EQ(counting_.delivered_count, 1U);
}

TEST_F(Sinks, ClosedPipeIsAFailureNotASignal) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  ::close(ends[0]);
  const UniqueFd write_end(ends[1]);
  StreamSink sink("stdout", write_end.get(), kRender, false);
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"a"});
  EXPECT_EQ(counting_.failed_count, 1U);
  EXPECT_NE(counting_.error.find("cannot write to stdout"), std::string::npos);
}

TEST_F(Sinks, FullPipeGivesUpWhenStopped) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd read_end(ends[0]);
  const UniqueFd write_end(ends[1]);
  counting_.is_stopped = true;
  StreamSink sink("stdout", write_end.get(), kRender, false);
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {std::string(200'000, 'x')});  // more than a pipe holds
  EXPECT_EQ(counting_.failed_count, 1U);
}

// While it lives files end at `bytes`, as on a full disk: the write over the end is cut short,
// later ones fail.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);  // NOLINT: the system's macro
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
  rlimit before_{};
};

TEST_F(Sinks, AFullDiskTearsNoLine) {
  for (const int append : {0, O_APPEND}) {
    const std::string path = dir_.file("out" + std::to_string(append));
    const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | append, 0600));
    StreamSink sink("stdout", file.get(), kRender, false);
    Counting counting;
    ASSERT_TRUE(sink.open(counting, counting));
    {
      const FileSizeLimit limit(line("a").size() + 10);
      write(sink, {"a", "b"});
      write(sink, {"c"});
      write(sink, {"d"});
    }
    write(sink, {"e"});
    EXPECT_EQ(read_text(path), line("a") + line("e"));
    EXPECT_EQ(counting.delivered_count, 2U);
    EXPECT_EQ(counting.failed_count, 3U);
  }
}

// Nothing can be taken back from a pipe, nor from under what somebody else has written.
TEST_F(Sinks, ATornLineEndsWhereTheNextOneBegins) {
  const std::string path = dir_.file("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const UniqueFd writer(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  const auto read_all = [&] {
    std::string text;
    char chunk[65536];
    for (ssize_t count = 0; (count = ::read(reader.get(), chunk, sizeof chunk)) > 0;) {
      text.append(chunk, static_cast<std::size_t>(count));
    }
    return text;
  };
  StreamSink stream("stdout", writer.get(), kRender, false);
  FileSink file({.path = path, .keep_alive = true}, kRender);
  for (Sink* sink : std::initializer_list<Sink*>{&stream, &file}) {
    Counting counting;
    ASSERT_TRUE(sink->open(counting, counting));
    counting.is_stopped = true;
    write(*sink, {std::string(200'000, 'x')});
    write(*sink, {"b"});
    write(*sink, {"c"});
    EXPECT_EQ(counting.failed_count, 3U);
    counting.is_stopped = false;
    const std::string torn = read_all();
    EXPECT_FALSE(torn.ends_with('\n'));
    write(*sink, {"d"});
    EXPECT_EQ(read_all(), "\n" + line("d"));
    EXPECT_EQ(counting.delivered_count, 1U);
  }
}

TEST_F(Sinks, AFifoWithoutAReaderBlocksNothing) {
  for (const bool keep_alive : {false, true}) {
    const std::string path = dir_.file(keep_alive ? "kept" : "closed");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    FileSink sink({.path = path, .keep_alive = keep_alive}, kRender);
    Counting counting;
    ASSERT_TRUE(sink.open(counting, counting)) << "the reader may come later";
    write(sink, {"a"});
    EXPECT_EQ(counting.failed_count, 1U);
    const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    write(sink, {"b"});
    EXPECT_EQ(counting.delivered_count, 1U);
  }
}

TEST_F(Sinks, FileIsAppendedTo) {
  for (const bool keep_alive : {false, true}) {
    const std::string path = dir_.file(keep_alive ? "kept" : "closed");
    std::ofstream(path) << "earlier\n";
    FileSink sink({.path = path, .keep_alive = keep_alive}, kRender);
    ASSERT_TRUE(sink.open(counting_, counting_));
    write(sink, {"a"});
    write(sink, {"b", "c"});
    EXPECT_EQ(read_text(path), "earlier\n" + line("a") + line("b") + line("c"));
  }
}

TEST_F(Sinks, FileIsReopenedAfterRotation) {
  const std::string path = dir_.file("log");
  FileSink sink({.path = path, .keep_alive = true}, kRender);
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"a"});
  std::filesystem::rename(path, dir_.file("log.1"));
  write(sink, {"b"});
  ASSERT_TRUE(sink.reopen());
  write(sink, {"c"});
  EXPECT_EQ(read_text(dir_.file("log.1")), line("a") + line("b"));
  EXPECT_EQ(read_text(path), line("c"));
}

TEST_F(Sinks, FileThatCannotBeOpened) {
  FileSink kept({.path = dir_.file("no/such/folder"), .keep_alive = true}, kRender);
  EXPECT_FALSE(kept.open(counting_, counting_));
  FileSink closed({.path = dir_.file("no/such/folder"), .keep_alive = false}, kRender);
  ASSERT_TRUE(closed.open(counting_, counting_));
  write(closed, {"a"});
  EXPECT_EQ(counting_.failed_count, 1U);
}

TEST_F(Sinks, ProgramGetsLinesOnItsInput) {
  const std::string path = dir_.file("out");
  ProgramSink one_each({.command = "wc -l >> " + path, .keep_alive = false}, kRender, log_.sink());
  ASSERT_TRUE(one_each.open(counting_, counting_));
  write(one_each, {"a", "b"});
  EXPECT_EQ(read_text(path), "1\n1\n");

  const std::string kept_path = dir_.file("kept");
  ProgramSink one_for_all({.command = "cat >> " + kept_path, .keep_alive = true}, kRender,
                          log_.sink());
  ASSERT_TRUE(one_for_all.open(counting_, counting_));
  write(one_for_all, {"$(touch " + dir_.file("never") + ")", "`b`; exit"});
  ASSERT_TRUE(one_for_all.drain({}));
  EXPECT_EQ(read_text(kept_path), line("$(touch " + dir_.file("never") + ")") + line("`b`; exit"));
  EXPECT_FALSE(std::filesystem::exists(dir_.file("never"))) << "nothing of an event is a command";
  EXPECT_EQ(counting_.delivered_count, 4U);
}

TEST_F(Sinks, ProgramInheritsNoOtherFile) {
  const std::string path = dir_.file("out");
  const UniqueFd careless(::open("/dev/null", O_RDONLY));  // NOLINT: without O_CLOEXEC on purpose
  ASSERT_GT(careless.get(), STDERR_FILENO);
  const std::string own = "/proc/self/fd/" + std::to_string(careless.get());
  ProgramSink sink({.command = "test -e " + own + " && echo open > " + path + " || echo closed > " +
                               path + "; cat > /dev/null"},
                   kRender, log_.sink());
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"a"});
  EXPECT_EQ(read_text(path), "closed\n");
}

TEST_F(Sinks, ProgramThatEndsIsStartedAgain) {
  ProgramSink sink({.command = "exit 3", .keep_alive = true}, kRender, log_.sink());
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {std::string(200'000, 'x')});
  EXPECT_EQ(counting_.failed_count, 1U);
  write(sink, {std::string(200'000, 'y')});
  EXPECT_EQ(counting_.failed_count, 2U) << "a new process, the same end";
  EXPECT_EQ(log_.all(),
            "program output: 'exit 3' ended with status 3; what it had not read may be lost\n")
      << "told once";
}

TEST_F(Sinks, ProgramThatHangsIsKilledAtTheEnd) {
  ProgramSink sink({.command = "exec sleep 1000", .keep_alive = true}, kRender, log_.sink());
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"a"});
  counting_.is_stopped = true;
  ASSERT_TRUE(sink.drain({}));
}

TEST_F(Sinks, SyslogTakesEverything) {
  SyslogSink sink(kRender);
  ASSERT_TRUE(sink.open(counting_, counting_));
  write(sink, {"%s%n", "b"});
  EXPECT_EQ(counting_.delivered_count, 2U);
}

TEST_F(Sinks, SyslogThatNobodyReadsBlocksNothing) {
  const std::string path = dir_.file("log");
  const testing::UnixDatagrams daemon(path);
  SyslogSink sink(kRender, SyslogSocket(path));
  ASSERT_TRUE(sink.open(counting_, counting_));
  counting_.is_stopped = true;
  for (int i = 0; i < 1000; ++i) {
    write(sink, {"a"});
  }
  EXPECT_GT(counting_.delivered_count, 0U);
  EXPECT_GT(counting_.failed_count, 0U);
  EXPECT_EQ(counting_.error, "the syslog daemon took nothing in time");
  EXPECT_EQ(daemon.read_all().size(), counting_.delivered_count);
  write(sink, {"b"});
  const auto last = daemon.read_all();
  ASSERT_EQ(last.size(), 1U);
  EXPECT_TRUE(last[0].starts_with("<15>")) << last[0];
  EXPECT_NE(last[0].find(std::string(": ") + line("b").substr(0, line("b").size() - 1)),
            std::string::npos)
      << last[0];
}

}  // namespace
}  // namespace saker
