// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Where in a rule file the reader is: rules content, rule 'X', value for 'tags'. Each step knows
// the one around it. Definitions keep theirs, so that a later mistake in a condition names the
// rule that it belongs to.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "engine/base/source_map.h"
#include "rules/loader/load_problem.h"

namespace saker {

struct ItemContext {
  ItemKind kind = ItemKind::kRulesContent;
  std::string name;
  YamlMark mark;
  SourceId file = SourceId::kNone;
  const ItemContext* parent = nullptr;

  // Span of the step's first byte in the file.
  [[nodiscard]] SourceSpan span() const { return SourceSpan{file, mark.offset, mark.offset + 1}; }
};

// Owns the contexts of a load; they stay where they are until it ends.
class ContextPool {
public:
  const ItemContext* root(SourceId file) {
    return &contexts_.emplace_back(ItemContext{.file = file});
  }
  const ItemContext* child(const ItemContext& parent, ItemKind kind, std::string name,
                           YamlMark mark) {
    return &contexts_.emplace_back(ItemContext{kind, std::move(name), mark, parent.file, &parent});
  }

private:
  std::deque<ItemContext> contexts_;
};

}  // namespace saker
