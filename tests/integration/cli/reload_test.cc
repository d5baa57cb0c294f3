// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rules are exchanged 200 times while events flow, and every event is counted.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/eventually.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kReloads = 200;

std::string rules_of(const std::string& condition, int version) {
  return "# " + std::to_string(version) +
         "\n- rule: Every event\n  desc: x\n  condition: " + condition +
         "\n  output: x\n  priority: INFO\n";
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// Reloads once and waits until the new rules are in force.
void reload(Binary& binary, const std::string& condition, int version) {
  binary.write("r.yaml", rules_of(condition, version));
  binary.send_signal(SIGHUP);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (count_of(binary.read("stderr"), "The new rules are in force") <
         static_cast<std::size_t>(version)) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << binary.read("stderr");
    std::this_thread::sleep_for(2ms);
  }
}

// A known number of system calls of our own while the machine is watched.
TEST(Reload, TwoHundredTimesLive) {
  if (::geteuid() != 0 || ::access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
    GTEST_SKIP() << "needs root and a kernel with BTF";
  }
  Binary binary;
  const std::string target = binary.path("no-such-folder");
  const std::string condition = "evt.type = rmdir and evt.arg.path startswith " + target;
  const std::string config = binary.write(
      "falco.yaml", quiet_config("watch_config_files: false\nengine: {kind: modern_ebpf}\n"));
  // It watches once calls of a rule of their own are seen, which the first reload takes away.
  const std::string probe = binary.path("probe");
  binary.start(
      {"-c", config, "-r",
       binary.write("r.yaml", rules_of(condition, 0) +
                                  "- rule: Probe\n  desc: x\n  condition: evt.type = rmdir and "
                                  "evt.arg.path startswith " +
                                  probe + "\n  output: probe was seen\n  priority: INFO\n")});
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (binary.read("stdout").find("probe was seen") == std::string::npos && binary.is_running() &&
         std::chrono::steady_clock::now() < deadline) {
    ::rmdir(probe.c_str());
    std::this_thread::sleep_for(20ms);
  }
  constexpr int kPerReload = 100;
  int calls = 0;
  for (int i = 1; i <= kReloads; ++i) {
    std::thread load([&] {
      for (int call = 0; call < kPerReload; ++call) {
        ::rmdir(target.c_str());
        ++calls;
      }
    });
    reload(binary, condition, i);
    load.join();
  }
  std::this_thread::sleep_for(1s);
  binary.send_signal(SIGTERM);
  const RunResult result = binary.wait();
  if (result.exit_code != 0) {
    GTEST_SKIP() << "the kernel cannot be watched here: " << result.err;
  }
  EXPECT_EQ(calls, kReloads * kPerReload);
  const std::string summary = result.out.substr(result.out.find("Events detected: "));
  EXPECT_NE(summary.find("   Every event: " + std::to_string(calls) + "\n"), std::string::npos)
      << summary
      << result.err.substr(result.err.size() - std::min<std::size_t>(result.err.size(), 2000));
}

