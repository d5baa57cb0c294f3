// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reads a BPF ring buffer in place. Records stay in the kernel's memory until release(), so a batch
// of events borrows them without a copy.
//
// Layout of the mapping: one page with the consumer's position (ours to write), one page with the
// producer's, then the data twice in a row, so that a record never wraps. A record is preceded by
// 8 bytes: length with a busy and a discard bit, and a page offset. Source: the kernel's
// kernel/bpf/ringbuf.c.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace saker::sensor {

class RingReader {
public:
  // `map_fd` must outlive the reader; `bytes` is the size that the map was made with.
  [[nodiscard]] static Result<RingReader> open(int map_fd, std::size_t bytes);
  RingReader(RingReader&& other) noexcept;
  RingReader& operator=(RingReader&& other) noexcept;
  RingReader(const RingReader&) = delete;
  RingReader& operator=(const RingReader&) = delete;
  ~RingReader();

  // The next record and the position after it.
  struct Item {
    Bytes record;
    std::uint64_t end = 0;
  };
  // Takes the next record; false when there is none. Discarded ones are passed over.
  [[nodiscard]] bool next(Item& item);
  // Gives everything before `position` back to the kernel.
  void release(std::uint64_t position);

private:
  RingReader() = default;

  void* consumer_page_ = nullptr;
  const std::byte* producer_page_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t page_bytes_ = 0;
  std::uint64_t read_position_ = 0;
};

}  // namespace saker::sensor
