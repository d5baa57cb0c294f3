// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// -L and -l: loaded rules, macros and lists as a table or as JSON. Source: falco-compat.md 2.10.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "rules/loader/describe_rules.h"

namespace saker::cli {

// Names and descriptions of all rules, or of the one named. Fails with kNotFound when there is none
// of that name.
[[nodiscard]] Result<std::string> describe_text(const RulesDescription& description,
                                                std::optional<std::string_view> rule = {});

// One line of JSON with everything, or with the one rule.
[[nodiscard]] Result<std::string> describe_json(const RulesDescription& description,
                                                std::optional<std::string_view> rule = {});

}  // namespace saker::cli
