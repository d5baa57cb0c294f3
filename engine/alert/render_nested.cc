// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <cstdlib>
#include <limits>

#include "engine/alert/json_text.h"
#include "engine/alert/render_formats.h"
#include "engine/alert/time_text.h"

namespace saker {

namespace {

// Largest integer that every JSON reader keeps exactly. Source: RFC 8259 section 6.
constexpr std::uint64_t kLargestExact = (std::uint64_t{1} << 53) - 1;

// "aname[2]" -> "aname_2", "arg.flags" -> "arg_flags".
std::string plain_key(std::string_view text) {
  std::string key;
  for (const char byte : text) {
    const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9');
    if (is_plain) {
      key += byte;
    } else if (!key.empty() && key.back() != '_') {
      key += '_';
    }
  }
  while (!key.empty() && key.back() == '_') {
    key.pop_back();
  }
  return key.empty() ? "_" : key;
}

// Arguments of events have another type in every event.
bool is_always_text(std::string_view name) {
  return name.starts_with("evt.arg") || name.starts_with("evt.rawarg");
}

struct FieldWriter {
  JsonTree& tree;
  std::string path;

  void operator()(const std::string& value) const { tree.text(path, value); }
  void operator()(std::int64_t value) const {
    const std::uint64_t size = value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                                         : static_cast<std::uint64_t>(value);
    if (size > kLargestExact) {
      tree.text(path + "_text", std::to_string(value));
    } else {
      tree.number(path, value);
    }
  }
  void operator()(std::uint64_t value) const {
    if (value > kLargestExact) {
      tree.text(path + "_text", std::to_string(value));
    } else {
      tree.number(path, static_cast<std::int64_t>(value));
    }
  }
  void operator()(double value) const {
    std::string json;
    append_json_number(json, value);
    tree.raw(path, std::move(json));
  }
  void operator()(bool value) const { tree.raw(path, value ? "true" : "false"); }
  void operator()(const std::vector<std::string>& values) const { tree.texts(path, values); }
};

}  // namespace

JsonTree nested_fields(const AlertFacts& facts) {
  JsonTree tree;
  for (const AlertFact& fact : facts.fields) {
    const std::size_t dot = fact.name.find('.');
    const std::string path = dot == std::string::npos ? "other." + plain_key(fact.name)
                                                      : plain_key(fact.name.substr(0, dot)) + "." +
                                                            plain_key(fact.name.substr(dot + 1));
    if (is_always_text(fact.name)) {
      tree.text(path, text_of(fact));
    } else {
      std::visit(FieldWriter{tree, path}, fact.value);
    }
  }
  return tree;
}

void render_nested(std::string& out, const AlertFacts& facts) {
  JsonTree tree;
  tree.text("schema", "saker.nested/1");
  tree.text("id", facts.id);
  std::string time;
  append_iso_time(time, facts.ts_ns, "Z");
  tree.text("time", time);
  tree.text("rule", facts.rule);
  tree.text("priority", to_text(facts.priority));
  tree.number("severity", static_cast<std::int64_t>(facts.priority));
  tree.text("source", facts.source);
  tree.text("hostname", facts.hostname);
  tree.text("message", facts.message);
  tree.texts("tags", facts.tags);
  tree.object("fields", nested_fields(facts));
  tree.write(out);
}

}  // namespace saker
