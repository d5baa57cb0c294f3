// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Listings as indented JSON, keys sorted, a line feed at the end.
#pragma once

#include <span>
#include <string>

#include "compat/cli/event_groups.h"
#include "engine/field/field_catalogue.h"

namespace saker::cli {

[[nodiscard]] std::string field_classes_json(std::span<const FieldClass* const> classes);
[[nodiscard]] std::string event_groups_json(std::span<const EventGroup> groups);

}  // namespace saker::cli