// Configuration is exchanged too: outputs, log level; what cannot be is named.
TEST(Reload, TakesTheConfigurationOver) {
  Binary binary;
  const std::string first = binary.path("first.txt");
  const std::string second = binary.path("second.txt");
  const auto config = [&](const std::string& file, const std::string& more) {
    return quiet_config(
        "watch_config_files: false\njson_output: true\nfile_output: {enabled: true, filename: '" +
        file + "'}\nmetrics: {enabled: true, output_rule: true, interval: 100ms}\n" + more);
  };
  const std::string path = binary.write("falco.yaml", config(first, "engine: {kind: nodriver}\n"));
  binary.start({"-c", path, "-r", binary.write("r.yaml", rules_of("evt.type=open", 0))});
  ASSERT_TRUE(binary.wait_for("metrics snapshot"));
  binary.write("falco.yaml", config(second, "engine: {kind: replay}\n"));
  binary.send_signal(SIGHUP);
  ASSERT_TRUE(binary.wait_for("The new rules are in force")) << binary.read("stderr");
  EXPECT_NE(binary.read("stderr").find("Takes effect at the next start: engine.kind"),
            std::string::npos)
      << binary.read("stderr");
  const std::string before = binary.read("first.txt");
  for (int i = 0; i < 100 && binary.read("second.txt").empty(); ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_NE(binary.read("second.txt").find("metrics snapshot"), std::string::npos);
  EXPECT_EQ(binary.read("first.txt"), before) << "the old output has ended";

  // An output that cannot work: all of the new configuration is refused.
  binary.write("falco.yaml", config("", "log_level: error\n"));
  binary.send_signal(SIGHUP);
  ASSERT_TRUE(binary.wait_for("hot restart failure")) << binary.read("stderr");
  const std::size_t size = binary.read("second.txt").size();
  for (int i = 0; i < 100 && binary.read("second.txt").size() == size; ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_GT(binary.read("second.txt").size(), size) << "the old output goes on";
  binary.send_signal(SIGTERM);
  const RunResult result = binary.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

// While a new file of a folder is read, it is written again: what it says then counts.
TEST(Reload, NoChangeIsMissedWhileFilesAreRead) {
  constexpr int kSlowRules = 3000;  // some tenths of a second
  Binary binary;
  const std::string folder = binary.path("rules");
  ASSERT_EQ(::mkdir(folder.c_str(), 0755), 0);
  std::ofstream large(folder + "/a.yaml");
  for (int i = 0; i < kSlowRules; ++i) {
    large << "- rule: R" << i << "\n  desc: x\n  condition: evt.type = open and fd.name contains x"
          << i << "\n  output: x\n  priority: INFO\n";
  }
  large.close();
  binary.start({"-c",
                binary.write("falco.yaml",
                             quiet_config("engine: {kind: nodriver}\nwatch_config_files: true\n")),
                "-r", folder});
  const auto reloads = [&] {
    return count_of(binary.read("stderr"), "Loading configuration and rules again");
  };
  // The watch may begin a little later than the process.
  ASSERT_TRUE(eventually([&] {
    std::ofstream(folder + "/a.yaml", std::ios::app) << "# more\n";
    std::this_thread::sleep_for(1s);
    return reloads() > 0;
  })) << binary.read("stderr");
  const std::size_t before = reloads();
  std::ofstream(folder + "/b.yaml") << "# nothing yet\n";
  ASSERT_TRUE(eventually([&] { return reloads() > before; })) << binary.read("stderr");
  std::this_thread::sleep_for(50ms);  // the file was read, the rules are being compiled
  std::ofstream(folder + "/b.yaml") << "- nonsense\n";
  ASSERT_TRUE(binary.wait_for("The rules were not exchanged")) << binary.read("stderr");
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
}

// Only the outputs that a change concerns are opened anew.
TEST(Reload, LeavesOtherOutputsAlone) {
  Binary binary;
  const std::string text = quiet_config(
      "watch_config_files: false\nengine: {kind: nodriver}\n"
      "metrics: {enabled: true, output_rule: true, interval: 100ms}\n");
  const auto config = [&](const std::string& more) { binary.write("falco.yaml", text + more); };
  config("");
  binary.start({"-c", binary.path("falco.yaml"), "-r",
                binary.write("r.yaml", rules_of("evt.type=open", 0))});
  ASSERT_TRUE(binary.wait_for("metrics snapshot"));
  const auto reload = [&](int version) {
    binary.send_signal(SIGHUP);
    ASSERT_TRUE(eventually([&] {
      return count_of(binary.read("stderr"), "The new rules are in force") ==
             static_cast<std::size_t>(version);
    })) << binary.read("stderr");
  };
  config("http_output: {enabled: false, url: 'http://127.0.0.1:1/'}\n");
  reload(1);
  EXPECT_EQ(binary.read("stderr").find("Opening outputs anew"), std::string::npos)
      << "that output is not in use";
  config("file_output: {enabled: true, filename: '" + binary.path("a.txt") + "'}\n");
  reload(2);
  EXPECT_NE(binary.read("stderr").find("Opening outputs anew: file\n"), std::string::npos);
  config("json_output: true\nfile_output: {enabled: true, filename: '" + binary.path("a.txt") +
         "'}\n");
  reload(3);
  EXPECT_NE(binary.read("stderr").find("Opening outputs anew: file, stdout\n"), std::string::npos);
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
}

TEST(Reload, LostRulesAreToldAndNoRulesAreRefused) {
  Binary binary;
  const std::string config = binary.write(
      "falco.yaml", quiet_config("engine: {kind: nodriver}\nrules_files: ['" +
                                 binary.path("a.yaml") + "', '" + binary.path("b.yaml") + "']\n"));
  binary.write("a.yaml", rules_of("evt.type=open", 0));
  binary.write("b.yaml", rules_of("evt.type=close", 0));
  binary.start({"-c", config});
  ASSERT_TRUE(binary.wait_for("Running without a source of system calls"));
  std::this_thread::sleep_for(1s);
  ASSERT_EQ(::unlink(binary.path("b.yaml").c_str()), 0);
  ASSERT_TRUE(binary.wait_for("b.yaml is gone")) << binary.read("stderr");
  ASSERT_TRUE(binary.wait_for("The new rules are in force"));
  binary.write("a.yaml", "");
  ASSERT_TRUE(binary.wait_for("no rule is left in the files")) << binary.read("stderr");
  binary.send_signal(SIGHUP);
  ASSERT_TRUE(eventually([&] {
    return count_of(binary.read("stderr"), "The new rules are in force") == 2;
  })) << binary.read("stderr");
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
}

// What the session began with does not count at its end.
TEST(Reload, TheEndFollowsTheNewTimeout) {
  Binary binary;
  const auto config = [&](const std::string& timeout) {
    return quiet_config(
        "watch_config_files: false\nengine: {kind: nodriver}\n"
        "metrics: {enabled: true, output_rule: true, interval: 100ms}\n"
        "program_output: {enabled: true, keep_alive: false, "
        "program: \"cat >/dev/null; sleep 30\"}\noutput_timeout: " +
        timeout + "\n");
  };
  const std::string path = binary.write("falco.yaml", config("100"));
  binary.start({"-c", path, "-r", binary.write("r.yaml", rules_of("evt.type=open", 0))});
  ASSERT_TRUE(binary.wait_for("metrics snapshot"));
  binary.write("falco.yaml", config("3000"));
  binary.send_signal(SIGHUP);
  ASSERT_TRUE(binary.wait_for("The new rules are in force"));
  std::this_thread::sleep_for(500ms);
  const auto began = std::chrono::steady_clock::now();
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
  EXPECT_GT(std::chrono::steady_clock::now() - began, 2s);
}

// The process has given up starting programs: an output that needs it stays away, the old ones go
// on.
TEST(Reload, RefusesAProgramThatMayNotBeStarted) {
  if (::geteuid() != 0 || ::access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
    GTEST_SKIP() << "needs root and a kernel with BTF";
  }
  Binary binary;
  const std::string text = quiet_config(
      "watch_config_files: false\nengine: {kind: modern_ebpf, modern_ebpf: {buf_size_preset: 1}}\n"
      "metrics: {enabled: true, output_rule: true, interval: 100ms}\nwebserver: {enabled: "
      "false}\n");
  const std::string config = binary.write("falco.yaml", text);
  binary.start({"-c", config, "-r", binary.write("r.yaml", rules_of("evt.type=rmdir", 0))});
  if (!eventually([&] { return binary.read("stdout").find("snapshot") != std::string::npos; })) {
    binary.send_signal(SIGTERM);
    GTEST_SKIP() << "the kernel cannot be watched here: " << binary.wait().err;
  }
  binary.write("falco.yaml", text + "program_output: {enabled: true, program: cat}\n");
  binary.send_signal(SIGHUP);
  EXPECT_TRUE(binary.wait_for("takes effect at the next start")) << binary.read("stderr");
  EXPECT_TRUE(binary.wait_for("hot restart failure"));
  const std::size_t size = binary.read("stdout").size();
  EXPECT_TRUE(eventually([&] { return binary.read("stdout").size() > size; }));
  EXPECT_EQ(binary.read("stderr").find("Opening outputs anew"), std::string::npos);
  binary.send_signal(SIGTERM);
  EXPECT_EQ(binary.wait().exit_code, 0);
}

}  // namespace
}  // namespace saker::testing
