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

// Takes the beginning of a line back, so that the next one is not glued to it. False where that is
// not possible: no regular file, or somebody else has written behind it.
bool cut_end(int fd, std::size_t byte_count) {
  struct stat file {};
  const auto size = static_cast<off_t>(byte_count);
  return ::fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_size >= size &&
         ::lseek(fd, 0, SEEK_CUR) == file.st_size && ::ftruncate(fd, file.st_size - size) == 0 &&
         ::lseek(fd, -size, SEEK_CUR) >= 0;
}

struct LineWrite {
  Status status;
  std::size_t whole_lines = 0;
};

// `is_torn`: the destination ends in the middle of a line. It does so until something is written
// behind it, however many writes fail in between.
LineWrite write_lines(int fd, std::string_view lines, bool& is_torn, const StopSignal& stop,
                      const std::string& name) {
  LineWrite result;
  std::string_view end_of_torn = is_torn ? "\n" : "";
  result.status = write_bytes(fd, end_of_torn, stop, name);
  if (!result.status) {
    return result;
  }
  std::string_view rest = lines;
  result.status = write_bytes(fd, rest, stop, name);
  const std::string_view written = lines.substr(0, lines.size() - rest.size());
  result.whole_lines = static_cast<std::size_t>(std::ranges::count(written, '\n'));
  const std::size_t torn_bytes = written.size() - (written.rfind('\n') + 1);  // npos + 1 is 0
  is_torn = torn_bytes > 0 && !cut_end(fd, torn_bytes);
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

bool is_fifo(const std::string& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 && S_ISFIFO(file.st_mode);
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
  report(write_lines(fd_, buffer_, is_torn_, *stop_, name_), buffered_count_, *observer_);
  buffered_count_ = 0;
  buffer_.clear();
  return {};
}

FileSink::FileSink(FileSinkOptions options, RenderOptions render)
    : options_(std::move(options)), render_(std::move(render)) {}

Status FileSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  observer_ = &observer;
  stop_ = &stop;
  // The reader of a FIFO may come later.
  return options_.keep_alive && !is_fifo(options_.path) ? open_file() : Status{};
}

Status FileSink::open_file() {
  constexpr mode_t kMode = 0644;
  // Without O_NONBLOCK a FIFO that nobody reads would hold up the end; so it is ENXIO.
  file_.reset(
      ::open(options_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, kMode));
  if (!file_.is_open() && errno == ENXIO) {
    return fail_errno("nobody reads " + options_.path, errno);
  }
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
  report(write_lines(file_.get(), buffer_, is_torn_, *stop_, options_.path), batch.size(),
         *observer_);
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
