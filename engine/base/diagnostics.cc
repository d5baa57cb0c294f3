// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/base/diagnostics.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/edit_distance.h"

namespace saker {

namespace {

constexpr std::string_view kCodeTexts[] = {
#define SAKER_DIAGNOSTIC(enumerator, text, sentence) text,
#include "engine/base/diagnostic_codes.inc"
#undef SAKER_DIAGNOSTIC
};

constexpr std::string_view kSeverityTexts[] = {"note", "warning", "error"};
constexpr std::size_t kMaxLineBytes = 160;
constexpr std::size_t kMaxWordBytes = 128;  // longer words get no hint: the search is quadratic

void render_place(std::string& out, const SourceLocation& at) {
  if (at.line == 0) {
    return;
  }
  out += at.file;
  out += ':';
  out += std::to_string(at.line);
  out += ':';
  out += std::to_string(at.column);
  out += ": ";
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20U || c == '\x7f';
}

// Appends `text` so that no terminal takes any of it for a command.
void append_visible(std::string& out, std::string_view text) {
  for (const char c : text) {
    out += is_control(c) && c != '\t' ? '?' : c;
  }
}

// The source line and a caret line below it. Long lines are cut around the span. Columns count
// bytes, the caret stands below characters.
void render_snippet(std::string& out, const SourceLocation& at) {
  if (at.line == 0) {
    return;
  }
  std::string_view line = at.line_text;
  std::size_t column = std::min<std::size_t>(at.column - 1, line.size());
  if (line.size() > kMaxLineBytes) {
    std::size_t start = column > kMaxLineBytes / 2 ? column - kMaxLineBytes / 2 : 0;
    while (start < column && is_continuation(line[start])) {
      ++start;
    }
    std::size_t length = std::min(kMaxLineBytes, line.size() - start);
    while (start + length < line.size() && is_continuation(line[start + length])) {
      ++length;
    }
    line = line.substr(start, length);
    column -= start;
  }
  out += "  ";
  append_visible(out, line);
  out += "\n  ";
  for (const char c : line.substr(0, column)) {
    if (c == '\t') {
      out += '\t';
    } else if (!is_continuation(c)) {
      out += ' ';
    }
  }
  out += '^';
  const std::string_view marked = line.substr(column, at.length);
  const auto width = static_cast<std::size_t>(
      std::count_if(marked.begin(), marked.end(), [](char c) { return !is_continuation(c); }));
  if (width > 1) {
    out.append(width - 1, '~');
  }
  out += '\n';
}

}  // namespace

std::string_view to_text(DiagnosticCode code) {
  return kCodeTexts[static_cast<std::size_t>(code)];
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::kError) {
    ++error_count_;
  }
  if (all_.size() >= kMaxKept) {
    ++not_kept_count_;
    return;
  }
  all_.push_back(std::move(diagnostic));
}

std::string render_text(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::string out;
  const SourceLocation at = sources.locate(diagnostic.span);
  render_place(out, at);
  out += kSeverityTexts[static_cast<std::size_t>(diagnostic.severity)];
  out += ": ";
  append_visible(out, diagnostic.message);
  out += " [";
  out += to_text(diagnostic.code);
  out += "]\n";
  render_snippet(out, at);
  for (const DiagnosticNote& note : diagnostic.notes) {
    render_place(out, sources.locate(note.span));
    out += "note: ";
    append_visible(out, note.message);
    out += '\n';
  }
  if (!diagnostic.hint.empty()) {
    out += "hint: ";
    append_visible(out, diagnostic.hint);
    out += '\n';
  }
  return out;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  if (word.size() > kMaxWordBytes) {
    return best;
  }
  std::size_t best_distance = word.size() / 3 + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t difference = candidate.size() > word.size() ? candidate.size() - word.size()
                                                                  : word.size() - candidate.size();
    if (difference >= best_distance) {
      continue;
    }
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace saker
