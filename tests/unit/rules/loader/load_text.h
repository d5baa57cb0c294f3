// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Loads rule files given as text, for tests.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "engine/field/field_catalogue.h"
#include "rules/loader/load_rules.h"

namespace saker::testing {

// The catalogue that all tests of a program share.
[[nodiscard]] inline std::shared_ptr<const FieldCatalogue> test_fields() {
  static const auto fields = std::make_shared<const FieldCatalogue>();
  return fields;
}

// Files are named a.yaml, b.yaml ...
[[nodiscard]] inline LoadResult load_texts(std::initializer_list<std::string> texts,
                                           const LoadOptions& options = {}) {
  std::vector<RuleFile> files;
  for (const std::string& text : texts) {
    files.push_back(
        RuleFile{std::string(1, static_cast<char>('a' + files.size())) + ".yaml", text});
  }
  return load_rules(files, options, test_fields());
}

// All diagnostics, one after the other, as a user sees them.
[[nodiscard]] inline std::string render_all(const LoadResult& loaded) {
  std::string out;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    out += render_text(diagnostic, loaded.sources);
  }
  return out;
}

// Falco's codes of the first file, in order.
[[nodiscard]] inline std::vector<std::string> codes_of(const FileReport& file) {
  std::vector<std::string> codes;
  for (const LoadProblem& problem : file.problems) {
    codes.emplace_back(info_of(problem.code).code);
  }
  return codes;
}

}  // namespace saker::testing
