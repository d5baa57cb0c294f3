// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/prometheus_text.h"

#include <cstdio>

namespace saker::metrics {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':';
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\' || c == '"') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string prometheus_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (is_name_character(c)) {
      name += c;
    } else if (name.empty() || name.back() != '_') {
      name += '_';
    }
  }
  return name;
}

void PrometheusText::add(const Family& family, const Labels& labels, std::uint64_t value) {
  add_text(family, labels, std::to_string(value));
}

void PrometheusText::add(const Family& family, const Labels& labels, double value) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%.6f", value);
  add_text(family, labels, std::string_view(text, static_cast<std::size_t>(size)));
}

void PrometheusText::add_text(const Family& family, const Labels& labels, std::string_view value) {
  if (family.name != last_family_) {
    last_family_ = family.name;
    text_ += "# HELP " + last_family_ + ' ';
    append_escaped(text_, family.help);
    text_ += "\n# TYPE " + last_family_ + (family.is_counter ? " counter\n" : " gauge\n");
  }
  text_ += family.name;
  char before = '{';
  for (const auto& [key, label] : labels) {
    text_ += before;
    text_ += key;
    text_ += "=\"";
    append_escaped(text_, label);
    text_ += '"';
    before = ',';
  }
  text_ += labels.empty() ? " " : "} ";
  text_ += value;
  text_ += '\n';
}

}  // namespace saker::metrics
