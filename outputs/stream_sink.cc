// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/stream_sink.h"

#include <errno.h>
#include <fcntl.h>

#include "outputs/write_bytes.h"

namespace saker {

namespace {

constexpr std::size_t kBufferBytes = 65536;

void append_lines(std::string& out, std::span<const OutputMessage> batch,
                  const RenderOptions& render) {
  for (const OutputMessage& message : batch) {
    message.render(out, render);
    out += '\n';
  }
}

}  // namespace

StreamSink::StreamSink(std::string name, int fd, RenderOptions render, bool is_buffered)
    : name_(std::move(name)), fd_(fd), render_(std::move(render)), is_buffered_(is_buffered) {}

Status StreamSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  observer_ = &observer;
  stop_ = &stop;
  return {};
}

WriteResult StreamSink::write(std::span<const OutputMessage> batch) {
  append_lines(buffer_, batch, render_);
  buffered_count_ += batch.size();
  if (!is_buffered_ || buffer_.size() >= kBufferBytes) {
    // A failure is reported to the observer; the lines are gone either way.
    static_cast<void>(flush());
  }
  return WriteResult::all(batch.size());
}

Status StreamSink::drain(SteadyTime /*deadline*/) {
  return flush();
}

Status StreamSink::flush() {
  if (buffered_count_ == 0) {
    return {};
  }
  const Status status = write_bytes(fd_, buffer_, *stop_, name_);
  if (status) {
    observer_->delivered(buffered_count_);
  } else {
    observer_->failed(buffered_count_, status.error());
  }
  buffer_.clear();
  buffered_count_ = 0;
  return {};
}

FileSink::FileSink(FileSinkOptions options, RenderOptions render)
    : options_(std::move(options)), render_(std::move(render)) {}

Status FileSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  observer_ = &observer;
  stop_ = &stop;
  return options_.keep_alive ? open_file() : Status{};
}

Status FileSink::open_file() {
  constexpr mode_t kMode = 0644;
  file_.reset(::open(options_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode));
  if (!file_.is_open()) {
    return fail_errno("cannot open " + options_.path, errno);
  }
  return {};
}

WriteResult FileSink::write(std::span<const OutputMessage> batch) {
  if (!file_.is_open()) {
    if (Status status = open_file(); !status) {
      observer_->failed(batch.size(), status.error());
      return WriteResult::all(batch.size());
    }
  }
  buffer_.clear();
  append_lines(buffer_, batch, render_);
  if (const Status status = write_bytes(file_.get(), buffer_, *stop_, options_.path); status) {
    observer_->delivered(batch.size());
  } else {
    observer_->failed(batch.size(), status.error());
  }
  if (!options_.keep_alive) {
    file_.reset();
  }
  return WriteResult::all(batch.size());
}

Status FileSink::reopen() {
  file_.reset();
  return options_.keep_alive ? open_file() : Status{};
}

Status FileSink::drain(SteadyTime /*deadline*/) {
  file_.reset();
  return {};
}

}  // namespace saker
