// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include "outputs/sink.h"
#include "outputs/syslog_socket.h"

namespace saker {

// One syslog message per alert with the alert's priority (0 to 7). Source: man 3 syslog.
class SyslogSink final : public Sink {
public:
  explicit SyslogSink(RenderOptions render, SyslogSocket socket = SyslogSocket());

  [[nodiscard]] std::string_view name() const override { return "syslog"; }
  [[nodiscard]] Status open(DeliveryObserver& observer, const StopSignal& stop) override;
  [[nodiscard]] WriteResult write(std::span<const OutputMessage> batch) override;
  [[nodiscard]] Status drain(SteadyTime deadline) override;

private:
  // Waits for a daemon that takes nothing until the stop signal.
  Status write_line(const OutputMessage& message);

  RenderOptions render_;
  SyslogSocket socket_;
  std::string line_;
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

}  // namespace saker
