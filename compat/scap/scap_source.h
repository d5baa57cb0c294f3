// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Events from a capture file (.scap) of any age, plain or gzip. The first batch carries the state
// that the capture begins with; so does every further section of concatenated captures. Old events
// are converted on the way. Whatever the bytes say, reading ends, and memory is bounded.
//
//   SAKER_ASSIGN_OR_RETURN(auto source, ScapSource::open("trace.scap", counters));
//   Batch batch;
//   while (true) {
//     SAKER_ASSIGN_OR_RETURN(const SourceStatus status, source->next(batch));
//     …
//   }
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compat/scap/block_reader.h"
#include "compat/scap/byte_input.h"
#include "compat/scap/event_converter.h"
#include "engine/base/arena.h"
#include "engine/base/counters.h"
#include "engine/base/result.h"
#include "engine/event/event_source.h"

namespace saker::scap {

class ScapSource : public EventSource {
public:
  // Opens a file and checks its section header. `counters` must outlive the source. Fails with the
  // errno's code when the file cannot be read, and with kCorruptInput and Falco's text when it is
  // not a capture ("invalid magic number", "error reading from file (1)").
  [[nodiscard]] static Result<std::unique_ptr<ScapSource>> open(const std::string& path,
                                                                Counters& counters);

  // The same for an input that is open already, such as a pipe.
  [[nodiscard]] static Result<std::unique_ptr<ScapSource>> from_input(
      std::unique_ptr<ByteInput> input, Counters& counters);

  // The same for bytes that the caller keeps alive.
  [[nodiscard]] static Result<std::unique_ptr<ScapSource>> from_memory(Bytes bytes,
                                                                       Counters& counters);

  // Events before damaged bytes are delivered first; then one call returns the error, and later
  // ones kEnd. RawEvent::number counts the events that remain after conversion, from 1, through all
  // sections; events of types that the catalogue does not have are not counted.
  [[nodiscard]] Result<SourceStatus> next(Batch& batch) override;

private:
  ScapSource(BlockReader reader, Counters& counters);

  [[nodiscard]] Status read_section_header();
  // Reads blocks up to the first event into snapshot_.
  [[nodiscard]] Status read_snapshot();
  // Collects events until the batch is full, the window is used up or the section ends.
  [[nodiscard]] Status read_events();
  // Begins the next section when the block at the cursor is not an event.
  [[nodiscard]] Status restart();
  // Adds the events at the cursor as long as they are current, in the usual kind of block and
  // wholly in the window. Nothing else is looked into: add_event() deals with the rest.
  void add_current_events();
  [[nodiscard]] Status add_event(const Block& block, const BlockType& type);
  [[nodiscard]] Result<Bytes> upgrade_v1(Bytes event, const Block& block);

  BlockReader reader_;
  Counters& counters_;
  EventConverter converter_;
  Arena arena_;  // upgraded and converted records of the batch
  std::size_t arena_bytes_ = 0;
  std::vector<RawEvent> events_;  // of fixed size; the first event_count_ are in use
  std::size_t event_count_ = 0;
  Snapshot snapshot_;
  std::uint64_t number_ = 0;
  std::uint64_t counted_skips_ = 0;
  bool needs_snapshot_ = true;
  bool is_restart_ = false;
  bool is_at_end_ = false;
  std::optional<Error> fault_;
};

}  // namespace saker::scap
