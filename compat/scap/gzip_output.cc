// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The compressing output of byte_output.h.
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "compat/scap/byte_output.h"

namespace saker::scap {

namespace {

constexpr std::size_t kOutputBytes = 65536;
// + 16: gzip, not zlib framing. Source: zlib.h.
constexpr int kGzipWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;  // zlib's default

class GzipOutput : public ByteOutput {
public:
  explicit GzipOutput(std::unique_ptr<ByteOutput> compressed)
      : compressed_(std::move(compressed)), output_(kOutputBytes) {}
  GzipOutput(const GzipOutput&) = delete;
  GzipOutput& operator=(const GzipOutput&) = delete;
  ~GzipOutput() override {
    if (is_ready_) {
      ::deflateEnd(&stream_);
    }
  }

  Status start() {
    if (::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindowBits, kMemoryLevel,
                       Z_DEFAULT_STRATEGY) != Z_OK) {
      return fail(ErrorCode::kLimit, "zlib did not start");
    }
    is_ready_ = true;
    return {};
  }

  Status write(Bytes bytes) override {
    while (!bytes.empty()) {
      const std::size_t piece =
          std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
      // zlib takes a non-const pointer but only reads.
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): interface of zlib
      stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(piece);
      SAKER_RETURN_IF_ERROR(deflate_all(Z_NO_FLUSH));
      bytes = bytes.subspan(piece);
    }
    return {};
  }

  Status close() override {
    stream_.next_in = nullptr;
    stream_.avail_in = 0;
    Status status = deflate_all(Z_FINISH);
    Status closed = compressed_->close();
    return status ? closed : status;
  }

private:
  // Compresses the input given; with Z_FINISH also ends the stream.
  Status deflate_all(int flush) {
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
      stream_.avail_out = static_cast<uInt>(output_.size());
      ::deflate(&stream_, flush);  // cannot fail with buffers of ours
      const std::size_t produced = output_.size() - stream_.avail_out;
      SAKER_RETURN_IF_ERROR(compressed_->write(Bytes(output_).first(produced)));
    } while (stream_.avail_out == 0);
    return {};
  }

  std::unique_ptr<ByteOutput> compressed_;
  std::vector<std::byte> output_;
  z_stream stream_{};
  bool is_ready_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteOutput>> make_gzip_output(std::unique_ptr<ByteOutput> compressed) {
  auto output = std::make_unique<GzipOutput>(std::move(compressed));
  SAKER_RETURN_IF_ERROR(output->start());
  return output;
}

}  // namespace saker::scap
