// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What /proc knows of threads that no event introduced (the event was lost), and whether quiet
// threads still run. Bounded: /proc is slow, and whoever makes the sensor lose events could make it
// busy with this, too.
#pragma once

#include <cstdint>
#include <string>

#include "app/token_bucket.h"
#include "engine/state/state.h"

namespace saker::app {

class ProcFacts final : public FactSource {
public:
  explicit ProcFacts(std::string proc_root);

  bool find_thread(std::int64_t tid, ThreadSnapshot& thread, FdListSnapshot& fds) override;
  bool is_alive(std::int64_t pid, std::int64_t tid, std::uint64_t seen_ts_ns) override;

private:
  std::string proc_root_;
  std::uint64_t boot_epoch_ns_;
  TokenBucket lookups_;
};

}  // namespace saker::app
