// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where the bytes of a decoded YAML scalar stand in the file. yaml-cpp only tells where a scalar
// begins, so the raw text is read again beside the decoded one: both hold the same characters
// except for white space (folding, indentation) and for what quotes escape.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"

namespace saker {

// The scalar as it stands in the file.
struct ScalarPlace {
  SourceSpan whole;  // with quotes, block indicators and anchors; its first line when unsure
  // For SourceMap::add_virtual; empty when the two texts cannot be laid side by side, then every
  // byte maps to `whole`.
  std::vector<SourceSegment> segments;
};

// `raw`: the file's text, registered as `source`; `offset`: where the node begins; `decoded`: the
// scalar's value.
[[nodiscard]] ScalarPlace place_scalar(std::string_view raw, SourceId source, std::uint32_t offset,
                                       std::string_view decoded);

}  // namespace saker
