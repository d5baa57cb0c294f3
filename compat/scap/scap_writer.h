// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Writes capture files (.scap) that Falco's tools and ScapSource read: the block versions in use
// today, plain or gzip.
//
//   SAKER_ASSIGN_OR_RETURN(auto writer, ScapWriter::create("trace.scap", Compression::kGzip));
//   SAKER_RETURN_IF_ERROR(writer->write_snapshot(snapshot));
//   SAKER_RETURN_IF_ERROR(writer->write_event(raw));
//   SAKER_RETURN_IF_ERROR(writer->close());
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "compat/scap/block_builder.h"
#include "compat/scap/byte_output.h"
#include "engine/base/result.h"
#include "engine/event/event_source.h"
#include "engine/event/snapshot.h"

namespace saker::scap {

enum class Compression : std::uint8_t { kNone, kGzip };

class ScapWriter {
public:
  // Fails with the errno's code when the file cannot be created. The file is replaced.
  [[nodiscard]] static Result<std::unique_ptr<ScapWriter>> create(const std::string& path,
                                                                  Compression compression);

  // The same into any output.
  [[nodiscard]] static Result<std::unique_ptr<ScapWriter>> create(
      std::unique_ptr<ByteOutput> output, Compression compression);

  // Begins a section with the state before its events. A further call begins a further section:
  // readers then drop all state. Texts are cut to what readers accept. Fails with kIo.
  [[nodiscard]] Status write_snapshot(const Snapshot& snapshot);

  // Writes one event (its bytes after the record are left out), an empty snapshot before it if
  // there was none. Fails with kInvalidArgument when the record's lengths do not fit or its type is
  // unknown, kLimit when it is too long for a block, kIo. The event's number is not stored.
  [[nodiscard]] Status write_event(const RawEvent& event);

  // Ends the file. After it, and after a failure with kIo, nothing more can be written.
  [[nodiscard]] Status close();

  [[nodiscard]] std::uint64_t event_count() const { return event_count_; }

private:
  explicit ScapWriter(std::unique_ptr<ByteOutput> output) : output_(std::move(output)) {}

  Status write_block();
  Status write_threads(const Snapshot& snapshot);
  Status write_fd_list(const FdListSnapshot& list);
  Status write_users(const Snapshot& snapshot);
  Status write_interfaces(const Snapshot& snapshot);

  std::unique_ptr<ByteOutput> output_;  // null once closed or failed
  BlockBuilder block_;
  bool has_section_ = false;
  std::uint64_t event_count_ = 0;
};

}  // namespace saker::scap
