// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/field/transformer.h"

#include <algorithm>
#include <iterator>

#include "engine/field/arena_text.h"
#include "engine/field/getopt_words.h"
#include "engine/field/render.h"

namespace saker {

struct TransformerInfo {
  std::string_view name;
  // Checks the inputs; the bracket argument has been checked unless `has_own_argument`.
  Result<TransformerOutput> (*check)(const TransformerInfo&, std::span<const TransformerInput>,
                                     bool has_argument, std::string_view argument);
  Value (*apply)(std::span<const Value>, std::span<const TransformerInput>,
                 std::string_view argument, Arena&);
  bool has_own_argument = false;
};

namespace {

tl::unexpected<Error> wrong_type(const TransformerInfo& info, const TransformerInput& input) {
  return fail(ErrorCode::kInvalidArgument,
              "can't add field transformer: type '" + std::string(to_text(input.type)) +
                  "' is not supported by '" + std::string(info.name) + "' transformer applied on " +
                  (input.is_list ? "list " : "") + "field '" + input.description + "'");
}

tl::unexpected<Error> wrong_count(const TransformerInfo& info, std::string_view what) {
  return fail(ErrorCode::kInvalidArgument,
              std::string(info.name) + "() requires " + std::string(what));
}

std::string_view until_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

// Of one text, or of every text in a list.
template <typename Function>
Value map_text(const Value& value, Arena& arena, Function&& function) {
  if (value.kind() != ValueKind::kList) {
    return value.has_value() ? function(value) : Value{};
  }
  const std::span<Value> mapped = arena.array<Value>(value.as_list().size());
  std::transform(value.as_list().begin(), value.as_list().end(), mapped.begin(), function);
  return Value::list(mapped);
}

template <bool AcceptsBytes>
Result<TransformerOutput> check_text(const TransformerInfo& info,
                                     std::span<const TransformerInput> inputs, bool,
                                     std::string_view) {
  if (inputs.size() != 1) {
    return wrong_count(info, "exactly 1 argument");
  }
  const TransformerInput& input = inputs[0];
  if (!is_text(input.type) && !(AcceptsBytes && input.type == ParamType::kBytebuf)) {
    return wrong_type(info, input);
  }
  return TransformerOutput{input.type, input.is_list};
}

template <char First, char Last>
Value apply_case(std::span<const Value> inputs, std::span<const TransformerInput>, std::string_view,
                 Arena& arena) {
  return map_text(inputs[0], arena, [&](const Value& value) {
    const std::string_view text = value.as_text();
    char* out = arena.allocate(text.size());
    std::transform(text.begin(), text.end(), out, [](char c) {
      return c >= First && c <= Last ? static_cast<char>(c ^ ('a' ^ 'A')) : c;
    });
    return Value::text({out, text.size()});
  });
}

Value apply_basename(std::span<const Value> inputs, std::span<const TransformerInput>,
                     std::string_view, Arena& arena) {
  return map_text(inputs[0], arena, [](const Value& value) {
    const std::string_view text = until_nul(value.as_text());
    const std::size_t slash = text.rfind('/');
    return Value::text(slash == std::string_view::npos ? text : text.substr(slash + 1));
  });
}

// The six bits that a base64 character means; 64 for others.
std::uint32_t base64_bits(char c) {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<std::uint32_t>(c - 'A');
  }
  if (c >= 'a' && c <= 'z') {
    return static_cast<std::uint32_t>(c - 'a' + 26);
  }
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint32_t>(c - '0' + 52);
  }
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

// Padding may be missing, but not wrong.
Value decode_base64(const Value& value, Arena& arena) {
  std::string_view text = until_nul(value.as_text());
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) {
      text.remove_suffix(1);
    }
  }
  if (text.size() % 4 == 1) {
    return {};
  }
  char* out = arena.allocate(text.size());
  std::size_t size = 0;
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const std::uint32_t six = base64_bits(c);
    if (six == 64) {
      return {};
    }
    bits = (bits << 6 | six) & 0xfff;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      out[size++] = static_cast<char>(bits >> bit_count & 0xff);
    }
  }
  const std::string_view decoded(out, size);
  return value.kind() == ValueKind::kBytes ? Value::bytes(as_bytes(decoded))
                                           : Value::text(until_nul(decoded));
}

Value apply_b64(std::span<const Value> inputs, std::span<const TransformerInput>, std::string_view,
                Arena& arena) {
  return map_text(inputs[0], arena,
                  [&](const Value& value) { return decode_base64(value, arena); });
}

Result<TransformerOutput> check_len(const TransformerInfo& info,
                                    std::span<const TransformerInput> inputs, bool,
                                    std::string_view) {
  if (inputs.size() != 1) {
    return wrong_count(info, "exactly 1 argument");
  }
  const TransformerInput& input = inputs[0];
  if (!input.is_list && !is_text(input.type) && input.type != ParamType::kBytebuf) {
    return wrong_type(info, input);
  }
  return TransformerOutput{ParamType::kUint64, false};
}

Value apply_len(std::span<const Value> inputs, std::span<const TransformerInput>, std::string_view,
                Arena&) {
  const Value& value = inputs[0];
  if (!value.has_value()) {
    return {};
  }
  return Value::number(value.kind() == ValueKind::kList ? value.as_list().size()
                                                        : until_nul(value.as_text()).size());
}

