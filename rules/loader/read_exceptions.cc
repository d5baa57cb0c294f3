// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Exceptions of a rule item. Source: falco-compat.md 2.6.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "rules/loader/item_reader.h"

namespace saker {

namespace {

// A value is a list of tuples of lists at most.
constexpr unsigned kMaxValueDepth = 4;

}  // namespace

bool ItemReader::read_exceptions(const YamlNode& item, const ItemContext& context, bool is_append,
                                 std::vector<RuleException>& out) {
  const YamlNode* list = item.find("exceptions");
  if (list == nullptr || list->is_null()) {
    return true;
  }
  const ItemContext& at = *nodes_.contexts().child(context, ItemKind::kExceptions, "", list->mark);
  if (!list->is_sequence()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidException,
                  "Rule exceptions must be a sequence", at);
  }
  std::set<std::string> names;
  return std::all_of(list->items.begin(), list->items.end(), [&](const YamlNode* node) {
    return read_exception(*node, at, is_append, names, out);
  });
}

void ItemReader::warn_repeated(const RuleException& exception, const YamlNode& name) {
  nodes_.sink().report(Mistake{
      .code = LoadCode::kExceptionNameNotUnique,
      .diagnostic = DiagnosticCode::kRepeatedException,
      .message = "Multiple definitions of exception '" + exception.name + "' in the same rule",
      .context = exception.context,
      .span = nodes_.span_of(name, *exception.context)});
}

bool ItemReader::read_exception(const YamlNode& node, const ItemContext& list, bool is_append,
                                std::set<std::string>& names, std::vector<RuleException>& out) {
  const ItemContext& unnamed = *nodes_.contexts().child(list, ItemKind::kException, "", node.mark);
  if (!node.is_map()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidException,
                  "Rule exception must be a mapping", unnamed);
  }
  RuleException exception;
  if (!nodes_.text(node, "name", unnamed, Presence::kRequired, exception.name)) {
    return false;
  }
  const ItemContext& context =
      *nodes_.contexts().child(*list.parent, ItemKind::kException, exception.name, node.mark);
  exception.context = &context;
  if (!names.insert(exception.name).second) {
    warn_repeated(exception, *node.find("name"));
  }
  if (!read_exception_key(node, "fields", context,
                          is_append ? Presence::kOptional : Presence::kRequired,
                          exception.fields) ||
      !read_exception_key(node, "comps", context, Presence::kOptional, exception.comps)) {
    return false;
  }
  const YamlNode* values = node.find("values");
  if (values == nullptr) {
    if (is_append) {
      nodes_.sink().report(
          Mistake{.code = LoadCode::kAppendNoValues,
                  .diagnostic = DiagnosticCode::kExceptionWithoutValues,
                  .message = "Overriding/appending exception with no values",
                  .context = &context,
                  .own_message = "exception '" + exception.name + "' is appended without values"});
    }
    out.push_back(std::move(exception));
    return true;
  }
  const ItemContext& at =
      *nodes_.contexts().child(context, ItemKind::kExceptionValues, "", values->mark);
  if (!values->is_sequence()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidException,
                  "Rule exception values must be a sequence", at);
  }
  for (const YamlNode* value : values->items) {
    const ItemContext& place =
        *nodes_.contexts().child(at, ItemKind::kExceptionValue, "", value->mark);
    if (!read_exception_value(*value, place, 0, exception.values.emplace_back())) {
      return false;
    }
  }
  out.push_back(std::move(exception));
  return true;
}

bool ItemReader::read_exception_key(const YamlNode& node, std::string_view key,
                                    const ItemContext& context, Presence presence,
                                    ExceptionNode& out) {
  const YamlNode* value = node.find(key);
  const std::string name(key);
  if (value == nullptr) {
    return presence == Presence::kOptional ||
           reject(LoadCode::kYamlValidate, DiagnosticCode::kMissingKey,
                  "Item has no mapping for key '" + name + "'", context);
  }
  if (value->is_null()) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kEmptyValue,
                  "Mapping for key '" + name + "' is empty", context);
  }
  return read_exception_value(*value, *nodes_.value_context(key, *value, context), 0, out);
}

bool ItemReader::read_exception_value(const YamlNode& node, const ItemContext& context,
                                      unsigned depth, ExceptionNode& out) {
  if (node.is_scalar()) {
    if (node.text.empty()) {
      return reject(LoadCode::kYamlValidate, DiagnosticCode::kEmptyValue, "Value must be non-empty",
                    context);
    }
    out.is_present = true;
    out.word = nodes_.word(node, context);
    return true;
  }
  if (!node.is_sequence() || depth == kMaxValueDepth) {
    return reject(LoadCode::kYamlValidate, DiagnosticCode::kInvalidException,
                  "Can only decode exception entries from scalar or list values", context);
  }
  out.is_present = true;
  out.is_list = true;
  out.items.resize(node.items.size());
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (!read_exception_value(*node.items[i], context, depth + 1, out.items[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace saker
