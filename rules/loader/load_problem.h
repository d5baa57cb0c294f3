// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One thing wrong with a rule file, twice: as our diagnostic (file, line, column, notes, hint) and
// with what Falco says of it (code, text, chain of items, snippet), so that compat/cli can print
// Falco's view without knowing how it came about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.h"
#include "rules/loader/yaml_source.h"

namespace saker {

enum class LoadCode : std::uint8_t {
#define SAKER_LOAD_CODE(enumerator, severity, code, short_text, long_text) enumerator,
#include "rules/loader/load_codes.inc"
#undef SAKER_LOAD_CODE
};

struct LoadCodeInfo {
  Severity severity;
  std::string_view code;        // "LOAD_ERR_YAML_PARSE"
  std::string_view short_text;  // in text output; of errors also `codedesc`
  std::string_view long_text;   // `codedesc` of warnings
};
[[nodiscard]] const LoadCodeInfo& info_of(LoadCode code);

// What a step of a location chain is; the words are Falco's (falco-compat.md 2.9).
enum class ItemKind : std::uint8_t {
  kValueFor,
  kExceptions,
  kException,
  kExceptionValues,
  kExceptionValue,
  kRulesContent,
  kRulesContentItem,
  kRequiredEngineVersion,
  kRequiredPluginVersions,
  kRequiredPluginVersionsEntry,
  kRequiredPluginVersionsAlternative,
  kList,
  kListItem,
  kMacro,
  kMacroCondition,
  kRule,
  kRuleCondition,
  kConditionExpression,
  kRuleOutput,
  kRulePriority,
  kOverrides,
};
[[nodiscard]] std::string_view to_text(ItemKind kind);

// A step of the way from a file to the mistake. Positions count from 0; those of a condition
// expression are the sum of the enclosing item's and the parser's, as in Falco.
struct ItemLocation {
  ItemKind kind = ItemKind::kRulesContent;
  std::string name;   // of the item; often empty
  std::string place;  // file name, or the beginning of the condition in double quotes
  YamlMark position;
};

struct LoadProblem {
  Diagnostic diagnostic;
  LoadCode code = LoadCode::kYamlValidate;
  std::string message;                  // Falco's text
  std::vector<ItemLocation> locations;  // outermost first
  std::string snippet;                  // the line and a caret line, each with its line end
  std::string deprecated_field;         // of kDeprecatedItem, when a field is meant
};

// Cuts the line around byte `offset` out of `content` and puts a caret line below it, as Falco
// does: at most 80 characters to each side, a position behind the end counts as the last character.
[[nodiscard]] std::string falco_snippet(std::string_view content, std::size_t offset);

}  // namespace saker
