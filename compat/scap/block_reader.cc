// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/block_reader.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

namespace saker::scap {

namespace {

// Bytes read at once: small enough to stay in the second-level cache until they are parsed.
constexpr std::size_t kChunkBytes = std::size_t{512} << 10;

std::size_t max_block_bytes(const BlockType& type) {
  if (type.kind != BlockKind::kEvent) {
    return kMaxListBlockBytes;
  }
  return type.is_large ? kMaxLargeEventBlockBytes : kMaxSmallBlockBytes + kBlockHeaderBytes;
}

std::string describe(std::uint32_t number) {
  const BlockType type = find_block_type(number);
  if (type.kind != BlockKind::kUnknown) {
    return std::string(to_text(type.kind)) + " block";
  }
  char text[32];
  std::snprintf(text, sizeof(text), "block of type 0x%x", static_cast<unsigned>(number));
  return text;
}

// Falco's text up to "read M" and from "Is" on.
tl::unexpected<Error> fail_truncated(std::size_t wanted, std::size_t got, std::string_view what,
                                     std::uint64_t offset) {
  return fail(ErrorCode::kCorruptInput, "expecting " + std::to_string(wanted) + " bytes, read " +
                                            std::to_string(got) + " of the " + std::string(what) +
                                            " at offset " + std::to_string(offset) +
                                            ". Is the file truncated?");
}

}  // namespace

tl::unexpected<Error> fail_block(std::string_view message, std::uint32_t number,
                                 std::uint64_t offset) {
  return fail(ErrorCode::kCorruptInput, std::string(message) + " in the " + describe(number) +
                                            " at offset " + std::to_string(offset));
}

BlockReader::BlockReader(std::unique_ptr<ByteInput> input) : input_(std::move(input)) {}

BlockReader::BlockReader(Bytes memory) : window_(memory) {}

Result<BlockReader::Fetch> BlockReader::fetch(Block& block) {
  std::uint32_t length = 0;
  while (true) {
    SAKER_ASSIGN_OR_RETURN(length, fetch_length());
    if (length == 0) {
      return Fetch::kEnd;
    }
    const auto number = load_le<std::uint32_t>(window_, at_);
    if (length <= kChunkBytes || find_block_type(number).kind != BlockKind::kUnknown) {
      break;
    }
    SAKER_RETURN_IF_ERROR(skip(length, number));
  }
  const auto number = load_le<std::uint32_t>(window_, at_);
  if (length > max_block_bytes(find_block_type(number))) {
    return fail_block("block total length " + std::to_string(length) + " is above the limit",
                      number, offset());
  }
  SAKER_RETURN_IF_ERROR(fill(length));
  if (available() < length) {
    return fail_truncated(length - kBlockHeaderBytes, available() - kBlockHeaderBytes,
                          describe(number), offset());
  }
  if (!try_next(block)) {
    const auto trailer = load_le<std::uint32_t>(window_, at_ + length - kBlockTrailerBytes);
    return fail_block("wrong block total length, header " + std::to_string(length) + ", trailer " +
                          std::to_string(trailer),
                      number, offset());
  }
  return Fetch::kBlock;
}

Result<std::uint32_t> BlockReader::fetch_length() {
  SAKER_RETURN_IF_ERROR(fill(kBlockHeaderBytes));
  if (available() == 0 && !ended_early_) {
    return 0;
  }
  if (available() < kBlockHeaderBytes) {
    return fail_truncated(kBlockHeaderBytes, available(), "block header", offset());
  }
  const auto number = load_le<std::uint32_t>(window_, at_);
  const auto length = load_le<std::uint32_t>(window_, at_ + 4);
  if (length < kMinBlockBytes || length % 4 != 0) {
    return fail_block("wrong block total length " + std::to_string(length), number, offset());
  }
  return length;
}

Result<Bytes> BlockReader::peek(std::size_t count) {
  SAKER_RETURN_IF_ERROR(fill(count));
  return window_.subspan(at_, std::min(count, available()));
}

Status BlockReader::fill(std::size_t count) {
  if (input_ == nullptr || available() >= count) {
    return {};
  }
  // Bring the rest to the front. A buffer that a long block needed is given back.
  const std::size_t rest = available();
  if (buffer_.size() > 4 * kChunkBytes && count <= kChunkBytes) {
    std::vector<std::byte> smaller(2 * kChunkBytes);
    std::copy_n(window_.data() + at_, rest, smaller.data());
    buffer_ = std::move(smaller);
  } else {
    if (buffer_.empty()) {
      buffer_.resize(kChunkBytes);
    }
    if (rest > 0) {
      std::memmove(buffer_.data(), window_.data() + at_, rest);
    }
  }
  window_offset_ += at_;
  at_ = 0;
  std::size_t filled = rest;
  Status status;
  while (filled < count) {
    if (filled == buffer_.size()) {
      buffer_.resize(2 * buffer_.size());
    }
    const std::size_t room = std::min(buffer_.size() - filled, kChunkBytes);
    auto got = input_->read(std::span(buffer_).subspan(filled, room));
    if (!got) {
      status = tl::unexpected<Error>(std::move(got).error().with_context(
          "at offset " + std::to_string(window_offset_ + filled)));
      break;
    }
    if (*got == 0) {
      ended_early_ = input_->ended_early();
      input_.reset();
      break;
    }
    filled += *got;
  }
  window_ = Bytes(buffer_).first(filled);
  return status;
}

Status BlockReader::skip(std::uint32_t length, std::uint32_t number) {
  const std::uint64_t start = offset();
  std::size_t left = length;
  while (left > 0) {
    SAKER_RETURN_IF_ERROR(fill(1));
    if (available() == 0) {
      return fail_truncated(length - kBlockHeaderBytes, length - left - kBlockHeaderBytes,
                            describe(number), start);
    }
    const std::size_t step = std::min(left, available());
    at_ += step;
    left -= step;
  }
  ++skipped_count_;
  return {};
}

}  // namespace saker::scap
