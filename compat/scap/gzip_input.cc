// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/gzip_input.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace saker::scap {

namespace {

constexpr std::size_t kInputBytes = 65536;
// 15: the largest window of the format; + 16: expect gzip, not zlib framing. Source: zlib.h.
constexpr int kGzipWindowBits = 15 + 16;

class GzipInput : public ByteInput {
public:
  explicit GzipInput(std::unique_ptr<ByteInput> compressed)
      : compressed_(std::move(compressed)), input_(kInputBytes) {}
  GzipInput(const GzipInput&) = delete;
  GzipInput& operator=(const GzipInput&) = delete;
  ~GzipInput() override {
    if (is_ready_) {
      ::inflateEnd(&stream_);
    }
  }

  Status start() {
    if (::inflateInit2(&stream_, kGzipWindowBits) != Z_OK) {
      return fail(ErrorCode::kLimit, "zlib did not start");
    }
    is_ready_ = true;
    return {};
  }

  Result<std::size_t> read(std::span<std::byte> into) override {
    std::size_t produced = 0;
    while (produced == 0 && !is_at_end_ && !fault_ && !into.empty()) {
      produced = step(into);
    }
    if (produced == 0 && fault_) {
      return tl::unexpected<Error>(*fault_);
    }
    return produced;
  }

  bool ended_early() const override { return ended_early_; }

private:
  // Inflates once. Sets is_at_end_ or fault_ when nothing more will come.
  std::size_t step(std::span<std::byte> into) {
    if (stream_.avail_in == 0 && !fill()) {
      return 0;
    }
    if (is_between_members_ && !start_member()) {
      return 0;
    }
    const std::size_t room = std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(room);
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t produced = room - stream_.avail_out;
    if (code == Z_STREAM_END) {
      is_between_members_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      fault_ = Error{ErrorCode::kCorruptInput,
                     std::string("damaged gzip stream: ") +
                         (stream_.msg != nullptr ? stream_.msg : "unknown reason")};
    }
    return produced;
  }

  // Reads compressed bytes; false at their end.
  bool fill() {
    auto got = compressed_->read(input_);
    if (!got) {
      fault_ = std::move(got).error();
      return false;
    }
    if (*got == 0) {
      is_at_end_ = true;
      ended_early_ = !is_between_members_;
      return false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(*got);
    return true;
  }

  // After a member: begins the next one, or ends at bytes that are none. One byte is enough to
  // tell here: what follows 0x1f is checked by inflate().
  bool start_member() {
    constexpr Bytef kMagic = 0x1f;
    if (*stream_.next_in != kMagic) {
      is_at_end_ = true;
      return false;
    }
    ::inflateReset(&stream_);
    is_between_members_ = false;
    return true;
  }

  std::unique_ptr<ByteInput> compressed_;
  std::vector<std::byte> input_;
  z_stream stream_{};
  bool is_ready_ = false;
  bool is_between_members_ = false;
  bool is_at_end_ = false;
  bool ended_early_ = false;
  std::optional<Error> fault_;
};

}  // namespace

bool is_gzip(Bytes head) {
  return head.size() >= 2 && head[0] == std::byte{0x1f} && head[1] == std::byte{0x8b};
}

Result<std::unique_ptr<ByteInput>> make_gzip_input(std::unique_ptr<ByteInput> compressed) {
  auto input = std::make_unique<GzipInput>(std::move(compressed));
  SAKER_RETURN_IF_ERROR(input->start());
  return input;
}

}  // namespace saker::scap
