// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Splits the bytes of a capture into blocks, in a window that slides over the input. Lengths are
// not trusted: the window grows only as far as bytes really arrive, and never above the bound of
// the block's kind.
//
//   Block block;
//   while (reader.try_next(block)) { use(block); reader.consume(block); }   // no input, no copying
//   reader.fetch(block);   // may move the window: every earlier Block is invalid now
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compat/scap/block_types.h"
#include "compat/scap/byte_input.h"
#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace saker::scap {

struct Block {
  std::uint32_t number = 0;
  Bytes body;                // between the lengths; up to 3 bytes of padding at the end
  std::uint64_t offset = 0;  // of the block in the (decompressed) capture
};

class BlockReader {
public:
  enum class Fetch : std::uint8_t { kBlock, kEnd };

  // `input` is read in pieces into a buffer.
  explicit BlockReader(std::unique_ptr<ByteInput> input);
  // Looks at `memory`, which the caller keeps alive; nothing is copied.
  explicit BlockReader(Bytes memory);

  // Yields the block at the cursor if it lies in the window as a whole and its lengths agree.
  [[nodiscard]] bool try_next(Block& block) const {
    const std::size_t available = window_.size() - at_;
    if (available < kMinBlockBytes) {
      return false;
    }
    const std::byte* start = window_.data() + at_;
    const std::size_t length = load_le<std::uint32_t>(start + 4);
    if (length < kMinBlockBytes || length > available || length % 4 != 0 ||
        load_le<std::uint32_t>(start + length - kBlockTrailerBytes) != length) {
      return false;
    }
    block.number = load_le<std::uint32_t>(start);
    block.body = Bytes(start + kBlockHeaderBytes, length - kMinBlockBytes);
    block.offset = window_offset_ + at_;
    return true;
  }

  // Moves the cursor behind `block`, which try_next() or fetch() yielded last.
  void consume(const Block& block) { at_ += block.body.size() + kMinBlockBytes; }

  // What lies in the window from the cursor on; advance() moves the cursor over some of it.
  [[nodiscard]] Bytes window() const { return window_.subspan(at_); }
  void advance(std::size_t count) { at_ += count; }

  // Reads until the block at the cursor is complete. Unknown blocks longer than the window are
  // skipped on the way. Fails with kIo, or with kCorruptInput and the text, offset and kind of what
  // is wrong; the cursor stays.
  [[nodiscard]] Result<Fetch> fetch(Block& block);

  // Returns up to `count` bytes at the cursor, fewer only at the end. Borrowed like a block; may
  // move the window. Fails with kIo or kCorruptInput.
  [[nodiscard]] Result<Bytes> peek(std::size_t count);

  // Blocks that fetch() skipped so far.
  [[nodiscard]] std::uint64_t skipped_count() const { return skipped_count_; }
  [[nodiscard]] std::uint64_t offset() const { return window_offset_ + at_; }

private:
  // Reads until `count` bytes lie behind the cursor or the input ends. Moves the window.
  Status fill(std::size_t count);
  // Reads the header at the cursor. Returns the block's length, checked on its own, or 0 at the
  // end.
  Result<std::uint32_t> fetch_length();
  // Skips a block without holding it. Its trailing length is not looked at.
  Status skip(std::uint32_t length, std::uint32_t number);
  [[nodiscard]] std::size_t available() const { return window_.size() - at_; }

  std::unique_ptr<ByteInput> input_;  // null: memory, or the end was reached
  std::vector<std::byte> buffer_;
  Bytes window_;
  std::size_t at_ = 0;
  std::uint64_t window_offset_ = 0;  // of the window in the capture
  std::uint64_t skipped_count_ = 0;
  bool ended_early_ = false;
};

// An error that names a block: "`message` in the <kind> block at offset N".
[[nodiscard]] tl::unexpected<Error> fail_block(std::string_view message, std::uint32_t number,
                                               std::uint64_t offset);

}  // namespace saker::scap
