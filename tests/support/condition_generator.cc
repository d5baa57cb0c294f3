// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/support/condition_generator.h"

#include <array>
#include <string_view>

#include "engine/eval/value_class.h"

namespace saker {

namespace {

struct OperatorSpelling {
  CompareOp op;
  std::string_view text;
};

constexpr std::array<OperatorSpelling, 18> kOperators = {{
    {CompareOp::kEq, "="},
    {CompareOp::kNe, "!="},
    {CompareOp::kLt, "<"},
    {CompareOp::kLe, "<="},
    {CompareOp::kGt, ">"},
    {CompareOp::kGe, ">="},
    {CompareOp::kContains, "contains"},
    {CompareOp::kIcontains, "icontains"},
    {CompareOp::kBcontains, "bcontains"},
    {CompareOp::kStartswith, "startswith"},
    {CompareOp::kBstartswith, "bstartswith"},
    {CompareOp::kEndswith, "endswith"},
    {CompareOp::kGlob, "glob"},
    {CompareOp::kIglob, "iglob"},
    {CompareOp::kRegex, "regex"},
    {CompareOp::kIn, "in"},
    {CompareOp::kIntersects, "intersects"},
    {CompareOp::kPmatch, "pmatch"},
}};

constexpr std::size_t kMaxConstant = 200;

bool is_list_operator(CompareOp op) {
  return op == CompareOp::kIn || op == CompareOp::kIntersects || op == CompareOp::kPmatch;
}

bool is_order(CompareOp op) {
  return op == CompareOp::kLt || op == CompareOp::kLe || op == CompareOp::kGt ||
         op == CompareOp::kGe;
}

std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text.substr(0, kMaxConstant)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || byte < 0x20 || byte >= 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Constants of numeric and address types must be exactly what the type reads.
bool is_free_text(ParamType type) {
  return value_class(type) == ValueClass::kText || value_class(type) == ValueClass::kBytes;
}

}  // namespace

ConditionGenerator::ConditionGenerator(const FieldCatalogue& fields, const ValueSamples& samples,
                                       std::uint32_t seed)
    : random_(seed) {
  for (const auto& [text, values] : samples) {
    const std::size_t bracket = text.find('[');
    const bool has_argument = bracket != std::string::npos;
    const auto field =
        fields.bind(text.substr(0, bracket), has_argument,
                    has_argument ? text.substr(bracket + 1, text.size() - bracket - 2) : "");
    if (!field || values.empty() || value_class(field->type) == ValueClass::kOther) {
      continue;
    }
    candidates_.push_back({text, field->type, field->is_list(),
                           !field->info->has(field_flag::kNoTransformer) && !field->is_list(),
                           &values});
  }
}

std::string ConditionGenerator::condition(unsigned max_checks) {
  if (max_checks <= 1 || below(4) == 0) {
    return below(4) == 0 ? "not " + check() : check();
  }
  const std::string_view word = below(2) == 0 ? " and " : " or ";
  std::string out = "(";
  const auto parts = static_cast<unsigned>(2 + below(3));
  for (unsigned i = 0; i < parts; ++i) {
    out += (i == 0 ? "" : std::string(word)) + condition(max_checks / parts);
  }
  out += ")";
  return below(5) == 0 ? "not " + out : out;
}

std::string ConditionGenerator::constant(const Candidate& field) {
  std::string text = (*field.samples)[below(field.samples->size())];
  if (!is_free_text(field.type) || field.text == "evt.type" || text.empty()) {
    return quoted(text);
  }
  switch (below(6)) {
    case 0:
      text = text.substr(0, 1 + below(text.size()));
      break;
    case 1:
      text = text.substr(below(text.size()));
      break;
    case 2:
      text = text.substr(below(text.size()), 1 + below(8));
      break;
    case 3:
      text[below(text.size())] ^= 0x20;
      break;
    default:
      break;
  }
  return quoted(text);
}

std::string ConditionGenerator::list(const Candidate& field) {
  std::string out = "(";
  for (std::size_t n = below(12), i = 0; i < n; ++i) {
    out += (i == 0 ? "" : ", ") + constant(field);
  }
  return out + ")";
}

std::string ConditionGenerator::check() {
  while (true) {
    const Candidate& field = candidates_[below(candidates_.size())];
    const OperatorSpelling& spelling = kOperators[below(kOperators.size())];
    if (below(12) == 0) {
      return field.text + " exists";
    }
    if (!operator_fault(field.type, field.is_list, spelling.op, OpModifier::kNone).empty()) {
      continue;
    }
    const ValueClass value = value_class(field.type);
    std::string left = field.text;
    if (value == ValueClass::kText && field.allows_transformer && field.text != "evt.type" &&
        below(8) == 0) {
      left = (below(2) == 0 ? "toupper(" : "basename(") + field.text + ")";
    }
    const std::string head = left + " " + std::string(spelling.text) + " ";
    if (is_order(spelling.op)) {
      // The grammar allows only numbers here.
      return head + std::to_string(below(2) == 0 ? below(10) : below(100000));
    }
    if (is_list_operator(spelling.op)) {
      return head + list(field);
    }
    if (spelling.op == CompareOp::kBcontains || spelling.op == CompareOp::kBstartswith) {
      return head + "2f65";
    }
    if (spelling.op == CompareOp::kRegex) {
      return head + (below(2) == 0 ? "'.*[a-m/].*'" : "'[^x]+'");
    }
    if (is_free_text(field.type) && below(6) == 0) {
      constexpr std::array<std::string_view, 3> kModifiers = {"oneof ", "anyof ", "allof "};
      return head + std::string(kModifiers[below(kModifiers.size())]) + list(field);
    }
    return head + constant(field);
  }
}

}  // namespace saker
