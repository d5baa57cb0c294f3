// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What tests of outputs put around the part they test: messages, an observer that counts, a
// transport that answers as the test wants, waiting with a deadline.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "outputs/delivery/transport.h"
#include "outputs/message.h"
#include "outputs/output_log.h"
#include "outputs/sink.h"
#include "tests/support/eventually.h"

namespace saker::testing {

// A message whose text and id follow from `number`.
[[nodiscard]] inline OutputMessage numbered_message(std::uint64_t number) {
  Notice notice;
  notice.ts_ns = 1'700'000'000'000'000'000 + number;
  notice.priority = Priority::kWarning;
  notice.rule = "Test rule";
  notice.message = "message " + std::to_string(number);
  notice.fields["number"] = number;
  return OutputMessage(std::move(notice));
}

[[nodiscard]] inline std::vector<OutputMessage> numbered_messages(std::uint64_t first,
                                                                  std::uint64_t count) {
  std::vector<OutputMessage> messages;
  for (std::uint64_t i = 0; i < count; ++i) {
    messages.push_back(numbered_message(first + i));
  }
  return messages;
}

[[nodiscard]] inline DeliveryRecord numbered_record(std::uint64_t number, std::string key = {}) {
  DeliveryRecord record;
  record.id = "id" + std::to_string(number);
  record.key = std::move(key);
  record.payload = "payload " + std::to_string(number);
  record.headers = {{"alert-id", record.id}};
  record.created_ns = number;
  return record;
}

class CountingObserver final : public DeliveryObserver {
public:
  void delivered(std::size_t count) override { delivered_ += count; }
  void failed(std::size_t count, const Error& /*why*/) override { failed_ += count; }

  [[nodiscard]] std::size_t delivered_count() const { return delivered_; }
  [[nodiscard]] std::size_t failed_count() const { return failed_; }

private:
  std::atomic<std::size_t> delivered_{0};
  std::atomic<std::size_t> failed_{0};
};

class TestStop final : public StopSignal {
public:
  [[nodiscard]] bool is_set() const override { return is_set_; }
  void set() { is_set_ = true; }

private:
  std::atomic<bool> is_set_{false};
};

// Keeps what it acknowledged, in order, and asks `answer` what to say about each record.
class FakeTransport final : public Transport {
public:
  using Answer = std::function<Outcome(const DeliveryRecord&)>;
  struct Log {
    std::mutex mutex;
    std::vector<DeliveryRecord> accepted;
    std::size_t tries = 0;

    [[nodiscard]] std::size_t accepted_count() {
      const std::lock_guard guard(mutex);
      return accepted.size();
    }
    [[nodiscard]] std::vector<std::string> accepted_ids() {
      const std::lock_guard guard(mutex);
      std::vector<std::string> ids;
      for (const DeliveryRecord& record : accepted) {
        ids.push_back(record.id);
      }
      return ids;
    }
  };

  FakeTransport(Log& log, Answer answer) : log_(log), answer_(std::move(answer)) {}

  [[nodiscard]] std::string_view name() const override { return "fake"; }
  [[nodiscard]] Status open() override { return {}; }
  [[nodiscard]] std::vector<Outcome> send(std::span<const DeliveryRecord> records,
                                          const StopSignal& stop) override {
    std::vector<Outcome> outcomes(records.size());
    std::vector<std::string> held;
    for (std::size_t i = 0; i < records.size() && !stop.is_set(); ++i) {
      if (std::find(held.begin(), held.end(), records[i].key) != held.end()) {
        continue;
      }
      outcomes[i] = answer_(records[i]);
      const std::lock_guard guard(log_.mutex);
      ++log_.tries;
      if (outcomes[i].kind == Outcome::Kind::kAcknowledged) {
        log_.accepted.push_back(records[i]);
      } else if (outcomes[i].kind == Outcome::Kind::kUnavailable) {
        break;
      } else if (outcomes[i].kind == Outcome::Kind::kFailed) {
        held.push_back(records[i].key);
      }
    }
    return outcomes;
  }

private:
  Log& log_;
  Answer answer_;
};

[[nodiscard]] inline Outcome acknowledge(const DeliveryRecord& /*record*/) {
  return {.kind = Outcome::Kind::kAcknowledged};
}

// Collects what outputs tell the log.
class LogLines {
public:
  [[nodiscard]] OutputLog sink() {
    return [this](Priority /*priority*/, const std::string& text) {
      const std::lock_guard guard(mutex_);
      lines_.push_back(text);
    };
  }
  [[nodiscard]] bool has(std::string_view part) {
    const std::lock_guard guard(mutex_);
    for (const std::string& line : lines_) {
      if (line.find(part) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] std::string all() {
    const std::lock_guard guard(mutex_);
    std::string text;
    for (const std::string& line : lines_) {
      text += line + "\n";
    }
    return text;
  }

private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace saker::testing
