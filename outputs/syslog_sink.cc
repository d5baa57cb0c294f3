// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/syslog_sink.h"

#include <syslog.h>

namespace saker {

SyslogSink::SyslogSink(RenderOptions render) : render_(std::move(render)) {}

Status SyslogSink::open(DeliveryObserver& observer, const StopSignal& /*stop*/) {
  observer_ = &observer;
  return {};
}

WriteResult SyslogSink::write(std::span<const OutputMessage> batch) {
  for (const OutputMessage& message : batch) {
    line_.clear();
    message.render(line_, render_);
    // Priorities are numbered as syslog's levels. The text is an argument, never the format.
    ::syslog(static_cast<int>(message.priority()), "%s", line_.c_str());
  }
  // syslog() does not say whether anybody listens.
  observer_->delivered(batch.size());
  return WriteResult::all(batch.size());
}

Status SyslogSink::drain(SteadyTime /*deadline*/) {
  return {};
}

}  // namespace saker
