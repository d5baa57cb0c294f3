// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "outputs/sink.h"

namespace saker {

// Writes all of `bytes` to `fd` and takes from them what was written. When the destination takes
// nothing for a while (a full pipe), waits for it until `stop` is set. Fails with kIo; `bytes` are
// the rest then. `name` is what the error calls the destination.
[[nodiscard]] Status write_bytes(int fd, std::string_view& bytes, const StopSignal& stop,
                                 const std::string& name);

}  // namespace saker
