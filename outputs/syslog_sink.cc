// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/syslog_sink.h"

#include <utility>

namespace saker {

namespace {

// How often a waiting write looks at the stop signal.
constexpr int kWaitMs = 100;

}  // namespace

SyslogSink::SyslogSink(RenderOptions render, SyslogSocket socket)
    : render_(std::move(render)), socket_(std::move(socket)) {}

Status SyslogSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  observer_ = &observer;
  stop_ = &stop;
  return {};
}

Status SyslogSink::write_line(const OutputMessage& message) {
  using enum SyslogSocket::Sent;
  line_.clear();
  message.render(line_, render_);
  while (true) {
    // Priorities are numbered as syslog's levels.
    switch (socket_.send(static_cast<int>(message.priority()), line_)) {
      case kYes:
      case kNobody:  // as with syslog(), which many machines without a daemon rely on
        return {};
      case kTooLong:
        return fail(ErrorCode::kIo,
                    std::to_string(line_.size()) + " bytes are too long for the syslog daemon");
      case kFull:
        break;
    }
    if (stop_->is_set()) {
      return fail(ErrorCode::kIo, "the syslog daemon took nothing in time");
    }
    socket_.wait(kWaitMs);
  }
}

WriteResult SyslogSink::write(std::span<const OutputMessage> batch) {
  for (const OutputMessage& message : batch) {
    if (const Status status = write_line(message); status) {
      observer_->delivered(1);
    } else {
      observer_->failed(1, status.error());
    }
  }
  return WriteResult::all(batch.size());
}

Status SyslogSink::drain(SteadyTime /*deadline*/) {
  return {};
}

}  // namespace saker
