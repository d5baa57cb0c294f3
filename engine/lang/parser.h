// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Text of a condition to syntax tree. Accepts what Falco accepts and fails with Falco's message at
// Falco's position. Also reads the field expressions of output formats.
//
//   auto tree = parse_condition("proc.name = sh", source, kMaxRuleDepth);
//   if (!tree) { report(tree.error().message, tree.error().span(source)); }
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "engine/base/source_map.h"
#include "engine/lang/ast.h"

namespace saker {

// Limits of nested productions; a parenthesis costs about five.
inline constexpr unsigned kMaxFilterDepth = 100;
inline constexpr unsigned kMaxRuleDepth = 1000;

// The position is where the cursor stood. LF and CR each begin a new line.
struct ParseError {
  std::string message;       // "expected a ')' token"
  std::uint32_t index = 0;   // bytes from the beginning
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in bytes

  // Returns the cursor as an empty span of `source`.
  [[nodiscard]] SourceSpan span(SourceId source) const { return SourceSpan{source, index, index}; }
};

// Parses the whole of `text`. Every nested production counts against `max_depth`, whose largest
// legal value is kMaxRuleDepth; the recursion is bounded by it.
[[nodiscard]] tl::expected<std::unique_ptr<Node>, ParseError> parse_condition(std::string_view text,
                                                                              SourceId source,
                                                                              unsigned max_depth);

// Parses the longest field or transformer expression that `text` begins with, as it stands after
// '%' in an output format; sets `consumed` to its length (0 on failure). `base` is added to the
// spans, so that they fit a longer text of which `text` is a tail.
[[nodiscard]] tl::expected<Expr, ParseError> parse_output_expression(std::string_view text,
                                                                     SourceId source,
                                                                     std::size_t& consumed,
                                                                     std::uint32_t base = 0);

// Output formats take the longest prefix that both parses and compiles. Given a prefix of `text`
// of `length` bytes that is a whole expression, returns the length of the next shorter prefix that
// is one too, or 0. (proc.names -> proc.name; proc.aname[2] -> proc.aname.) Costs at most one parse
// of the prefix.
[[nodiscard]] std::size_t shorter_output_expression(std::string_view text, std::size_t length);

}  // namespace saker
