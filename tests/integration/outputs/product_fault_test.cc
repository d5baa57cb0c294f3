// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Calls of the system fail under the product itself, which sends the same alerts to a file, to a
// program and, by way of a spool, to a server or to Kafka. Whatever fails, the product does not
// crash, and when it says that all is well the receiver has every alert; what another output lost,
// the log tells. SAKER_FAULT_STEP=1 tries every call, not a sample.
#include <errno.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/cli/run_binary.h"
#include "tests/support/fault.h"
#include "tests/support/http_test_server.h"
#include "tests/support/kafka_mock.h"
#include "tests/support/kafka_reader.h"
#include "tests/support/killed_product.h"

namespace saker::testing {
namespace {

constexpr std::uint64_t kAlerts = 40;

// The product with its outputs, and what fails under it. A test says what receives by way of the
// spool.
class FaultyProduct : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_faults(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
  }

  // The receiver's options for the next run, whose arrivals are counted from here on.
  virtual std::vector<std::string> begin(const std::string& spool) = 0;
  // What has arrived; of a run that is done, `count` alerts.
  virtual Arrivals arrivals(std::size_t count) = 0;

  // One run of the product in a folder of its own.
  struct Run {
    Binary binary;
    std::vector<std::string> arguments;
  };
  std::unique_ptr<Run> prepare() {
    auto run = std::make_unique<Run>();
    Binary& binary = run->binary;
    run->arguments = {"-c", binary.write("falco.yaml", quiet_config()), "-r",
                      binary.write("rules.yaml", kMarkRule)};
    std::vector<std::string> options = begin(binary.path("spool.db"));
    options.insert(options.end(),
                   {"engine.kind=replay", "engine.replay.capture_file=" + binary.path("a.scap"),
                    "json_output=true", "stdout_output.enabled=false", "file_output.enabled=true",
                    "file_output.filename=" + binary.path("alerts"), "program_output.enabled=true",
                    "program_output.keep_alive=true",
                    "program_output.program=cat > " + binary.path("program")});
    for (const std::string& option : options) {
      run->arguments.insert(run->arguments.end(), {"-o", option});
    }
    write_marked_capture(binary.path("a.scap"), 0, kAlerts);
    return run;
  }

  static RunResult run_with(Run& run, const Fault& fault, long first) {
    run.binary.env = environment_of(fault, first, run.binary.path("calls"));
    RunResult result = run.binary.run(run.arguments);
    run.binary.env.clear();
    return result;
  }

  // What waits in the spool goes out in runs that nothing disturbs.
  static void send_the_rest(Run& run) {
    write_marked_capture(run.binary.path("a.scap"), 0, 1);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(run.binary.run(run.arguments).exit_code, 0);
      const RunResult check = run.binary.run({"spool", "check", run.binary.path("spool.db")});
      if (check.out.find("waiting: 0") != std::string::npos) {
        return;
      }
    }
  }

  static std::size_t whole_lines(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      count += nlohmann::json::accept(text.substr(begin, end - begin)) ? 1U : 0U;
    }
    return count;
  }

  void check(Run& run, const RunResult& result, const std::string& name) {
    const bool is_memory = name.starts_with("memory");
    // Without memory the product ends by decision (std::terminate), nothing else ends it.
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 1 ||
                (is_memory && (result.exit_code == 128 + SIGABRT || result.exit_code == 127)))
        << name << ": " << result.exit_code << " " << result.err;
    // What the other outputs did not get, the log tells.
    for (const char* const file : {"alerts", "program"}) {
      const std::string text = run.binary.read(file);
      if (result.exit_code == 0 && whole_lines(text) < kAlerts) {
        EXPECT_TRUE(result.err.find("lost") != std::string::npos ||
                    result.err.find("rror") != std::string::npos ||
                    result.err.find("cannot") != std::string::npos)
            << name << ": " << file << " has " << whole_lines(text) << "\n"
            << result.err;
      }
    }
    send_the_rest(run);
    // A run that ended badly may have raised none; the last one did.
    const Arrivals arrived = arrivals(result.exit_code == 0 ? kAlerts : 1);
    if (result.exit_code == 0) {
      EXPECT_EQ(arrived.missing(kAlerts), 0U) << name << ": " << result.err;
    } else if (!is_memory) {
      EXPECT_FALSE(result.err.empty()) << name;
    }
    EXPECT_EQ(arrived.malformed(), 0U) << name;
  }

  void try_all(const std::vector<Fault>& faults, long sample) {
    const char* step_text = std::getenv("SAKER_FAULT_STEP");
    std::size_t tried = 0;
    for (const Fault& fault : faults) {
      auto quiet = prepare();
      ASSERT_EQ(run_with(*quiet, fault, 0).exit_code, 0);
      const long calls = call_count(quiet->binary.path("calls"));
      ASSERT_GT(calls, 10) << fault.kind;
      const long step = step_text != nullptr ? std::atol(step_text) : std::max(1L, calls / sample);
      for (long first = 1; first <= calls; first += step) {
        auto run = prepare();
        const RunResult result = run_with(*run, fault, first);
        ++tried;
        check(*run, result, name_of(fault, first));
        if (HasFailure()) {
          return;
        }
      }
    }
    std::printf("%zu faults\n", tried);
  }
};

