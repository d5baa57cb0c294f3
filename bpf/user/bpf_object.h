// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The loaded BPF programs. Adapter: the only place that knows libbpf.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bpf/user/live_options.h"
#include "engine/base/result.h"

namespace saker::sensor {

class BpfObject {
public:
  // Loads every program and attaches the dispatchers; events flow from then on. Fails with
  // kUnsupported (no programs in this build, no BTF), kPermission, kLimit (too many CPUs), or kIo
  // with the name of the refused program and the end of the verifier's log.
  [[nodiscard]] static Result<std::unique_ptr<BpfObject>> load(const LiveOptions& options,
                                                               std::uint64_t boot_epoch_ns);
  virtual ~BpfObject() = default;

  // Changes what the kernel delivers, without a gap. Fails when a tracepoint cannot be attached;
  // the selection then holds except for enter events.
  [[nodiscard]] virtual Status select(const Selection& selection) = 0;
  // Compares what runs in the kernel with what this object put there. Returns a sentence for each
  // thing that somebody else changed: a program taken off its tracepoint, the choice of calls
  // rewritten (put back then), programs that do not run. From any thread.
  [[nodiscard]] virtual std::vector<std::string> inspect() = 0;
  // Of all CPUs together, and of each.
  [[nodiscard]] virtual Ledger ledger() const = 0;
  [[nodiscard]] virtual std::vector<Ledger> ledgers() const = 0;
  // Takes all programs off their tracepoints; the ledger is final a moment later.
  virtual void detach() = 0;
  // Map descriptors of the ring buffers; they live as long as the object.
  [[nodiscard]] virtual const std::vector<int>& ring_fds() const = 0;
  [[nodiscard]] virtual std::uint32_t ring_bytes() const = 0;
  [[nodiscard]] virtual std::vector<ProgramReport> programs() const = 0;
  // One sentence per thing that this kernel does not let us see; events go on without it.
  [[nodiscard]] virtual const std::vector<std::string>& missing() const = 0;
};

// kLimit when a machine that can have `cpus` CPUs has more than the programs keep counts for.
[[nodiscard]] Status check_cpu_count(std::uint32_t cpus);

}  // namespace saker::sensor
