// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/render_json.h"

#include <algorithm>

#include "engine/alert/field_utf8.h"
#include "engine/alert/json_text.h"
#include "engine/alert/render_text.h"
#include "engine/alert/time_text.h"
#include "engine/field/render.h"

namespace saker {

namespace {

// Times of the event: texts in conditions and messages, nanoseconds since the epoch here.
bool is_event_time(const BoundExpr& expression) {
  return expression.is_plain_field() && expression.field.info->has(field_flag::kJsonEventTime);
}

class ObjectWriter {
public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  // Writes the key; the caller appends the value.
  void key(std::string_view name) {
    if (!is_first_) {
      out_ += ',';
    }
    is_first_ = false;
    append_json_string(out_, name);
    out_ += ':';
  }

  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
  }

private:
  std::string& out_;
  bool is_first_ = true;
};

void append_scalar(std::string& out, const Value& value, ParamType type, ParamFormat format,
                   const RenderOptions& options) {
  const ParamType own_type = value.type() == ParamType::kNone ? type : value.type();
  const ParamFormat own_format = value.type() == ParamType::kNone ? format : value.format();
  switch (value.kind()) {
    using enum ValueKind;
    case kNone:
      out += "null";
      return;
    case kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case kDouble:
      append_json_number(out, value.as_double());
      return;
    case kInt:
      if (is_json_number(own_type, own_format)) {
        out += std::to_string(value.as_int());
        return;
      }
      break;
    case kUint:
      if (is_json_number(own_type, own_format)) {
        out += std::to_string(value.as_uint());
        return;
      }
      break;
    case kText:
    case kBytes:
    case kIpv4:
    case kIpv6:
    case kList:
      break;
  }
  std::string text;
  render_value(text, value, type, format, options.buffer_as_base64);
  std::string valid;
  append_field_utf8(valid, text);
  append_json_string(out, valid);
}

// One entry of output_fields: of the template, of the prefix, or an extra field with a format.
struct Entry {
  std::string_view key;
  const OutputTemplate::Field* field = nullptr;
  const OutputTemplate::ExtraField* extra = nullptr;
  bool is_pending_mark = false;  // none of the three: the time of the prefix
};

std::vector<Entry> collect_entries(const Alert& alert, const RenderOptions& options) {
  const OutputTemplate& output = alert.rule().output;
  std::vector<Entry> entries;
  entries.reserve(output.fields.size() + output.extra_fields.size() + 2);
  for (const OutputTemplate::Field& field : output.fields) {
    entries.push_back({field.key, &field, nullptr});
  }
  for (const OutputTemplate::ExtraField& extra : output.extra_fields) {
    entries.push_back({extra.key, nullptr, &extra});
  }
  entries.push_back({options.iso_time ? "evt.time.iso8601" : "evt.time", nullptr, nullptr});
  if (alert.is_container_pending()) {
    entries.push_back({kPendingKey, nullptr, nullptr, true});
  }
  // Where two have one key, the first wins: a field of the template before an extra one.
  std::ranges::stable_sort(entries, {}, &Entry::key);
  // std::unique: clang 14 does not read std::ranges::unique of libstdc++ 12.
  const auto rest = std::unique(entries.begin(), entries.end(),
                                [](const Entry& a, const Entry& b) { return a.key == b.key; });
  entries.erase(rest, entries.end());
  return entries;
}

void append_output_fields(std::string& out, const Alert& alert, const RenderOptions& options) {
  const OutputTemplate& output = alert.rule().output;
  ObjectWriter object(out);
  for (const Entry& entry : collect_entries(alert, options)) {
    object.key(entry.key);
    if (entry.field != nullptr) {
      const BoundExpr& expression = output.expressions[entry.field->expression];
      if (is_event_time(expression)) {
        out += std::to_string(alert.ts_ns());
      } else {
        append_json_value(out, expression, alert.values()[entry.field->expression], options);
      }
    } else if (entry.extra != nullptr) {
      std::string text;
      render_pieces(text, alert, entry.extra->pieces, options);
      append_json_string(out, text);
    } else if (entry.is_pending_mark) {
      out += "true";
    } else {
      out += std::to_string(alert.ts_ns());
    }
  }
  object.close();
}

void append_tags(std::string& out, const Rule& rule) {
  out += '[';
  bool is_first = true;
  for (const std::string& tag : rule.tags) {
    if (!is_first) {
      out += ',';
    }
    is_first = false;
    append_json_string(out, tag);
  }
  out += ']';
}

}  // namespace

void append_json_value(std::string& out, const BoundExpr& expression, const Value& value,
                       const RenderOptions& options) {
  if (expression.is_plain_field() && expression.field.info->has(field_flag::kJsonZero)) {
    out += '0';  // Falco renders JSON with fresh checks, which saw no event before
    return;
  }
  if (value.kind() != ValueKind::kList) {
    append_scalar(out, value, expression.type, expression.format, options);
    return;
  }
  out += '[';
  bool is_first = true;
  for (const Value& element : value.as_list()) {
    if (!is_first) {
      out += ',';
    }
    is_first = false;
    append_scalar(out, element, expression.type, expression.format, options);
  }
  out += ']';
}

void append_json_value(std::string& out, const Notice::FieldValue& value) {
  struct Writer {
    std::string& out;
    void operator()(const std::string& text) const { append_json_string(out, text); }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(std::uint64_t number) const { out += std::to_string(number); }
    void operator()(double number) const { append_json_number(out, number); }
    void operator()(bool flag) const { out += flag ? "true" : "false"; }
  };
  std::visit(Writer{out}, value);
}

void render_json(std::string& out, const Alert& alert, const RenderOptions& options) {
  const Rule& rule = alert.rule();
  std::string message;
  if (options.include_message || options.include_output) {
    render_message(message, alert, options);
  }
  ObjectWriter object(out);
  object.text("hostname", options.hostname);
  if (options.include_message) {
    object.text("message", message);
  }
  if (options.include_output) {
    std::string line;
    render_prefix(line, alert.ts_ns(), rule.priority, options);
    object.text("output", line + message);
  }
  if (options.include_output_fields) {
    object.key("output_fields");
    append_output_fields(out, alert, options);
  }
  object.text("priority", to_text(rule.priority));
  object.text("rule", rule.name);
  object.text("source", rule.source);
  if (options.include_tags) {
    object.key("tags");
    append_tags(out, rule);
  }
  std::string time;
  append_iso_time(time, alert.ts_ns(), "Z");
  object.text("time", time);
  object.close();
}

void render_json(std::string& out, const Notice& notice, const RenderOptions& options) {
  ObjectWriter object(out);
  object.text("hostname", options.hostname);
  std::string line;
  render_prefix(line, notice.ts_ns, notice.priority, options);
  render_message(line, notice);
  object.text("output", line);
  object.key("output_fields");
  ObjectWriter fields(out);
  for (const auto& [key, value] : notice.fields) {
    fields.key(key);
    append_json_value(out, value);
  }
  fields.close();
  object.text("priority", to_text(notice.priority));
  object.text("rule", notice.rule);
  object.text("source", "internal");
  std::string time;
  append_iso_time(time, notice.ts_ns, "Z");
  object.text("time", time);
  object.close();
}

}  // namespace saker
