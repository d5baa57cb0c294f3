// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What is wrong with something a person wrote. A pass reports into the sink and goes on, so that
// one run shows every problem; the load ends with ErrorCode::kRejected when the sink holds errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"

namespace saker {

enum class Severity : std::uint8_t { kNote, kWarning, kError };

// Stable codes, one row each in diagnostic_codes.inc; docs/diagnostics.md has a section for every
// one.
enum class DiagnosticCode : std::uint16_t {
#define SAKER_DIAGNOSTIC(enumerator, text, sentence) enumerator,
#include "engine/base/diagnostic_codes.inc"
#undef SAKER_DIAGNOSTIC
};

// Returns the code as users see it, for example "unknown-field".
[[nodiscard]] std::string_view to_text(DiagnosticCode code);

struct DiagnosticNote {
  SourceSpan span;
  std::string message;  // for example: in macro 'spawned_shell', used here
};

struct Diagnostic {
  Severity severity = Severity::kError;
  DiagnosticCode code{};
  SourceSpan span;
  std::string message;
  std::vector<DiagnosticNote> notes;  // outermost use first
  std::string hint;                   // what to do; empty when there is nothing useful to say
};

class Diagnostics {
public:
  static constexpr std::size_t kMaxKept = 200;

  // Keeps the first kMaxKept; later ones only count.
  void add(Diagnostic diagnostic);

  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  [[nodiscard]] bool has_errors() const { return error_count_ > 0; }
  [[nodiscard]] std::size_t error_count() const { return error_count_; }
  [[nodiscard]] std::size_t not_kept_count() const { return not_kept_count_; }

private:
  std::vector<Diagnostic> all_;
  std::size_t error_count_ = 0;
  std::size_t not_kept_count_ = 0;
};

// Renders one diagnostic with source line, caret, notes and hint, as docs/diagnostics.md shows it.
[[nodiscard]] std::string render_text(const Diagnostic& diagnostic, const SourceMap& sources);

// Returns the candidate nearest to `word` by edit distance, or an empty view when none is near
// enough (distance at most a third of the word's length).
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& candidates);

}  // namespace saker
