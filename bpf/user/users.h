// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Users and groups from the text of passwd and group files. NSS is not asked: it may go to the
// network, and it loads foreign code.
#pragma once

#include <string_view>
#include <vector>

#include "engine/event/snapshot.h"

namespace saker::sensor {

// Lines that do not follow the format are passed over. Source: man 5 passwd, man 5 group.
[[nodiscard]] std::vector<UserSnapshot> parse_passwd(std::string_view text);
[[nodiscard]] std::vector<GroupSnapshot> parse_group(std::string_view text);

}  // namespace saker::sensor
