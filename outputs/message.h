// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What travels through the outputs: an alert of a rule, or a notice about the product itself.
// Cheap to copy; every sink renders it on its own thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "engine/alert/alert.h"
#include "engine/alert/notice.h"
#include "engine/alert/render_options.h"

namespace saker {

class OutputMessage {
public:
  explicit OutputMessage(Alert alert) : content_(std::make_shared<const Alert>(std::move(alert))) {}
  explicit OutputMessage(Notice notice)
      : content_(std::make_shared<const Notice>(std::move(notice))) {}

  [[nodiscard]] AlertId id() const;
  [[nodiscard]] Priority priority() const;
  [[nodiscard]] std::uint64_t ts_ns() const;
  // Of notices: "Falco internal: …" and "internal".
  [[nodiscard]] const std::string& rule_name() const;
  [[nodiscard]] std::string_view source() const;
  // Null for notices.
  [[nodiscard]] const Alert* alert() const;
  // Null for alerts.
  [[nodiscard]] const Notice* notice() const;

  // Appends the text or JSON line, without a line feed.
  void render(std::string& out, const RenderOptions& options) const;
  // What a receiver is told about the rendered form: "application/json" or "text/plain".
  [[nodiscard]] static std::string content_type(const RenderOptions& options);

private:
  std::variant<std::shared_ptr<const Alert>, std::shared_ptr<const Notice>> content_;
};

}  // namespace saker
