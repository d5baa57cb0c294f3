// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/render_text.h"

#include "engine/alert/json_text.h"
#include "engine/alert/render_json.h"
#include "engine/alert/time_text.h"
#include "engine/field/render.h"

namespace saker {

namespace {

constexpr std::string_view kMissing = "<NA>";

void append_expression(std::string& out, const BoundExpr& expression, const Value& value,
                       const RenderOptions& options) {
  if (!value.has_value()) {
    out += kMissing;
    return;
  }
  render_value(out, value, expression.type, expression.format, options.buffer_as_base64);
}

// Its values are in JSON form already; what is left are control characters of its message, which
// may quote a file or a name and must not begin another line.
void append_without_controls(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x20) {
      append_json_escaped(out, text.substr(i, 1));
    } else {
      out += text[i];
    }
  }
}

}  // namespace

void render_pieces(std::string& out, const Alert& alert,
                   const std::vector<OutputTemplate::Piece>& pieces, const RenderOptions& options) {
  const OutputTemplate& output = alert.rule().output;
  for (const OutputTemplate::Piece& piece : pieces) {
    out += piece.literal;
    if (piece.expression < 0) {
      continue;
    }
    const auto index = static_cast<std::size_t>(piece.expression);
    const std::size_t begin = out.size();
    append_expression(out, output.expressions[index], alert.values()[index], options);
    if (piece.width > 0) {
      out.resize(begin + piece.width, ' ');
    }
  }
}

void render_message(std::string& out, const Alert& alert, const RenderOptions& options) {
  render_pieces(out, alert, alert.rule().output.pieces, options);
  if (alert.is_container_pending()) {
    out += ' ';
    out += kPendingKey;
    out += "=true";
  }
}

void render_prefix(std::string& out, std::uint64_t ts_ns, Priority priority,
                   const RenderOptions& options) {
  if (options.iso_time) {
    append_iso_time(out, ts_ns, "+0000");
  } else {
    append_time_of_day(out, ts_ns);
  }
  out += ": ";
  out += to_text(priority);
  out += ' ';
}

void render_text(std::string& out, const Alert& alert, const RenderOptions& options) {
  std::string line;
  render_prefix(line, alert.ts_ns(), alert.rule().priority, options);
  render_message(line, alert, options);
  append_json_escaped(out, line);
}

void render_message(std::string& out, const Notice& notice) {
  out += notice.message;
  out += " (";
  bool is_first = true;
  for (const auto& [key, value] : notice.fields) {
    if (!is_first) {
      out += ' ';
    }
    is_first = false;
    out += key;
    out += '=';
    append_json_value(out, value);
  }
  out += ')';
}

void render_text(std::string& out, const Notice& notice, const RenderOptions& options) {
  std::string line;
  render_prefix(line, notice.ts_ns, notice.priority, options);
  render_message(line, notice);
  append_without_controls(out, line);
}

}  // namespace saker