Result<TransformerOutput> check_join(const TransformerInfo& info,
                                     std::span<const TransformerInput> inputs, bool,
                                     std::string_view) {
  if (inputs.size() != 2) {
    return wrong_count(info, "exactly 2 arguments: separator and list");
  }
  if (inputs[0].is_list) {
    return fail(ErrorCode::kInvalidArgument, "join() separator must be a single value");
  }
  if (!is_text(inputs[0].type)) {
    return wrong_type(info, inputs[0]);
  }
  if (!inputs[1].is_list) {
    return fail(ErrorCode::kInvalidArgument, "join() second argument must be a list");
  }
  return TransformerOutput{ParamType::kCharbuf, false};
}

Value apply_join(std::span<const Value> inputs, std::span<const TransformerInput> types,
                 std::string_view, Arena& arena) {
  if (!inputs[0].has_value() || inputs[1].kind() != ValueKind::kList) {
    return {};
  }
  ArenaText out(arena);
  bool is_first = true;
  std::string number;  // short, so it does not allocate
  for (const Value& element : inputs[1].as_list()) {
    if (!element.has_value()) {
      return {};
    }
    if (!is_first) {
      out.append(inputs[0].as_text());
    }
    is_first = false;
    if (element.kind() == ValueKind::kText) {
      out.append(element.as_text());
      continue;
    }
    number.clear();
    render_value(number, element, types[1].type, ParamFormat::kDec);
    out.append(number);
  }
  return out.value();
}

Result<TransformerOutput> check_concat(const TransformerInfo& info,
                                       std::span<const TransformerInput> inputs, bool,
                                       std::string_view) {
  if (inputs.size() < 2) {
    return wrong_count(info, "at least 2 arguments");
  }
  for (const TransformerInput& input : inputs) {
    if (input.is_list || !is_text(input.type)) {
      return wrong_type(info, input);
    }
  }
  return TransformerOutput{ParamType::kCharbuf, false};
}

Value apply_concat(std::span<const Value> inputs, std::span<const TransformerInput>,
                   std::string_view, Arena& arena) {
  ArenaText out(arena);
  for (const Value& value : inputs) {
    if (!value.has_value()) {
      return {};
    }
    out.append(until_nul(value.as_text()));
  }
  return out.value();
}

Result<TransformerOutput> check_getopt(const TransformerInfo& info,
                                       std::span<const TransformerInput> inputs, bool has_argument,
                                       std::string_view argument) {
  if (inputs.size() != 2) {
    return wrong_count(info, "exactly 2 arguments: list and option string");
  }
  if (!inputs[0].is_list || !is_text(inputs[0].type)) {
    return wrong_type(info, inputs[0]);
  }
  if (inputs[1].is_list || !is_text(inputs[1].type)) {
    return wrong_type(info, inputs[1]);
  }
  if (has_argument && argument.size() != 1) {
    return fail(ErrorCode::kInvalidArgument,
                "getopt() field argument must be a single option character");
  }
  return TransformerOutput{ParamType::kCharbuf, !has_argument};
}

Value apply_getopt(std::span<const Value> inputs, std::span<const TransformerInput>,
                   std::string_view argument, Arena& arena) {
  if (inputs[0].kind() != ValueKind::kList || !inputs[1].has_value()) {
    return {};
  }
  return argument.empty() ? getopt_all(inputs[0].as_list(), inputs[1].as_text(), arena)
                          : getopt_last(inputs[0].as_list(), inputs[1].as_text(), argument[0]);
}

constexpr TransformerInfo kTransformers[] = {
    {"tolower", &check_text<false>, &apply_case<'A', 'Z'>},
    {"toupper", &check_text<false>, &apply_case<'a', 'z'>},
    {"b64", &check_text<true>, &apply_b64},
    {"basename", &check_text<false>, &apply_basename},
    {"len", &check_len, &apply_len},
    {"join", &check_join, &apply_join},
    {"concat", &check_concat, &apply_concat},
    {"getopt", &check_getopt, &apply_getopt, true},
};

}  // namespace

const TransformerInfo* find_transformer(std::string_view name) {
  const auto* found = std::find_if(std::begin(kTransformers), std::end(kTransformers),
                                   [&](const TransformerInfo& info) { return info.name == name; });
  return found == std::end(kTransformers) ? nullptr : found;
}

Result<TransformerOutput> check_transformer(const TransformerInfo& info,
                                            std::span<const TransformerInput> inputs,
                                            bool has_argument, std::string_view argument) {
  if (has_argument && !info.has_own_argument) {
    return fail(ErrorCode::kInvalidArgument, "filter error: transformer '" +
                                                 std::string(info.name) +
                                                 "' does not support field arguments");
  }
  return info.check(info, inputs, has_argument, argument);
}

Value apply_transformer(const TransformerInfo& info, std::span<const Value> inputs,
                        std::span<const TransformerInput> types, std::string_view argument,
                        Arena& arena) {
  return info.apply(inputs, types, argument, arena);
}

}  // namespace saker
