// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The JSON text of newer container events, made from the separate parameters of the oldest ones.
#pragma once

#include <string>

#include "engine/event/event_view.h"

namespace saker::scap {

// `event` is of type kContainerE: id, type, name, image. Returns
// {"container":{"id":…,"type":N,"name":…,"image":…}} with the terminating NUL of a text parameter.
[[nodiscard]] std::string container_json(const EventView& event);

}  // namespace saker::scap
