// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/recording/capture_writer.h"

#include <cstring>
#include <utility>

namespace saker::app {

namespace {

// Events are handed over in pieces of this size.
constexpr std::size_t kPieceBytes = 65536;

// How an event lies in a piece; the record follows.
struct PackedHead {
  std::uint32_t length = 0;
  std::uint16_t cpu = 0;
  std::uint16_t is_state_only = 0;
};

// About what the state at a file's beginning takes in the queue.
std::size_t byte_count(const Snapshot& snapshot) {
  std::size_t count = sizeof(snapshot);
  for (const ThreadSnapshot& thread : snapshot.threads) {
    count += sizeof(thread) + thread.comm.size() + thread.exe.size() + thread.exepath.size() +
             thread.args.size() + thread.env.size() + thread.cgroups.size() + thread.cwd.size() +
             thread.root.size();
  }
  for (const FdListSnapshot& list : snapshot.fd_lists) {
    count += sizeof(list) + list.fds.size() * sizeof(FdSnapshot);
    for (const FdSnapshot& fd : list.fds) {
      count += fd.name.size();
    }
  }
  return count + snapshot.users.size() * sizeof(UserSnapshot) +
         snapshot.groups.size() * sizeof(GroupSnapshot) +
         snapshot.interfaces.size() * sizeof(InterfaceSnapshot);
}

// Counts what goes into the file.
class CountingOutput final : public scap::ByteOutput {
public:
  CountingOutput(std::unique_ptr<scap::ByteOutput> file, std::uint64_t& count)
      : file_(std::move(file)), count_(count) {}
  Status write(Bytes bytes) override {
    count_ += bytes.size();
    return file_->write(bytes);
  }
  Status close() override { return file_->close(); }

private:
  std::unique_ptr<scap::ByteOutput> file_;
  std::uint64_t& count_;
};

}  // namespace

struct CaptureWriter::OpenFile {
  std::uint64_t max_bytes = 0;
  CaptureReport report;
  std::unique_ptr<scap::ScapWriter> writer;  // null: complete or failed
};

CaptureWriter::CaptureWriter(Options options) : options_(std::move(options)) {
  if (!options_.is_synchronous) {
    thread_ = std::thread([this] { run(); });
  }
}

CaptureWriter::~CaptureWriter() {
  finish();
}

bool CaptureWriter::is_full() {
  const std::lock_guard lock(mutex_);
  return queued_bytes_ > options_.max_queued_bytes / 2;
}

void CaptureWriter::refuse(const CaptureFile& file) {
  if (refused_count_++ == 0) {
    refused_path_ = file.path;
  }
}

void CaptureWriter::begin(CaptureFile file, Snapshot snapshot) {
  submit_events();
  Job job;
  job.kind = Job::Kind::kBegin;
  job.file = std::move(file);
  job.bytes = byte_count(snapshot);
  job.snapshot = std::move(snapshot);
  submit(std::move(job));
}

void CaptureWriter::add_section(Snapshot snapshot) {
  submit_events();
  Job job;
  job.kind = Job::Kind::kSection;
  job.bytes = byte_count(snapshot);
  job.snapshot = std::move(snapshot);
  submit(std::move(job));
}

void CaptureWriter::add(const RawEvent& event) {
  const PackedHead head{.length = static_cast<std::uint32_t>(event.bytes.size()),
                        .cpu = event.cpu,
                        .is_state_only = static_cast<std::uint16_t>(event.is_state_only ? 1 : 0)};
  std::byte raw[sizeof(head)];
  std::memcpy(raw, &head, sizeof(head));
  pending_.insert(pending_.end(), raw, raw + sizeof(head));
  pending_.insert(pending_.end(), event.bytes.begin(), event.bytes.end());
  if (pending_.size() >= kPieceBytes) {
    submit_events();
  }
}

void CaptureWriter::end() {
  submit_events();
  Job job;
  job.kind = Job::Kind::kEnd;
  submit(std::move(job));
}

void CaptureWriter::finish() {
  if (std::exchange(is_finished_, true)) {
    return;
  }
  end();
  if (thread_.joinable()) {
    Job job;
    job.kind = Job::Kind::kFinish;
    submit(std::move(job));
    thread_.join();
  }
}

void CaptureWriter::submit_events() {
  if (pending_.empty()) {
    return;
  }
  Job job;
  job.bytes = pending_.size();
  job.events = std::move(pending_);
  pending_ = {};
  pending_.reserve(kPieceBytes + kPieceBytes / 4);
  submit(std::move(job));
}

void CaptureWriter::submit(Job job) {
  if (options_.is_synchronous) {
    work_off(job);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (!job.events.empty() && queued_bytes_ + job.bytes > options_.max_queued_bytes) {
      // Of a file that has begun only events may be left out; the next job tells how many.
      for (std::size_t at = 0; at < job.events.size(); ++dropped_count_) {
        PackedHead head;
        std::memcpy(&head, job.events.data() + at, sizeof(head));
        at += sizeof(head) + head.length;
      }
      return;
    }
    job.dropped_count = std::exchange(dropped_count_, 0);
    job.refused_path = std::exchange(refused_path_, {});
    job.refused_count = std::exchange(refused_count_, 0);
    queued_bytes_ += job.bytes;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void CaptureWriter::run() {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !jobs_.empty(); });
      job = std::move(jobs_.front());
      jobs_.pop_front();
      queued_bytes_ -= job.bytes;
    }
    report_refused(job);
    if (job.kind == Job::Kind::kFinish) {
      return;
    }
    work_off(job);
  }
}

