// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Keeps a trouble that repeats itself from filling the log: it is told at once, then at most once
// per pause, with the number of times that went untold. Not safe from several threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "outputs/sink.h"

namespace saker {

class LogLimit {
public:
  explicit LogLimit(std::chrono::milliseconds pause) : pause_(pause) {}

  // What to log; nothing when the same text was logged a moment ago.
  [[nodiscard]] std::optional<std::string> told(std::string_view text, SteadyTime now) {
    const bool is_same = text == text_;
    if (is_same && now < next_) {
      ++untold_count_;
      return std::nullopt;
    }
    const std::uint64_t untold = std::exchange(untold_count_, 0);
    next_ = now + pause_;
    text_ = text;
    return is_same && untold > 0 ? text_ + " (" + std::to_string(untold) + " more times since)"
                                 : text_;
  }

private:
  std::chrono::milliseconds pause_;
  std::string text_;
  SteadyTime next_;
  std::uint64_t untold_count_ = 0;
};

}  // namespace saker
