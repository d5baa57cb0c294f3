// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/health.h"

#include <algorithm>

namespace saker::metrics {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

std::string percent(double share) {
  return std::to_string(static_cast<int>(share * 100)) + " %";
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  out += '"';
}

}  // namespace

std::vector<std::string> HealthMonitor::look(const HealthInput& input) {
  std::vector<std::string> troubles = input.other_troubles;
  if (is_first_ || input.hits != hits_) {
    hits_ = input.hits;
    hits_ns_ = input.now_ns;
  }
  if (input.is_live && input.now_ns - hits_ns_ >= options_.blind_after_ns) {
    troubles.push_back("blind: the kernel programs have reported nothing for " +
                       std::to_string((input.now_ns - hits_ns_) / kNsPerSecond) + " s");
  }
  const std::uint64_t drops = input.drops - drops_;
  const std::uint64_t events = input.events - events_;
  if (input.is_live && !is_first_ && drops > 0) {
    const double share =
        static_cast<double>(drops) / static_cast<double>(std::max<std::uint64_t>(events, drops));
    if (share > options_.drop_threshold) {
      troubles.push_back("losing events: " + percent(share) + " of the last second's, limit " +
                         percent(options_.drop_threshold));
    }
  }
  drops_ = input.drops;
  events_ = input.events;
  for (const HealthInput::Output& output : input.outputs) {
    look_at_output(output, input.now_ns, troubles);
  }
  look_at_lookups(input, troubles);
  is_first_ = false;
  return troubles;
}

void HealthMonitor::look_at_lookups(const HealthInput& input, std::vector<std::string>& troubles) {
  const bool has_failed = input.lookups_failed != lookups_failed_;
  lookups_worse_ns_ = has_failed ? input.now_ns : lookups_worse_ns_;
  const bool is_quiet = input.now_ns - lookups_worse_ns_ >= 2 * options_.dead_output_after_ns;
  if (is_first_ || input.lookups_found != lookups_found_ || lookups_worse_ns_ == 0 || is_quiet) {
    lookups_fine_ns_ = input.now_ns;
  }
  lookups_found_ = input.lookups_found;
  lookups_failed_ = input.lookups_failed;
  if (input.now_ns - lookups_fine_ns_ >= options_.dead_output_after_ns) {
    troubles.push_back("container metadata: no look-up has succeeded for " +
                       std::to_string((input.now_ns - lookups_fine_ns_) / kNsPerSecond) + " s, " +
                       std::to_string(input.lookups_failed) + " failed");
  }
}

void HealthMonitor::look_at_output(const HealthInput::Output& output, std::uint64_t now_ns,
                                   std::vector<std::string>& troubles) {
  const auto [row, is_new] = outputs_.try_emplace(std::string(output.name));
  OutputMemory& memory = row->second;
  const bool has_delivered = is_new || output.delivered != memory.delivered;
  const bool has_lost = !is_new && output.lost != memory.lost;
  if (has_delivered || output.waiting == 0) {
    memory.fine_ns = now_ns;
  }
  // One that loses everything has nothing waiting, but is not fine. A single loss is told by the
  // counters and the log.
  const bool is_over = now_ns - memory.last_loss_ns >= options_.dead_output_after_ns;
  if (has_delivered || (is_over && !has_lost)) {
    memory.losing_since_ns = 0;
  } else if (has_lost) {
    memory.losing_since_ns =
        memory.losing_since_ns == 0 ? memory.looked_ns : memory.losing_since_ns;
    memory.last_loss_ns = now_ns;
  }
  memory.delivered = output.delivered;
  memory.lost = output.lost;
  memory.looked_ns = now_ns;
  std::uint64_t since_ns = memory.fine_ns;
  if (memory.losing_since_ns != 0 &&
      memory.last_loss_ns - memory.losing_since_ns >= options_.dead_output_after_ns) {
    since_ns = std::min(since_ns, memory.losing_since_ns);
  }
  if (now_ns - since_ns >= options_.dead_output_after_ns) {
    troubles.push_back("output " + std::string(output.name) + " has delivered nothing for " +
                       std::to_string((now_ns - since_ns) / kNsPerSecond) + " s; " +
                       std::to_string(output.waiting) + " alerts wait, " +
                       std::to_string(output.lost) + " are lost");
  }
}

std::string health_body(const std::vector<std::string>& troubles) {
  if (troubles.empty()) {
    return R"({"status": "ok"})";
  }
  std::string body = R"({"status": "failing", "reasons": [)";
  for (const std::string& trouble : troubles) {
    body += body.ends_with('[') ? "" : ", ";
    append_json(body, trouble);
  }
  return body + "]}";
}

}  // namespace saker::metrics