void CaptureWriter::report_refused(const Job& job) const {
  if (job.refused_count == 0 || !options_.report) {
    return;
  }
  const std::string others =
      job.refused_count == 1 ? "" : ", nor are " + std::to_string(job.refused_count - 1) + " more";
  options_.report({.path = job.refused_path,
                   .status = fail(ErrorCode::kLimit,
                                  "the disk is too slow for so many captures; it is not "
                                  "written" +
                                      others)});
}

void CaptureWriter::work_off(Job& job) {
  if (file_ != nullptr) {
    file_->report.dropped_count += job.dropped_count;
  }
  switch (job.kind) {
    case Job::Kind::kBegin:
      close_file();
      open_file(job);
      break;
    case Job::Kind::kSection:
      if (file_ != nullptr && file_->writer != nullptr) {
        file_->report.status = file_->writer->write_snapshot(job.snapshot);
      }
      break;
    case Job::Kind::kEvents:
      write_events(job);
      break;
    case Job::Kind::kEnd:
    case Job::Kind::kFinish:
      close_file();
      break;
  }
}

void CaptureWriter::open_file(Job& job) {
  file_ = std::make_unique<OpenFile>();
  file_->max_bytes = job.file.max_bytes;
  file_->report.path = job.file.path;
  file_->report.number = job.file.number;
  const auto open = [&]() -> Status {
    SAKER_ASSIGN_OR_RETURN(auto output, scap::create_file_output(job.file.path, job.file.creation));
    SAKER_ASSIGN_OR_RETURN(
        file_->writer, scap::ScapWriter::create(std::make_unique<CountingOutput>(
                                                    std::move(output), file_->report.file_bytes),
                                                job.file.compression));
    return file_->writer->write_snapshot(job.snapshot);
  };
  file_->report.status = open();
  if (!file_->report.status) {
    file_->writer = nullptr;
  }
}

void CaptureWriter::write_events(Job& job) {
  for (std::size_t at = 0; at < job.events.size();) {
    if (file_ == nullptr || file_->writer == nullptr) {
      return;
    }
    PackedHead head;
    std::memcpy(&head, job.events.data() + at, sizeof(head));
    at += sizeof(head);
    RawEvent event;
    event.bytes = Bytes(job.events).subspan(at, head.length);
    event.cpu = head.cpu;
    event.is_state_only = head.is_state_only != 0;
    at += head.length;
    if (Status status = file_->writer->write_event(event); !status) {
      // An event that a capture cannot hold is not the file's end.
      if (status.error().code == ErrorCode::kLimit ||
          status.error().code == ErrorCode::kInvalidArgument) {
        ++file_->report.dropped_count;
        continue;
      }
      file_->report.status = std::move(status);
      file_->writer = nullptr;
      return;
    }
    if (file_->max_bytes != 0 && file_->report.file_bytes >= file_->max_bytes) {
      file_->report.has_reached_size = true;
      close_file();
    }
  }
}

// Reports the file, complete or not.
void CaptureWriter::close_file() {
  if (file_ == nullptr) {
    return;
  }
  if (file_->writer != nullptr) {
    file_->report.event_count = file_->writer->event_count();
    Status closed = file_->writer->close();
    if (file_->report.status) {
      file_->report.status = std::move(closed);
    }
  }
  if (options_.report) {
    options_.report(file_->report);
  }
  file_.reset();
}

}  // namespace saker::app
