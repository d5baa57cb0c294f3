// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Writes capture files beside the event thread: events are copied into a bounded queue, compressing
// and writing happen on a thread of the writer's own. When the queue is full events are left out
// and counted, so a slow disk never holds up the sensor. A replay has time: there everything is
// written at once, on the caller's thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "compat/scap/scap_writer.h"
#include "engine/base/result.h"
#include "engine/event/event_source.h"

namespace saker::app {

struct CaptureFile {
  std::string path;
  scap::Compression compression = scap::Compression::kGzip;
  scap::FileCreation creation = scap::FileCreation::kNew;
  std::uint64_t max_bytes = 0;  // the file ends when it has reached this size; 0: no bound
  std::uint64_t number = 0;     // the caller's, for the report
};

// What became of a file, told when it is complete.
struct CaptureReport {
  std::string path;
  std::uint64_t number = 0;
  std::uint64_t event_count = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t dropped_count = 0;  // events left out because the queue was full
  bool has_reached_size = false;
  Status status;  // kIo …: the file is not complete
};

class CaptureWriter {
public:
  struct Options {
    bool is_synchronous = false;  // replay
    std::size_t max_queued_bytes = std::size_t{64} << 20;
    // Called for each file on the writer's thread (in the caller's when synchronous).
    std::function<void(const CaptureReport&)> report;
  };

  explicit CaptureWriter(Options options);
  // Completes the file.
  ~CaptureWriter();
  CaptureWriter(const CaptureWriter&) = delete;
  CaptureWriter& operator=(const CaptureWriter&) = delete;

  // Whether a file that is begun now would come on top of a full queue.
  [[nodiscard]] bool is_full();
  // Instead of begin(): the file will be reported as not written, when the queue has room again.
  void refuse(const CaptureFile& file);
  // Begins a file, ending the one before.
  void begin(CaptureFile file, Snapshot snapshot);
  // Begins a further section of the file: readers drop all state.
  void add_section(Snapshot snapshot);
  void add(const RawEvent& event);
  void end();
  // Ends the file and waits until it is complete.
  void finish();

private:
  struct Job {
    enum class Kind : std::uint8_t { kBegin, kSection, kEvents, kEnd, kFinish };
    Kind kind = Kind::kEvents;
    CaptureFile file;
    Snapshot snapshot;
    std::vector<std::byte> events;  // see add()
    std::uint64_t dropped_count = 0;
    std::size_t bytes = 0;     // of the queue
    std::string refused_path;  // first of the files that were refused before
    std::uint64_t refused_count = 0;
  };
  struct OpenFile;

  void submit(Job job);
  void submit_events();
  void run();
  void report_refused(const Job& job) const;
  void work_off(Job& job);
  void open_file(Job& job);
  void write_events(Job& job);
  void close_file();

  Options options_;
  std::vector<std::byte> pending_;  // events not yet handed over
  std::uint64_t dropped_count_ = 0;
  std::string refused_path_;
  std::uint64_t refused_count_ = 0;
  std::unique_ptr<OpenFile> file_;  // of the writer's thread

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::size_t queued_bytes_ = 0;
  bool is_finished_ = false;
  std::thread thread_;
};

}  // namespace saker::app
