// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The product's options for outputs that show themselves only in a whole run.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <gmock/gmock.h>

#include "compat/scap/scap_writer.h"
#include "tests/integration/cli/run_binary.h"
#include "tests/support/event_builder.h"
#include "tests/support/killed_product.h"

namespace saker::testing {
namespace {

using ::testing::HasSubstr;

class ProductOptions : public ::testing::Test {
protected:
  std::vector<std::string> replay(const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"-c", binary_.write("falco.yaml", quiet_config()),
                                          "-r", binary_.path("rules.yaml"),
                                          "-o", "engine.kind=replay",
                                          "-o", "engine.replay.capture_file=" + capture(),
                                          "-o", "json_output=true"};
    for (const std::string& option : options) {
      arguments.insert(arguments.end(), {"-o", option});
    }
    return arguments;
  }
  void make_alerts(std::uint64_t count) {
    binary_.write("rules.yaml", kMarkRule);
    write_marked_capture(capture(), 0, count);
  }
  [[nodiscard]] std::string capture() const { return binary_.path("a.scap"); }

  Binary binary_;
};

TEST_F(ProductOptions, AFullQueueDropsAndAHangingOutputDoesNotHoldUpTheEnd) {
  // More than a pipe and the queue take.
  make_alerts(3000);
  binary_.start(replay({"stdout_output.enabled=false", "program_output.enabled=true",
                        "program_output.keep_alive=true", "program_output.program=exec sleep 60",
                        "outputs_queue.capacity=100", "output_timeout=300"}));
  EXPECT_TRUE(binary_.wait_for("Outputs queue out of memory"));
  const auto began = std::chrono::steady_clock::now();
  binary_.send_signal(SIGTERM);
  const RunResult result = binary_.wait();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  // After the capture's end a signal cuts the wait for outputs short, which is a failure.
  EXPECT_LE(result.exit_code, 1) << result.err;
}

TEST_F(ProductOptions, BuffersAreWrittenInBase64) {
  binary_.write("rules.yaml",
                "- rule: Read\n  desc: x\n  condition: evt.type = read\n"
                "  output: data %evt.buffer\n  priority: INFO\n");
  auto writer = scap::ScapWriter::create(capture(), scap::Compression::kNone);
  ASSERT_TRUE(writer);
  EventBuilder event(EventType::kSyscallReadX);
  event.tid(100).with("res", 3).with("data", std::string_view("\x01\xff\n", 3)).with("fd", 3);
  ASSERT_TRUE((*writer)->write_event({.bytes = event.record(), .cpu = 0, .is_state_only = false}));
  ASSERT_TRUE((*writer)->close());
  EXPECT_THAT(binary_.run(replay({"buffer_format_base64=true"})).out, HasSubstr("\"Af8K\""));
  EXPECT_EQ(binary_.run(replay({})).out.find("Af8K"), std::string::npos);
}

TEST_F(ProductOptions, DrainingASpoolRemovesOnlyWhatWasWritten) {
  make_alerts(50);
  const std::string spool = binary_.path("http.db");
  const RunResult run = binary_.run(
      replay({"stdout_output.enabled=false", "http_output.enabled=true",
              "http_output.url=http://127.0.0.1:1/", "http_output.spool.path=" + spool}));
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::string onto_full_disk =
      std::string(std::getenv("SAKER_BIN")) + " spool drain " + spool + " >/dev/full 2>/dev/null";
  EXPECT_NE(std::system(onto_full_disk.c_str()), 0);
  const RunResult drain = binary_.run({"spool", "drain", spool});
  EXPECT_EQ(drain.exit_code, 0) << drain.err;
  EXPECT_EQ(std::count(drain.out.begin(), drain.out.end(), '\n'), 50);
  EXPECT_THAT(drain.out, HasSubstr("/mark/49"));
  EXPECT_THAT(binary_.run({"spool", "check", spool}).out, HasSubstr("waiting: 0"));
}

}  // namespace
}  // namespace saker::testing
