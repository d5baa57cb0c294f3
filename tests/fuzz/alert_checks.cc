// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/fuzz/alert_checks.h"

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/alert/render_formats.h"
#include "engine/alert/render_json.h"
#include "engine/alert/render_text.h"
#include "engine/base/check.h"

namespace saker::fuzz {

namespace {

void check_json(const std::string& text) {
  SAKER_CHECK(text.find('\n') == std::string::npos);
  SAKER_CHECK(nlohmann::json::accept(text));
}

}  // namespace

void check_alert(const Alert& alert) {
  RenderOptions options;
  options.hostname = "fuzz";
  std::string out;
  render_text(out, alert, options);
  SAKER_CHECK(std::none_of(out.begin(), out.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  options.as_json = true;
  for (const bool base64 : {false, true}) {
    options.buffer_as_base64 = base64;
    options.iso_time = base64;
    options.include_message = base64;
    out.clear();
    render_json(out, alert, options);
    check_json(out);
  }
  const AlertFacts facts = facts_of(alert, options);
  for (const AlertFormat format : {AlertFormat::kNested, AlertFormat::kEcs, AlertFormat::kOcsf}) {
    out.clear();
    render_format(out, facts, format);
    check_json(out);
  }
  const Alert copy = alert.with_texts([](std::string_view text) { return std::string(text); });
  SAKER_CHECK(copy.id() == alert.id());
}

}  // namespace saker::fuzz
