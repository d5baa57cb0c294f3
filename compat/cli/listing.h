// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What --list, --list-events and -i print.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/field/field_catalogue.h"

namespace saker::cli {

enum class ListFormat : std::uint8_t { kText, kMarkdown, kJson };

// `format`: the value of --format; absent means text, or markdown with --markdown.
[[nodiscard]] Result<ListFormat> parse_list_format(const std::optional<std::string>& format,
                                                   bool is_markdown);

struct FieldListing {
  ListFormat format = ListFormat::kText;
  std::string source;       // empty: of all sources
  bool names_only = false;  // -N
  bool with_types = false;  // -v
};

// Hidden fields are left out.
[[nodiscard]] std::string list_fields(const FieldCatalogue& fields, const FieldListing& listing);

[[nodiscard]] std::string list_events(ListFormat format);

// System calls that are only collected when base_syscalls.all or a rule without Falco's exclusion
// asks for them: those that read and write data.
[[nodiscard]] std::string list_ignored_syscalls();

}  // namespace saker::cli
