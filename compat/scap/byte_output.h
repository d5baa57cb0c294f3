// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where the bytes of a written capture go: a file, a gzip stream into another output, or memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace saker::scap {

class ByteOutput {
public:
  virtual ~ByteOutput() = default;

  // Takes all of `bytes` or fails with kIo; then part of them may have been written.
  [[nodiscard]] virtual Status write(Bytes bytes) = 0;

  // Writes what is buffered and ends the output. Must be the last call; without it the end may be
  // missing. Fails with kIo.
  [[nodiscard]] virtual Status close() = 0;
};

enum class FileCreation : std::uint8_t {
  kReplace,  // empties a file that is there
  kNew,      // fails when there is anything at the path, be it a link: for names that others guess
};

// Creates the file `path`, readable by its owner only: captures hold arguments, environments and
// data of every process. Fails with kPermission, kNotFound, kIo.
[[nodiscard]] Result<std::unique_ptr<ByteOutput>> create_file_output(
    const std::string& path, FileCreation creation = FileCreation::kReplace);

// Appends to `bytes`, which the caller keeps alive.
[[nodiscard]] std::unique_ptr<ByteOutput> make_memory_output(std::vector<std::byte>& bytes);

// Compresses into `compressed` as one gzip member.
[[nodiscard]] Result<std::unique_ptr<ByteOutput>> make_gzip_output(
    std::unique_ptr<ByteOutput> compressed);

}  // namespace saker::scap
