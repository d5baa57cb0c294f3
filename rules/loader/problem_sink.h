// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Collects what is wrong with the files of a load, one list a file, in the order of the passes.
// Falco stops at the first error of a file; we go on, and its view is the part up to there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"
#include "rules/loader/item_context.h"
#include "rules/loader/load_problem.h"

namespace saker {

// A place in the text of a condition, for Falco's "condition expression" step.
struct ExpressionPlace {
  std::string_view text;  // the expanded condition
  YamlMark position;      // the parser's: line and column from 1; {} when there is none
};

// What to report. `message` is Falco's text; the rest is for our own diagnostic.
struct Mistake {
  LoadCode code;
  DiagnosticCode diagnostic;
  std::string message;
  const ItemContext* context = nullptr;  // innermost step; its place is the snippet's
  std::optional<SourceSpan> span = {};   // where we point; else the context's place
  std::string own_message = {};          // else `message`, without its final dot
  std::string hint = {};
  std::vector<DiagnosticNote> notes = {};
  std::optional<ExpressionPlace> expression = {};  // adds a step below `context`
  std::string deprecated_field = {};
};

class ProblemSink {
public:
  // Warnings beyond this number per file are dropped, and errors beyond twice of it.
  static constexpr std::size_t kMaxPerFile = 20'000;

  explicit ProblemSink(const SourceMap& sources) : sources_(sources) {}

  void report(Mistake mistake);

  // Returns what was reported since the last call.
  [[nodiscard]] std::vector<LoadProblem> take();
  [[nodiscard]] bool has_errors() const { return has_errors_; }
  // Reported since then.
  [[nodiscard]] std::size_t count() const { return count_; }
  // True while hints are worth their time.
  [[nodiscard]] bool wants_hints() const { return problems_.size() < Diagnostics::kMaxKept; }

private:
  const SourceMap& sources_;
  std::vector<LoadProblem> problems_;
  std::size_t count_ = 0;  // dropped ones too
  bool has_errors_ = false;
};

}  // namespace saker