class ProductFaults : public FaultyProduct {
protected:
  ProductFaults()
      : server_([this](const HttpRequest& request) -> HttpReply {
          const std::lock_guard guard(mutex_);
          arrivals_.add(request.body, request.headers.at("x-saker-alert-id"));
          return {};
        }) {}

  std::vector<std::string> begin(const std::string& spool) override {
    const std::lock_guard guard(mutex_);
    arrivals_ = {};
    return {"http_output.enabled=true", "http_output.url=" + server_.url(),
            "http_output.spool.path=" + spool};
  }
  Arrivals arrivals(std::size_t) override {
    const std::lock_guard guard(mutex_);
    return arrivals_;
  }

private:
  std::mutex mutex_;
  Arrivals arrivals_;
  HttpTestServer server_;
};

class KafkaProductFaults : public FaultyProduct {
protected:
  // Each run gets a topic of its own.
  std::vector<std::string> begin(const std::string& spool) override {
    topic_ = "alerts-" + std::to_string(++runs_);
    cluster_.make_topic(topic_.c_str(), 1);
    return {"kafka_output.enabled=true", "kafka_output.brokers=" + cluster_.first_broker(),
            "kafka_output.topic=" + topic_, "kafka_output.headers=all",
            "kafka_output.spool.path=" + spool};
  }
  Arrivals arrivals(std::size_t count) override {
    Arrivals arrived;
    for (const KafkaMessage& message : read_topic(cluster_.brokers(), topic_, count)) {
      arrived.add(message.payload, message.headers.at("alert-id"));
    }
    return arrived;
  }

private:
  KafkaMockCluster cluster_;
  std::string topic_;
  int runs_ = 0;
};

TEST_F(ProductFaults, SocketsPipesAndPrograms) {
  try_all({{.kind = "net", .error_number = EINTR},
           {.kind = "net", .error_number = EAGAIN},
           {.kind = "net", .error_number = ECONNRESET},
           {.kind = "net", .error_number = EPIPE},
           {.kind = "net", .error_number = EMFILE, .count = 20},
           {.kind = "net", .error_number = EIO, .count = 0}},
          3);
}

TEST_F(KafkaProductFaults, SocketsAndPipes) {
  try_all({{.kind = "net", .error_number = EINTR},
           {.kind = "net", .error_number = EAGAIN},
           {.kind = "net", .error_number = ECONNRESET},
           {.kind = "net", .error_number = EMFILE, .count = 20},
           {.kind = "net", .error_number = EIO, .count = 0}},
          3);
}

TEST_F(KafkaProductFaults, Memory) {
  try_all({{.kind = "memory"}, {.kind = "memory", .count = 0}}, 6);
}

TEST_F(ProductFaults, Files) {
  try_all({{.kind = "call", .error_number = EINTR},
           {.kind = "call", .error_number = EIO},
           {.kind = "call", .error_number = ENOSPC, .count = 20},
           {.kind = "call", .error_number = ENOSPC, .count = 0},
           {.kind = "call"}},
          4);
}

TEST_F(ProductFaults, Memory) {
  try_all({{.kind = "memory"}, {.kind = "memory", .count = 0}}, 8);
}

}  // namespace
}  // namespace saker::testing
