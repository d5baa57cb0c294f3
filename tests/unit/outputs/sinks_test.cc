// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Standard output, file and program sinks against real descriptors, files and processes.
#include <fcntl.h>
#include <signal.h>
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

}  // namespace
}  // namespace saker
