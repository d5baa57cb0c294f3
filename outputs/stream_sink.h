// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Standard output and files: one line per alert, LF at its end.
#pragma once

#include <string>

#include "outputs/sink.h"
#include "outputs/unique_fd.h"

namespace saker {

// Writes to a descriptor that stays open (standard output). Buffered: gathers lines until the
// buffer is full or the end; unbuffered: a batch is written at once. Source: falco-compat.md 3.4.
class StreamSink final : public Sink {
public:
  StreamSink(std::string name, int fd, RenderOptions render, bool is_buffered);

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] Status open(DeliveryObserver& observer, const StopSignal& stop) override;
  [[nodiscard]] WriteResult write(std::span<const OutputMessage> batch) override;
  [[nodiscard]] Status drain(SteadyTime deadline) override;

private:
  Status flush();

  std::string name_;
  int fd_;
  RenderOptions render_;
  bool is_buffered_;
  std::string buffer_;
  std::size_t buffered_count_ = 0;
  bool is_torn_ = false;  // the output ends in the middle of a line
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

struct FileSinkOptions {
  std::string path;
  bool keep_alive = false;  // false: open and close around each batch
};

// Appends to a file.
class FileSink final : public Sink {
public:
  FileSink(FileSinkOptions options, RenderOptions render);

  [[nodiscard]] std::string_view name() const override { return "file"; }
  [[nodiscard]] Status open(DeliveryObserver& observer, const StopSignal& stop) override;
  [[nodiscard]] WriteResult write(std::span<const OutputMessage> batch) override;
  [[nodiscard]] Status reopen() override;
  [[nodiscard]] Status drain(SteadyTime deadline) override;

private:
  Status open_file();

  FileSinkOptions options_;
  RenderOptions render_;
  UniqueFd file_;
  std::string buffer_;
  bool is_torn_ = false;  // the file ends in the middle of a line
  DeliveryObserver* observer_ = nullptr;
  const StopSignal* stop_ = nullptr;
};

}  // namespace saker
