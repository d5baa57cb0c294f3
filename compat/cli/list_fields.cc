// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>

#include "compat/cli/list_json.h"
#include "compat/cli/listing.h"
#include "compat/cli/text_columns.h"

namespace saker::cli {

namespace {

constexpr std::string_view kSource = "syscall";
constexpr std::size_t kDescriptionColumn = 31;
constexpr std::size_t kLineWidth = 120;

std::vector<const FieldInfo*> visible_fields(const FieldClass& fields) {
  std::vector<const FieldInfo*> visible;
  std::ranges::copy_if(fields.fields, std::back_inserter(visible),
                       [](const FieldInfo* field) { return !field->has(field_flag::kHidden); });
  return visible;
}

std::string class_title(const FieldClass& fields) {
  return std::string(fields.name) + (fields.is_plugin ? " (plugin)" : "");
}

std::string field_title(const FieldInfo& field, bool with_types) {
  std::string title(field.name);
  if (with_types) {
    title += " (";
    title += to_text(field.type);
    title += field.has(field_flag::kList) ? " list)" : ")";
  }
  return title;
}

std::string names_of(const FieldClass& fields) {
  std::string out;
  for (const FieldInfo* field : visible_fields(fields)) {
    out += field->name;
    out += '\n';
  }
  return out;
}

std::string text_of(const FieldClass& fields, const FieldListing& listing) {
  std::string out = "-------------------------------\n";
  append_columns(out, "Field Class:", class_title(fields), kDescriptionColumn, kLineWidth);
  if (!fields.description.empty()) {
    append_columns(out, "Description:", fields.description, kDescriptionColumn, kLineWidth);
  }
  append_columns(out, "Event Sources:", kSource, kDescriptionColumn, kLineWidth);
  out += '\n';
  for (const FieldInfo* field : visible_fields(fields)) {
    append_columns(out, field_title(*field, listing.with_types), field->meaning, kDescriptionColumn,
                   kLineWidth);
  }
  return out + "\n";
}

std::string markdown_of(const FieldClass& fields) {
  std::string out = "## Field Class: " + class_title(fields) + "\n\n";
  if (!fields.description.empty()) {
    out += std::string(fields.description) + "\n\n";
  }
  out += "Event Sources: " + std::string(kSource) + "\n\n";
  out += "Name | Type | Description\n:----|:-----|:-----------\n";
  for (const FieldInfo* field : visible_fields(fields)) {
    out += "`" + std::string(field->name) + "` | ";
    out += to_text(field->type);
    out += " | ";
    out += field->meaning;
    out += '\n';
  }
  return out + "\n";
}

}  // namespace

Result<ListFormat> parse_list_format(const std::optional<std::string>& format, bool is_markdown) {
  if (format.has_value() && is_markdown) {
    return fail(ErrorCode::kInvalidArgument,
                "You can not specify both --format and --markdown (deprecated)");
  }
  const std::string text = is_markdown ? "markdown" : format.value_or("text");
  if (text == "text") {
    return ListFormat::kText;
  }
  if (text == "markdown") {
    return ListFormat::kMarkdown;
  }
  if (text == "json") {
    return ListFormat::kJson;
  }
  return fail(ErrorCode::kInvalidArgument,
              "Invalid output format '" + text + "', must be one of text, markdown, json");
}

std::string list_fields(const FieldCatalogue& fields, const FieldListing& listing) {
  std::vector<const FieldClass*> shown;
  if (listing.source.empty() || listing.source == kSource) {
    for (const FieldClass& group : fields.classes()) {
      if (!visible_fields(group).empty()) {
        shown.push_back(&group);
      }
    }
  }
  if (listing.format == ListFormat::kJson && !listing.names_only) {
    return field_classes_json(shown);
  }
  std::string out;
  for (const FieldClass* group : shown) {
    out += listing.names_only                        ? names_of(*group)
           : listing.format == ListFormat::kMarkdown ? markdown_of(*group)
                                                     : text_of(*group, listing);
  }
  return out;
}

}  // namespace saker::cli
