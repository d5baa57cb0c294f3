// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/lang/macro_resolver.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/check.h"

namespace saker {

namespace {

std::size_t index_of(ExpansionId id) {
  return static_cast<std::size_t>(id);
}

// Copies one tree. Recursion is bounded by kMaxTreeDepth.
class Copier {
public:
  Copier(const MacroResolver::Lookup& lookup, ExpansionTable& expansions)
      : lookup_(lookup), expansions_(expansions) {}

  // One tree that is being copied: the condition itself or the body of a macro in use.
  struct Frame {
    std::string_view macro;  // empty for the condition
    ExpansionId use = ExpansionId::kNone;
    SourceSpan outermost_use;
    const Frame* outer = nullptr;
    // A body that was resolved before has expansions of its own. They are repeated below `use`,
    // because each use of a macro has its own chain.
    std::unordered_map<std::uint32_t, ExpansionId> repeated = {};
  };

  // Returns null after an error that leaves no tree; goes on after an undefined macro, in search of
  // a loop.
  std::unique_ptr<Node> copy(const Node& from, Frame& frame, std::size_t depth) {
    if (++node_count_ > MacroResolver::kMaxNodes || depth > MacroResolver::kMaxTreeDepth) {
      set_error(MacroError::Kind::kTooLarge, from, frame);
      return nullptr;
    }
    const ExpansionId expansion = expansion_of(from.expansion, frame);
    if (from.kind == NodeKind::kMacro) {
      return copy_macro(from, frame, expansion, depth);
    }
    auto to = std::make_unique<Node>();
    to->kind = from.kind;
    to->check = from.check;
    to->span = from.span;
    to->expansion = expansion;
    to->children.reserve(from.children.size());
    for (const std::unique_ptr<Node>& child : from.children) {
      to->children.push_back(copy(*child, frame, depth + 1));
      if (must_stop()) {
        return nullptr;
      }
    }
    return to;
  }

  [[nodiscard]] const std::optional<MacroError>& error() const { return error_; }
  std::vector<std::string> take_used() { return std::move(used_); }

private:
  std::unique_ptr<Node> copy_macro(const Node& name, Frame& frame, ExpansionId expansion,
                                   std::size_t depth) {
    for (const Frame* outer = &frame; outer != nullptr; outer = outer->outer) {
      if (outer->macro == name.macro) {
        set_error(MacroError::Kind::kLoop, name, frame);
        return nullptr;
      }
    }
    const Node* body = lookup_(name.macro);
    if (body == nullptr) {
      set_error(MacroError::Kind::kUndefined, name, frame);
      return nullptr;
    }
    if (std::find(used_.begin(), used_.end(), name.macro) == used_.end()) {
      used_.push_back(name.macro);
    }
    Frame inner{.macro = name.macro,
                .use = expansions_.add(
                    Expansion{.macro = name.macro, .use = name.span, .parent = expansion}),
                .outermost_use = frame.outer == nullptr ? name.span : frame.outermost_use,
                .outer = &frame};
    return copy(*body, inner, depth + 1);
  }

  // Returns the id for a node of the frame's body that had `id`.
  ExpansionId expansion_of(ExpansionId id, Frame& frame) {
    if (id == ExpansionId::kNone) {
      return frame.use;
    }
    if (frame.outer == nullptr) {
      return id;
    }
    // From the outermost expansion that is not repeated yet to `id` itself.
    std::vector<ExpansionId> missing;
    ExpansionId parent = frame.use;
    for (ExpansionId at = id; at != ExpansionId::kNone; at = expansions_.get(at).parent) {
      const auto known = frame.repeated.find(static_cast<std::uint32_t>(at));
      if (known != frame.repeated.end()) {
        parent = known->second;
        break;
      }
      missing.push_back(at);
    }
    for (; !missing.empty(); missing.pop_back()) {
      Expansion repeated = expansions_.get(missing.back());
      repeated.parent = parent;
      parent = expansions_.add(std::move(repeated));
      frame.repeated.emplace(static_cast<std::uint32_t>(missing.back()), parent);
    }
    return parent;
  }

  void set_error(MacroError::Kind kind, const Node& at, const Frame& frame) {
    if (error_ &&
        (error_->kind != MacroError::Kind::kUndefined || kind == MacroError::Kind::kUndefined)) {
      return;
    }
    MacroError error{.kind = kind,
                     .macro = at.kind == NodeKind::kMacro ? at.macro : std::string(frame.macro),
                     .span = at.span,
                     .expansion = frame.use,
                     .outermost_use = frame.outer == nullptr ? at.span : frame.outermost_use};
    switch (kind) {
      case MacroError::Kind::kUndefined:
        error.message = "Undefined macro '" + error.macro + "' used in filter.";
        break;
      case MacroError::Kind::kLoop:
        error.message = "reference loop in macro '" + error.macro + "'";
        break;
      case MacroError::Kind::kTooLarge:
        error.message = "condition is too large or too deep after its macros were put in";
        break;
    }
    error_ = std::move(error);
  }

  [[nodiscard]] bool must_stop() const {
    return error_ && error_->kind != MacroError::Kind::kUndefined;
  }

  const MacroResolver::Lookup& lookup_;
  ExpansionTable& expansions_;
  std::vector<std::string> used_;
  std::optional<MacroError> error_;
  std::size_t node_count_ = 0;
};

}  // namespace

ExpansionId ExpansionTable::add(Expansion expansion) {
  rows_.push_back(std::move(expansion));
  return ExpansionId{static_cast<std::uint32_t>(rows_.size() - 1)};
}

const Expansion& ExpansionTable::get(ExpansionId id) const {
  SAKER_CHECK(index_of(id) < rows_.size());
  return rows_[index_of(id)];
}

std::vector<DiagnosticNote> ExpansionTable::notes(ExpansionId id) const {
  std::vector<DiagnosticNote> out;
  for (; id != ExpansionId::kNone; id = get(id).parent) {
    const Expansion& expansion = get(id);
    out.push_back(DiagnosticNote{.span = expansion.use,
                                 .message = "in macro '" + expansion.macro + "', used here"});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

MacroResolver::MacroResolver(Lookup lookup, ExpansionTable& expansions)
    : lookup_(std::move(lookup)), expansions_(expansions) {}

tl::expected<ResolvedCondition, MacroError> MacroResolver::resolve(const Node& tree) {
  Copier copier(lookup_, expansions_);
  Copier::Frame frame;
  ResolvedCondition out{.tree = copier.copy(tree, frame, 0), .used_macros = {}};
  if (copier.error()) {
    return tl::unexpected(*copier.error());
  }
  out.used_macros = copier.take_used();
  return out;
}

}  // namespace saker
