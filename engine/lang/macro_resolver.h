// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Puts the definitions of macros in the place of their names. A definition goes in as a sub-tree of
// its own, whatever stands around it; `a and m` with m = `b or c` stays `a and (b or c)`. Every
// node that comes from a macro carries the id of the use that brought it, so that diagnostics and
// explanations can say "in macro 'm', used here".
//
//   MacroResolver resolver(find_macro, expansions);
//   auto resolved = resolver.resolve(*tree);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "engine/base/diagnostics.h"
#include "engine/base/growth_limit.h"
#include "engine/base/source_map.h"
#include "engine/lang/ast.h"

namespace saker {

// One use of a macro.
struct Expansion {
  std::string macro;
  SourceSpan use;                           // the name, where it was used
  ExpansionId parent = ExpansionId::kNone;  // the expansion that the use itself stands in
};

// All uses of macros of a rule set; nodes refer to its rows by id.
class ExpansionTable {
public:
  ExpansionId add(Expansion expansion);
  [[nodiscard]] const Expansion& get(ExpansionId id) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  // Returns "in macro 'm', used here" for `id` and each expansion around it, outermost use first,
  // as Diagnostic::notes wants them. Empty for kNone.
  [[nodiscard]] std::vector<DiagnosticNote> notes(ExpansionId id) const;

private:
  std::vector<Expansion> rows_;
};

struct MacroError {
  enum class Kind : std::uint8_t { kUndefined, kLoop, kTooLarge };

  Kind kind = Kind::kUndefined;
  std::string macro;
  std::string
      message;      // Falco's: "Undefined macro 'm' used in filter.", "reference loop in macro 'm'"
  SourceSpan span;  // the name that failed
  ExpansionId expansion = ExpansionId::kNone;  // what the name stands in
  SourceSpan
      outermost_use;  // the name in the tree given to resolve(); `span` itself if it stands there
};

struct ResolvedCondition {
  std::unique_ptr<Node> tree;  // without macro nodes
  std::vector<std::string>
      used_macros;  // each once, in the order of their first use, nested ones too
};

class MacroResolver {
public:
  // Limits of a resolved tree. Falco has none, but nested definitions can double at each step, and
  // whatever walks a tree by recursion relies on the depth.
  static constexpr std::size_t kMaxNodes = growth_limit(300'000);
  static constexpr std::size_t kMaxTreeDepth = 1'000;

  // Returns the definition of a macro that is visible from the condition in hand, or null. The node
  // must live until resolve() returns; it may contain macro nodes and expansions of `expansions`.
  using Lookup = std::function<const Node*(std::string_view)>;

  // Both must outlive the resolver.
  MacroResolver(Lookup lookup, ExpansionTable& expansions);

  // Returns a copy of `tree` with all macros replaced. If several things are wrong, a loop is
  // reported before an undefined macro, as Falco does, and the first in the order of the text
  // before later ones. `tree` may be a definition itself.
  [[nodiscard]] tl::expected<ResolvedCondition, MacroError> resolve(const Node& tree);

private:
  Lookup lookup_;
  ExpansionTable& expansions_;
};

}  // namespace saker
