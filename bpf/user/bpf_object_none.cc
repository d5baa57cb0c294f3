// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Stands in for bpf_object.cc in builds without BPF programs.
#include "bpf/user/bpf_object.h"

namespace saker::sensor {

Result<std::unique_ptr<BpfObject>> BpfObject::load(const LiveOptions& /*options*/,
                                                   std::uint64_t /*boot_epoch_ns*/) {
  return fail(ErrorCode::kUnsupported,
              "this build has no BPF programs (configured with SAKER_BUILD_BPF=OFF)");
}

}  // namespace saker::sensor
