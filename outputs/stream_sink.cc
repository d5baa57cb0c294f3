// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/stream_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

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

// A write that may have ended in the middle of a line.
struct LineWrite {
  Status status;
  std::size_t whole_lines = 0;
  std::size_t torn_bytes = 0;  // of the line after them
};

LineWrite write_lines(int fd, std::string_view lines, const StopSignal& stop,
                      const std::string& name) {
  std::string_view rest = lines;
  LineWrite result;
  result.status = write_bytes(fd, rest, stop, name);
  const std::string_view written = lines.substr(0, lines.size() - rest.size());
  result.whole_lines = static_cast<std::size_t>(std::ranges::count(written, '\n'));
  const std::size_t last = written.rfind('\n');
  result.torn_bytes = written.size() - (last == std::string_view::npos ? 0 : last + 1);
  return result;
}

void report(const LineWrite& write, std::size_t count, DeliveryObserver& observer) {
  const std::size_t delivered = std::min(write.whole_lines, count);
  if (delivered > 0) {
    observer.delivered(delivered);
  }
  if (delivered < count) {
    observer.failed(count - delivered, write.status.error());
  }
}

// Takes the beginning of a line back, so that the next one is not glued to it. False where that is
// not possible (no regular file).
bool cut_end(int fd, std::size_t byte_count) {
  struct stat file {};
  return ::fstat(fd, &file) == 0 && S_ISREG(file.st_mode) &&
         file.st_size >= static_cast<off_t>(byte_count) &&
         ::ftruncate(fd, file.st_size - static_cast<off_t>(byte_count)) == 0;
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
  const LineWrite result = write_lines(fd_, buffer_, *stop_, name_);
  report(result, buffered_count_, *observer_);
  buffered_count_ = 0;
  // A torn line ends where the next one begins.
  buffer_.assign(result.torn_bytes > 0 ? "\n" : "");
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
  buffer_.assign(is_torn_ ? "\n" : "");
  append_lines(buffer_, batch, render_);
  LineWrite result = write_lines(file_.get(), buffer_, *stop_, options_.path);
  // The line feed that ends a torn line is no line of its own.
  result.whole_lines -= is_torn_ && result.whole_lines > 0 ? 1U : 0U;
  is_torn_ = result.torn_bytes > 0 && !cut_end(file_.get(), result.torn_bytes);
  report(result, batch.size(), *observer_);
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
