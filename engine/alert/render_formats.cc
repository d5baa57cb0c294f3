// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/render_formats.h"

#include <array>

namespace saker {

namespace {

using Renderer = void (*)(std::string&, const AlertFacts&);

struct Format {
  std::string_view name;
  AlertFormat format;
  Renderer render;  // null: not made from facts
};

constexpr std::array<Format, 4> kFormats = {{
    {"falco", AlertFormat::kFalco, nullptr},
    {"nested", AlertFormat::kNested, render_nested},
    {"ecs", AlertFormat::kEcs, render_ecs},
    {"ocsf", AlertFormat::kOcsf, render_ocsf},
}};

}  // namespace

std::optional<AlertFormat> parse_alert_format(std::string_view text) {
  for (const Format& one : kFormats) {
    if (one.name == text) {
      return one.format;
    }
  }
  return std::nullopt;
}

void render_format(std::string& out, const AlertFacts& facts, AlertFormat format) {
  for (const Format& one : kFormats) {
    if (one.format == format && one.render != nullptr) {
      one.render(out, facts);
    }
  }
}

}  // namespace saker
