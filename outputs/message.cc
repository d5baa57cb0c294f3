// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/message.h"

#include "engine/alert/render_formats.h"
#include "engine/alert/render_json.h"
#include "engine/alert/render_text.h"

namespace saker {

namespace {

Priority priority_of(const Alert& alert) {
  return alert.rule().priority;
}
Priority priority_of(const Notice& notice) {
  return notice.priority;
}
std::uint64_t ts_ns_of(const Alert& alert) {
  return alert.ts_ns();
}
std::uint64_t ts_ns_of(const Notice& notice) {
  return notice.ts_ns;
}

}  // namespace

AlertId OutputMessage::id() const {
  return std::visit([](const auto& content) { return content->id(); }, content_);
}

Priority OutputMessage::priority() const {
  return std::visit([](const auto& content) { return priority_of(*content); }, content_);
}

std::uint64_t OutputMessage::ts_ns() const {
  return std::visit([](const auto& content) { return ts_ns_of(*content); }, content_);
}

const Alert* OutputMessage::alert() const {
  const auto* alert = std::get_if<std::shared_ptr<const Alert>>(&content_);
  return alert == nullptr ? nullptr : alert->get();
}

const Notice* OutputMessage::notice() const {
  const auto* notice = std::get_if<std::shared_ptr<const Notice>>(&content_);
  return notice == nullptr ? nullptr : notice->get();
}

const std::string& OutputMessage::rule_name() const {
  const Alert* own = alert();
  return own != nullptr ? own->rule().name : notice()->rule;
}

std::string_view OutputMessage::source() const {
  const Alert* own = alert();
  return own != nullptr ? std::string_view(own->rule().source) : "internal";
}

std::string OutputMessage::content_type(const RenderOptions& options) {
  return options.as_json || options.format != AlertFormat::kFalco ? "application/json"
                                                                  : "text/plain";
}

void OutputMessage::render(std::string& out, const RenderOptions& options) const {
  std::visit(
      [&](const auto& content) {
        if (options.format != AlertFormat::kFalco) {
          render_format(out, facts_of(*content, options), options.format);
        } else if (options.as_json) {
          render_json(out, *content, options);
        } else {
          render_text(out, *content, options);
        }
      },
      content_);
}

}  // namespace saker
