// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/http/http_gzip.h"

#include <zlib.h>

#include "engine/base/check.h"

namespace saker {

std::string gzip(std::string_view text) {
  constexpr int kGzipWindow = 15 + 16;  // largest window, gzip header. Source: zlib.h, deflateInit2
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  SAKER_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                           Z_DEFAULT_STRATEGY) == Z_OK);
  std::string input(text);  // zlib's input is not const
  std::string out(deflateBound(&stream, input.size()), '\0');
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): zlib counts unsigned bytes
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  SAKER_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace saker
