// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Feeds alerts to the standard input of a configured program. The program's text goes to the shell
// as the administrator wrote it; nothing of an event ever becomes part of a command.
#pragma once

#include <sys/types.h>

#include <string>

#include "outputs/output_log.h"
#include "outputs/sink.h"
#include "outputs/unique_fd.h"

namespace saker {

struct ProgramSinkOptions {
  std::string command;      // for /bin/sh -c
  bool keep_alive = false;  // one process for all alerts; false: one per alert
};

class ProgramSink final : public Sink {
public:
  // `log` is told how a program ended that did not end well.
  ProgramSink(ProgramSinkOptions options, RenderOptions render, OutputLog log);
  ~ProgramSink() override;

  [[nodiscard]] std::string_view name() const override { return "program"; }
  [[nodiscard]] Status open(DeliveryObserver& observer, const StopSignal& stop) override;
  [[nodiscard]] WriteResult write(std::span<const OutputMessage> batch) override;
  [[nodiscard]] Status reopen() override;
  [[nodiscard]] Status drain(SteadyTime deadline) override;

private:
  Status start_program();
  // Closes the program's input and waits until it ends; kills it when the stop signal is set.
  void finish_program();
  Status write_line(const OutputMessage& message);

  ProgramSinkOptions options_;
  RenderOptions render_;
  OutputLog log_;
  UniqueFd input_;
  pid_t pid_ = -1;
  int last_status_ = 0;  // with which the program before ended
  std::string line_;
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

}  // namespace saker
