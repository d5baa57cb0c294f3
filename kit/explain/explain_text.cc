// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/text.h"
#include "kit/explain/explanation.h"

namespace saker::kit {

namespace {

constexpr std::size_t kMaxTextBytes = 110;

std::string painted(bool has_colours, std::string_view colour, const std::string& text) {
  return has_colours ? "\x1b[" + std::string(colour) + "m" + text + "\x1b[0m" : text;
}

void append(const ExplainedPart& part, std::size_t depth, bool has_colours, std::string& out) {
  std::string text = squeeze(part.text);
  if (text.size() > kMaxTextBytes) {
    text = text.substr(0, kMaxTextBytes) + "...";
  }
  out += part.is_reason ? "> " : "  ";
  out += std::string(depth * 2, ' ');
  out += painted(has_colours, part.is_true ? "32" : "31", part.is_true ? "true " : "false");
  out += "  " + (part.is_reason ? painted(has_colours, "1", text) : text);
  for (const ExplainedValue& value : part.values) {
    const std::string shown = value.is_missing ? "<NA>" : "'" + value.text + "'";
    out += painted(has_colours, "36", "  [" + value.expression + " = " + shown + "]");
  }
  std::string origin;
  for (const std::string& step : part.through) {
    origin += step + " > ";
  }
  if (part.values.empty() ? !part.through.empty() : true) {
    out += painted(has_colours, "2", "  " + origin + part.place);
  }
  out += '\n';
  for (const ExplainedPart& child : part.children) {
    append(child, depth + 1, has_colours, out);
  }
}

}  // namespace

std::string explanation_text(const Explanation& explanation, bool has_colours) {
  std::string out = "rule:   " + explanation.rule + "\nevent:  " + explanation.event + "\n";
  out += painted(has_colours, explanation.is_match ? "1;32" : "1;31",
                 "result: " + explanation.reason) +
         "\n";
  if (!explanation.taken_by.empty()) {
    out += "        with rule_matching: first, the earlier rule '" + explanation.taken_by +
           "' takes the event\n";
  }
  out += '\n';
  append(explanation.condition, 0, has_colours, out);
  return out;
}

}  // namespace saker::kit
