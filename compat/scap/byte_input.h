// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where the bytes of a capture come from: a plain file, a gzip stream over another input, or
// memory. Files are read, not mapped: a mapped file that shrinks under us would kill the process
// with SIGBUS, and copying through a buffer that stays in the cache is as fast
// (docs/event-record.md).
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace saker::scap {

class ByteInput {
public:
  virtual ~ByteInput() = default;

  // Reads up to into.size() bytes, at least one unless the input ends. Returns how many; 0 means
  // the end. Fails with kIo, or kCorruptInput for a damaged gzip stream; the bytes before the fault
  // have been delivered then.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> into) = 0;

  // True after an end that the input's own framing shows to be too early (a cut gzip stream).
  [[nodiscard]] virtual bool ended_early() const { return false; }
};

// Opens a regular file, pipe or device. Fails with kNotFound, kPermission, kIo.
[[nodiscard]] Result<std::unique_ptr<ByteInput>> open_file_input(const std::string& path);

// Opens a pipe or device that may have no writer yet. Reading waits for bytes, and reports the end
// when the writers are gone or `stop`, which is borrowed, has become true.
[[nodiscard]] Result<std::unique_ptr<ByteInput>> open_stream_input(const std::string& path,
                                                                   const std::atomic<bool>& stop);

// Reads bytes that the caller owns and keeps alive.
[[nodiscard]] std::unique_ptr<ByteInput> make_memory_input(Bytes bytes);

// Puts `head`, already read from `rest`, in front of it.
[[nodiscard]] std::unique_ptr<ByteInput> make_prefixed_input(std::vector<std::byte> head,
                                                             std::unique_ptr<ByteInput> rest);

}  // namespace saker::scap
