// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Flood control that loses no evidence: of equal alerts the first goes out at once; the others are
// counted, and a summary follows when the window ends.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "outputs/message.h"
#include "outputs/sink.h"

namespace saker {

struct FoldOptions {
  std::chrono::milliseconds window{60000};
  // Output fields that, with the rule, make alerts equal. Empty: the whole message and every field
  // except the times and the number of the event.
  std::vector<std::string> fields;
  std::size_t max_keys = 4096;  // with so many windows open, further alerts pass unfolded
};

class Folder {
public:
  explicit Folder(FoldOptions options) : options_(std::move(options)) {}

  // True: the message is counted in an open window and must not be sent. What the product says of
  // itself (notices: metrics, lost events, troubles) is never folded: no two of them say the same.
  [[nodiscard]] bool fold(const OutputMessage& message, SteadyTime now);

  struct Summary {
    OutputMessage message;
    std::uint64_t folded_count;
  };
  // Ends the windows that are over at `now`; those without folded alerts give no summary.
  [[nodiscard]] std::vector<Summary> close_windows(SteadyTime now);
  // When the next window ends; the clock's maximum when none is open.
  [[nodiscard]] SteadyTime next_end() const;

private:
  struct Window {
    OutputMessage first;
    std::uint64_t last_ts_ns;
    std::string last_id;
    std::uint64_t folded_count = 0;
  };
  struct End {
    SteadyTime time;
    std::string key;
  };

  [[nodiscard]] std::string key_of(const OutputMessage& message) const;

  FoldOptions options_;
  std::unordered_map<std::string, Window> windows_;
  std::deque<End> ends_;  // in order of time: all windows are equally long
};

}  // namespace saker
