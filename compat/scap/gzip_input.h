// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Decompression of gzip streams, of one or several members. Memory is bounded whatever the stream
// claims: zlib's window, one input buffer and the caller's buffer.
#pragma once

#include <memory>

#include "compat/scap/byte_input.h"

namespace saker::scap {

// True if `head` starts like a gzip member. Source: RFC 1952.
[[nodiscard]] bool is_gzip(Bytes head);

// Bytes after the last member that do not start another one are ignored, as gzip(1) does.
[[nodiscard]] Result<std::unique_ptr<ByteInput>> make_gzip_input(
    std::unique_ptr<ByteInput> compressed);

}  // namespace saker::scap
