// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an editor asks about rule files, without its protocol: diagnostics, completion, hover,
// definitions, renaming, formatting. Everything comes from the compiler and its tables.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/field/field_catalogue.h"
#include "kit/lint/finding.h"
#include "kit/lsp/document.h"

namespace saker::kit {

struct LspDiagnostic {
  LspRange range;
  Severity severity = Severity::kWarning;
  std::string code;
  std::string message;
};

enum class CompletionKind : std::uint8_t { kField, kMacro, kList, kEvent, kKey };

struct Completion {
  std::string label;
  CompletionKind kind = CompletionKind::kField;
  std::string detail;
};

struct LspLocation {
  std::string path;
  LspRange range;
};

struct LspEdit {
  LspRange range;
  std::string text;
};

class LanguageService {
public:
  // `rule_files`: loaded before the file that is edited (those that stand before it, if it is one
  // of them).
  explicit LanguageService(std::vector<std::string> rule_files);

  void open(const std::string& path, std::string text);  // also after a change
  void close(const std::string& path);
  [[nodiscard]] const Document* find(const std::string& path) const;

  [[nodiscard]] std::vector<LspDiagnostic> diagnose(const std::string& path) const;
  [[nodiscard]] std::vector<Completion> complete(const std::string& path, LspPosition at) const;
  [[nodiscard]] std::string hover(const std::string& path, LspPosition at) const;  // Markdown
  [[nodiscard]] std::optional<LspLocation> definition(const std::string& path,
                                                      LspPosition at) const;
  // Edits by path; empty when there is nothing to rename or the name is not usable.
  [[nodiscard]] std::map<std::string, std::vector<LspEdit>> rename(const std::string& path,
                                                                   LspPosition at,
                                                                   const std::string& name) const;
  [[nodiscard]] std::vector<LspEdit> format(const std::string& path) const;

private:
  // Documents whose names the file may use: context files and the file itself.
  [[nodiscard]] std::vector<const Document*> visible_from(const std::string& path) const;
  // The definition of a macro or list; null when there is none.
  [[nodiscard]] std::pair<const Document*, const ItemRegion*> find_item(
      const std::string& path, std::string_view name) const;

  FieldCatalogue fields_;
  std::vector<std::string> rule_files_;
  std::map<std::string, std::unique_ptr<Document>> context_;  // as on disk
  std::map<std::string, std::unique_ptr<Document>> open_;
};

}  // namespace saker::kit
