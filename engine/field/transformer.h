// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Functions that conditions and outputs apply to fields: tolower, toupper, b64, basename, len,
// join, concat, getopt. Source: falco-compat.md 1.7.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/base/result.h"
#include "engine/field/value.h"

namespace saker {

struct TransformerInfo;

// Null when the name is unknown.
[[nodiscard]] const TransformerInfo* find_transformer(std::string_view name);

// What goes into a transformer, known at load time.
struct TransformerInput {
  ParamType type = ParamType::kNone;
  bool is_list = false;
  std::string description;  // field name for messages
};

struct TransformerOutput {
  ParamType type = ParamType::kNone;
  bool is_list = false;
};

// Checks input types and the bracket argument; errors carry Falco's texts.
[[nodiscard]] Result<TransformerOutput> check_transformer(const TransformerInfo& info,
                                                          std::span<const TransformerInput> inputs,
                                                          bool has_argument,
                                                          std::string_view argument);

// Applies the transformer. Values built go to `arena`; any missing input gives no value where the
// spec says so.
[[nodiscard]] Value apply_transformer(const TransformerInfo& info, std::span<const Value> inputs,
                                      std::span<const TransformerInput> types,
                                      std::string_view argument, Arena& arena);

}  // namespace saker
