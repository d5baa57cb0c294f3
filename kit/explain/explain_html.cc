// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/text.h"
#include "kit/explain/explanation.h"

namespace saker::kit {

namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.55 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;"
    "color:#1c2733;background:#fbfcfd}h1{font-size:1.4rem;margin-bottom:.2rem}"
    ".verdict{padding:.7rem 1rem;border-radius:.4rem;font-weight:600;margin:1rem 0}"
    ".match{background:#d8f3e1}.nomatch{background:#fbe3e3}"
    ".tree{background:#fff;padding:1rem 1.2rem;border-radius:.4rem;box-shadow:0 1px 3px #0002}"
    "ul{list-style:none;margin:0;padding-left:1.3rem;border-left:1px solid #dde3e8}"
    ".tree>ul{border:0;padding:0}li{margin:.15rem 0}.t,.f{display:inline-block;width:3.2rem;"
    "text-align:center;border-radius:.25rem;font-size:12px;font-weight:600}.t{background:#2e9d5b;"
    "color:#fff}.f{background:#d5dbe1;color:#5b6773}.reason>.f{background:#c83e3e;color:#fff}"
    "code{font-family:ui-monospace,monospace;font-size:13px;overflow-wrap:anywhere}"
    ".reason>code{font-weight:700}.value{background:#eaf2fb;border-radius:.25rem;"
    "padding:.05rem .4rem;font-family:ui-monospace,monospace;font-size:12.5px;"
    "overflow-wrap:anywhere}.na{background:#fff0c9}small{color:#8390a0}";

void append(const ExplainedPart& part, std::string& out) {
  out += std::string("<li") + (part.is_reason ? " class=\"reason\"" : "") + "><span class=\"" +
         (part.is_true ? "t\">true" : "f\">false") + "</span> <code>" +
         escape_markup(squeeze(part.text)) + "</code>";
  for (const ExplainedValue& value : part.values) {
    out += " <span class=\"value" + std::string(value.is_missing ? " na" : "") + "\">" +
           escape_markup(value.expression + " = " + (value.is_missing ? "<NA>" : value.text)) +
           "</span>";
  }
  if (!part.values.empty()) {
    std::string origin;
    for (const std::string& step : part.through) {
      origin += step + " \u203a ";
    }
    out += " <small>" + escape_markup(origin + part.place) + "</small>";
  }
  if (!part.children.empty()) {
    out += "<ul>";
    for (const ExplainedPart& child : part.children) {
      append(child, out);
    }
    out += "</ul>";
  }
  out += "</li>\n";
}

}  // namespace

std::string explanation_html(const Explanation& explanation) {
  std::string tree;
  append(explanation.condition, tree);
  std::string taken;
  if (!explanation.taken_by.empty()) {
    taken = "<p>With <code>rule_matching: first</code>, the earlier rule <b>" +
            escape_markup(explanation.taken_by) + "</b> takes the event.</p>";
  }
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\"><title>" +
         escape_markup(explanation.rule) + "</title><style>" + std::string(kStyle) +
         "</style></head><body><h1>" + escape_markup(explanation.rule) +
         "</h1><p>Event: " + escape_markup(explanation.event) + "</p><p class=\"verdict " +
         (explanation.is_match ? "match" : "nomatch") + "\">" + escape_markup(explanation.reason) +
         "</p>" + taken + "<div class=\"tree\"><ul>" + tree + "</ul></div></body></html>\n";
}

}  // namespace saker::kit
