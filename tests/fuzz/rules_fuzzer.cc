// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule files of any bytes: loading ends in a rule set or in errors, and whatever is said of them
// can be printed. A line "#FILE" begins another file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compat/cli/describe.h"
#include "compat/cli/validation.h"
#include "engine/field/field_catalogue.h"
#include "rules/loader/load_rules.h"

namespace {

using saker::LoadResult;
using saker::RuleFile;

std::vector<RuleFile> split(std::string_view input) {
  constexpr std::string_view kSeparator = "#FILE\n";
  constexpr std::size_t kMostFiles = 4;
  std::vector<RuleFile> files;
  while (true) {
    const std::size_t end =
        files.size() + 1 == kMostFiles ? std::string_view::npos : input.find(kSeparator);
    files.push_back({"f" + std::to_string(files.size()), std::string(input.substr(0, end))});
    if (end == std::string_view::npos) {
      return files;
    }
    input.remove_prefix(end + kSeparator.size());
  }
}

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto fields = std::make_shared<const saker::FieldCatalogue>();
  const std::string input(data, data + size);
  saker::LoadOptions options;
  options.describes = true;
  options.additions = {{.extra_output = "%proc.name", .suggested_output = true}};
  const LoadResult loaded = saker::load_rules(split(input), options, fields);
  require((loaded.rules == nullptr) == loaded.diagnostics.has_errors());
  for (const saker::Diagnostic& diagnostic : loaded.diagnostics.all()) {
    require(!render_text(diagnostic, loaded.sources).empty());
  }
  using saker::cli::ValidationFormat;
  for (const ValidationFormat format : {ValidationFormat::kText, ValidationFormat::kJson}) {
    const auto report = report_validation(loaded, format, &loaded.description);
    require(report.is_valid == (loaded.rules != nullptr));
  }
  require(saker::cli::describe_text(loaded.description).has_value());
  require(saker::cli::describe_json(loaded.description).has_value());
  return 0;
}
