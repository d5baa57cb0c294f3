// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <functional>
#include <string>

#include "engine/alert/notice.h"

namespace saker {

// Where an output's troubles are told; called from any thread.
using OutputLog = std::function<void(Priority priority, const std::string& text)>;

}  // namespace saker
