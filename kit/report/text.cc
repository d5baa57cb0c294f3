// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/text.h"

#include <algorithm>

#include "kit/report/report.h"

namespace saker::kit {

namespace {

std::string place_text(const SourceLocation& place) {
  if (place.line == 0) {
    return std::string(place.file);
  }
  return std::string(place.file) + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

std::string painted(const Report& report, std::string_view colour, const std::string& text) {
  return report.has_colours ? "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m" : text;
}

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "1;31";
    case Severity::kWarning:
      return "1;33";
    case Severity::kNote:
      return "1;36";
  }
  return "0";
}

// The line with a caret below; blanks of the line's own kind, so that tabs align.
std::string snippet(const SourceLocation& place) {
  if (place.line == 0 || place.line_text.empty()) {
    return "";
  }
  std::string marks;
  for (std::size_t i = 0; i + 1 < place.column && i < place.line_text.size(); ++i) {
    marks += place.line_text[i] == '\t' ? '\t' : ' ';
  }
  marks += '^';
  if (place.length > 1) {
    marks += std::string(place.length - 1, '~');
  }
  return "  " + std::string(place.line_text) + "\n  " + marks + "\n";
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "";
}

std::string findings_text(const Report& report) {
  std::string out;
  std::size_t counts[3] = {};
  for (const Finding& finding : report.findings) {
    ++counts[static_cast<std::size_t>(finding.severity)];
    const SourceLocation place = report.sources.locate(finding.span);
    out += place_text(place) + ": " +
           painted(report, colour_of(finding.severity),
                   std::string(severity_name(finding.severity)) + ":") +
           " " + finding.message + " [" + finding.code + "]\n" + snippet(place);
    for (const DiagnosticNote& note : finding.notes) {
      out += place_text(report.sources.locate(note.span)) + ": note: " + note.message + "\n";
    }
    if (!finding.witness.empty()) {
      out += "witness: " + finding.witness + "\n";
    }
    if (!finding.hint.empty()) {
      out += "hint: " + finding.hint + "\n";
    }
    if (!finding.fix.empty()) {
      out += "fix: saker check --fix does it\n";
    }
    out += '\n';
  }
  out += count_of(report.files.size(), "file") + ": " + count_of(counts[2], "error") + ", " +
         count_of(counts[1], "warning") + ", " + count_of(counts[0], "note") + "\n";
  return out;
}

}  // namespace saker::kit
