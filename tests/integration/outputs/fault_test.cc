// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Every call of the system under the spool and the file output fails once, or from then on: no
// crash, and what was promised is there. SAKER_FAULT_STEP=1 tries every call, not a sample.
#include "tests/support/fault.h"

#include <errno.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "outputs/spool/spool.h"
#include "tests/integration/outputs/fault_numbers.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker::testing {
namespace {

class Faults : public ::testing::Test {
protected:
  void SetUp() override {
    if (const std::string reason = why_no_faults(); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
  }

  // Runs the driver; returns its wait status. What it told is in told_.
  int run(const std::string& what, const Fault& fault, long first) {
    folder_ = std::make_unique<TempDir>();
    const std::string told = folder_->file("told");
    std::string command = "exec env";
    for (const auto& [name, value] : environment_of(fault, first, folder_->file("calls"))) {
      command += " " + name + "=" + value;
    }
    command += " " SAKER_FAULT_DRIVER " " + what + " " + path() + " >" + told + " 2>/dev/null";
    const int status = std::system(command.c_str());
    told_.clear();
    std::ifstream file(told, std::ios::binary);
    std::uint64_t number = 0;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of numbers
    while (file.read(reinterpret_cast<char*>(&number), sizeof number)) {
      told_.insert(number);
    }
    return status;
  }
  [[nodiscard]] std::string path() const { return folder_->file("work"); }

  // Runs with each fault at each (or each n-th) call, and checks.
  template <typename Check>
  void try_all(const std::string& what, const std::vector<Fault>& faults, long sample,
               const Check& check) {
    const char* step_text = std::getenv("SAKER_FAULT_STEP");
    std::size_t tried = 0;
    for (const Fault& fault : faults) {
      ASSERT_EQ(run(what, fault, 0), 0);
      ASSERT_EQ(told_.size() > kFaultEnd / 2, true);
      const long calls = call_count(folder_->file("calls"));
      ASSERT_GT(calls, 10);
      const long step = step_text != nullptr ? std::atol(step_text) : std::max(1L, calls / sample);
      for (long first = 1; first <= calls; first += step) {
        const int status = run(what, fault, first);
        ++tried;
        const bool is_out_of_memory = std::string_view(fault.kind) == "memory";
        // Without memory the process ends by decision, through std::terminate.
        const bool is_fine =
            status == 0 || (is_out_of_memory &&
                            (WTERMSIG(status) == SIGABRT || WEXITSTATUS(status) == 128 + SIGABRT ||
                             WEXITSTATUS(status) == 127));
        EXPECT_TRUE(is_fine) << name_of(fault, first) << ": status " << status;
        check(name_of(fault, first));
        if (HasFailure()) {
          return;
        }
      }
    }
    std::printf("%zu faults\n", tried);
  }

  void check_spool(const std::string& name) const {
    auto spool = Spool::open({.path = path()}, [](const std::string&) {});
    ASSERT_TRUE(spool) << name << ": " << spool.error().message;
    std::set<std::uint64_t> kept;
    const auto waiting = (*spool)->next(100'000, std::size_t{1} << 30, {});
    ASSERT_TRUE(waiting) << name;
    std::uint64_t next = 0;
    for (const DeliveryRecord& record : *waiting) {
      EXPECT_EQ(record.payload, "payload " + std::to_string(record.created_ns)) << name;
      // Repeated records may stand in between; a new one never stands behind a younger one.
      EXPECT_TRUE(kept.contains(record.created_ns) || record.created_ns >= next) << name;
      next = std::max(next, record.created_ns);
      kept.insert(record.created_ns);
    }
    const auto aside = (*spool)->set_aside();
    ASSERT_TRUE(aside) << name;
    for (const DeliveryRecord& record : *aside) {
      kept.insert(record.created_ns);
    }
    for (const std::uint64_t number : told_) {
      EXPECT_TRUE(number >= kDelivered || kept.contains(number) ||
                  told_.contains(number + kDelivered))
          << name << ": " << number << " is lost";
    }
  }

  void check_file(const std::string& name) const {
    std::stringstream lines;
    lines << std::ifstream(path()).rdbuf();
    std::set<std::uint64_t> numbers;
    for (std::string line; std::getline(lines, line);) {
      const auto alert = nlohmann::json::parse(line, nullptr, false);
      ASSERT_TRUE(alert.is_object()) << name << ": " << line;
      numbers.insert(alert.at("output_fields").at("number").get<std::uint64_t>());
    }
    for (const std::uint64_t number : told_) {
      EXPECT_TRUE(numbers.contains(number)) << name << ": " << number << " is lost";
    }
  }

  std::unique_ptr<TempDir> folder_;
  std::set<std::uint64_t> told_;
};

const std::vector<Fault> kCallFaults = {
    {.error_number = EINTR},
    {.error_number = EAGAIN},
    {.error_number = EIO},
    {.error_number = ENOSPC},
    {.error_number = 0},
    {.error_number = EIO, .count = 0},
    {.error_number = ENOSPC, .count = 0},
    {.error_number = ENOSPC, .count = 20},
};

TEST_F(Faults, ASpoolKeepsItsPromises) {
  try_all("spool", kCallFaults, 12, [this](const std::string& name) { check_spool(name); });
}

TEST_F(Faults, AFileKeepsWholeLines) {
  try_all("file", kCallFaults, 12, [this](const std::string& name) { check_file(name); });
}

TEST_F(Faults, WithoutMemoryNothingPromisedIsLost) {
  const std::vector<Fault> faults = {{.kind = "memory"}, {.kind = "memory", .count = 0}};
  try_all("spool", faults, 30, [this](const std::string& name) { check_spool(name); });
}

}  // namespace
}  // namespace saker::testing
