// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/text.h"
#include "kit/explain/explanation.h"

namespace saker::kit {

namespace {

// Longer texts of checks (lists of programs, mostly) are folded.
constexpr std::size_t kShownBytes = 150;

constexpr std::string_view kStyle =
    "body{font:15px/1.55 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;"
    "color:#1c2733;background:#fbfcfd}h1{font-size:1.4rem;margin-bottom:.2rem}"
    "section+section{margin-top:2.5rem;border-top:1px solid #dde3e8;padding-top:.6rem}"
    ".event{color:#5b6773;margin:.2rem 0}.taken{background:#fff6dd;padding:.6rem 1rem;"
    "border-radius:.4rem}.verdict{padding:.7rem 1rem;border-radius:.4rem;font-weight:600;"
    "margin:1rem 0;overflow-wrap:anywhere}.match{background:#d8f3e1}.nomatch{background:#fbe3e3}"
    ".tree{background:#fff;padding:1rem 1.2rem;border-radius:.4rem;box-shadow:0 1px 3px #0002}"
    "ul{list-style:none;margin:0 0 0 1.55rem;padding-left:1rem;border-left:1px solid #dde3e8}"
    ".tree>ul{border:0;padding:0;margin:0}li{margin:.25rem 0}.row{display:flex;gap:.6rem;"
    "align-items:baseline}.t,.f{flex:none;width:3.1rem;text-align:center;border-radius:.25rem;"
    "font-size:12px;font-weight:600}.t{background:#2e9d5b;color:#fff}.f{background:#d5dbe1;"
    "color:#5b6773}.reason>.row>.f{background:#c83e3e;color:#fff}"
    "code{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}"
    ".reason>.row code{font-weight:700}.value{background:#eaf2fb;border-radius:.25rem;"
    "padding:.05rem .4rem;font-family:ui-monospace,monospace;font-size:12.5px;"
    "overflow-wrap:anywhere}.na{background:#fff0c9}small{color:#6b7886;display:block;"
    "overflow-wrap:anywhere}details{display:inline}summary{display:inline;cursor:pointer;"
    "color:#2563a8}details[open]>summary{display:none}";

std::string code_of(const std::string& text) {
  if (text.size() <= kShownBytes) {
    return "<code>" + escape_markup(text) + "</code>";
  }
  std::size_t end = text.rfind(' ', kShownBytes);
  end = end == std::string::npos ? kShownBytes : end;
  return "<code>" + escape_markup(text.substr(0, end)) + " <details><summary>… " +
         count_of(text.size() - end, "more byte") + "</summary>" + escape_markup(text.substr(end)) +
         "</details></code>";
}

// `outer`: what the enclosing part came through; it is not said again.
void append(const ExplainedPart& part, const std::vector<std::string>& outer, std::string& out) {
  out += std::string("<li") + (part.is_reason ? " class=\"reason\"" : "") +
         "><div class=\"row\"><span class=\"" + (part.is_true ? "t\">true" : "f\">false") +
         "</span><div>" + code_of(squeeze(part.text));
  for (const ExplainedValue& value : part.values) {
    out += " <span class=\"value" + std::string(value.is_missing ? " na" : "") + "\">" +
           escape_markup(value.expression + " = " + (value.is_missing ? "<NA>" : value.text)) +
           "</span>";
  }
  const bool is_new = part.through != outer;
  if (is_new || !part.values.empty()) {
    std::string origin;
    for (std::size_t i = 0; is_new && i < part.through.size(); ++i) {
      origin += part.through[i] + " \u203a ";
    }
    out += "<small>" + escape_markup(origin + part.place) + "</small>";
  }
  out += "</div></div>";
  if (!part.children.empty()) {
    out += "<ul>";
    for (const ExplainedPart& child : part.children) {
      append(child, part.through, out);
    }
    out += "</ul>";
  }
  out += "</li>\n";
}

std::string section_of(const Explanation& explanation) {
  std::string tree;
  append(explanation.condition, {}, tree);
  std::string taken;
  if (!explanation.taken_by.empty()) {
    taken = "<p class=\"taken\">With <code>rule_matching: first</code>, the earlier rule <b>" +
            escape_markup(explanation.taken_by) + "</b> takes the event.</p>";
  }
  return "<section><p class=\"event\">" + escape_markup(explanation.event) +
         "</p><p class=\"verdict " + (explanation.is_match ? "match" : "nomatch") + "\">" +
         escape_markup(explanation.reason) + "</p>" + taken + "<div class=\"tree\"><ul>" + tree +
         "</ul></div></section>\n";
}

}  // namespace

std::string explanation_html(std::span<const Explanation> explanations) {
  std::string sections;
  for (const Explanation& explanation : explanations) {
    sections += section_of(explanation);
  }
  const std::string title = explanations.empty() ? "" : escape_markup(explanations.front().rule);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\"><title>" +
         title + "</title><style>" + std::string(kStyle) + "</style></head><body><h1>" + title +
         "</h1>" + sections + "</body></html>\n";
}

}  // namespace saker::kit
