// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/gzip_lines.h"

#include <zlib.h>

#include <cstring>

#include <gtest/gtest.h>

namespace saker::testing {

GzipLines::GzipLines(const std::string& path) : buffer_(1 << 18) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    ADD_FAILURE() << "cannot open " << path;
    return;
  }
  file_ = std::shared_ptr<void>(file, [](void* f) { gzclose(static_cast<gzFile>(f)); });
}

bool GzipLines::fill() {
  const int count = file_ == nullptr ? 0
                                     : gzread(static_cast<gzFile>(file_.get()), buffer_.data(),
                                              static_cast<unsigned>(buffer_.size()));
  at_ = 0;
  end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  return end_ > 0;
}

bool GzipLines::next(std::string& line) {
  line.clear();
  while (true) {
    if (at_ == end_ && !fill()) {
      return !line.empty();
    }
    const void* feed = std::memchr(buffer_.data() + at_, '\n', end_ - at_);
    const std::size_t stop =
        feed == nullptr ? end_
                        : static_cast<std::size_t>(static_cast<const char*>(feed) - buffer_.data());
    line.append(buffer_.data() + at_, stop - at_);
    at_ = stop;
    if (feed != nullptr) {
      ++at_;
      return true;
    }
  }
}

}  // namespace saker::testing
