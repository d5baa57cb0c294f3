// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Source: GitHub documentation, "Workflow commands": %, CR, LF are escaped in messages, and also
// ':' and ',' in properties.
#include "kit/report/report.h"

namespace saker::kit {

namespace {

std::string escaped(std::string_view text, bool is_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (is_property && c == ':') {
      out += "%3A";
    } else if (is_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string findings_github(const Report& report) {
  std::string out;
  for (const Finding& finding : report.findings) {
    const SourceLocation place = report.sources.locate(finding.span);
    std::string message = finding.message;
    message += finding.witness.empty() ? "" : "\nwitness: " + finding.witness;
    message += finding.hint.empty() ? "" : "\nhint: " + finding.hint;
    out +=
        "::" + std::string(finding.severity == Severity::kNote ? "notice"
                                                               : severity_name(finding.severity));
    out += " file=" + escaped(place.file, true) + ",line=" + std::to_string(place.line) +
           ",col=" + std::to_string(place.column) + ",title=" + escaped(finding.code, true) +
           "::" + escaped(message, false) + "\n";
  }
  return out;
}

}  // namespace saker::kit
