// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/test_sinks.h"

#include <atomic>
#include <condition_variable>

#include "outputs/clocks.h"
#include "outputs/deadline.h"

namespace saker {

namespace {

using Clock = std::chrono::steady_clock;

class OutcomeWatch final : public DeliveryObserver {
public:
  void delivered(std::size_t count) override {
    const std::lock_guard guard(mutex_);
    delivered_ += count;
    changed_.notify_all();
  }
  void failed(std::size_t count, const Error& why) override {
    const std::lock_guard guard(mutex_);
    failed_ += count;
    reason_ = why.message;
    changed_.notify_all();
  }
  void wait(SteadyTime deadline) {
    std::unique_lock guard(mutex_);
    changed_.wait_until(guard, deadline, [this] { return delivered_ + failed_ > 0; });
  }
  [[nodiscard]] bool is_delivered() {
    const std::lock_guard guard(mutex_);
    return delivered_ > 0 && failed_ == 0;
  }
  [[nodiscard]] std::string reason() {
    const std::lock_guard guard(mutex_);
    return reason_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t delivered_ = 0;
  std::size_t failed_ = 0;
  std::string reason_;
};

// Returns why the message was not taken, or nothing.
Status send(Sink& sink, OutcomeWatch& outcome, const StopSignal& stop, SteadyTime deadline) {
  SAKER_RETURN_IF_ERROR(sink.open(outcome, stop));
  const OutputMessage message = make_test_message(wall_clock_ns());
  const WriteResult written = sink.write(std::span(&message, 1));
  Status status = written.taken == 1 ? Status{} : written.status;
  sink.idle();
  if (status) {
    outcome.wait(deadline);
  }
  const Status drained = sink.drain(deadline);
  return status ? drained : status;
}

}  // namespace

OutputMessage make_test_message(std::uint64_t ts_ns) {
  Notice notice;
  notice.ts_ns = ts_ns;
  notice.priority = Priority::kInformational;
  notice.rule = "Saker internal: test";
  notice.message = "Test of the configured outputs; nothing has happened";
  notice.fields["test"] = true;
  return OutputMessage(std::move(notice));
}

SinkTest::SinkTest() : lines_(std::make_shared<Lines>()) {}

OutputLog SinkTest::log() const {
  return [lines = lines_](Priority /*priority*/, const std::string& text) {
    const std::lock_guard guard(lines->mutex);
    lines->last = text;
  };
}

SinkTestResult SinkTest::run(Sink& sink, std::chrono::milliseconds limit) const {
  const SteadyTime began = Clock::now();
  OutcomeWatch outcome;
  const Deadline stop(began + limit);
  const Status status = send(sink, outcome, stop, began + limit);
  SinkTestResult result{.name = std::string(sink.name())};
  result.is_delivered = status && outcome.is_delivered();
  result.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
  if (!result.is_delivered) {
    const std::lock_guard guard(lines_->mutex);
    const std::string reason = outcome.reason();
    result.reason = !status                ? status.error().message
                    : !reason.empty()      ? reason
                    : lines_->last.empty() ? "no acknowledgement in time"
                                           : lines_->last;
  }
  return result;
}

std::string to_text(const SinkTestResult& result) {
  return result.is_delivered
             ? result.name + ": delivered in " + std::to_string(result.duration.count()) + " ms"
             : result.name + ": FAILED: " + result.reason;
}

}  // namespace saker
