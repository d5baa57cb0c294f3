// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/command_rules.h"

#include "app/rule_files.h"
#include "rules/loader/load_rules.h"

namespace saker::app {

Result<std::shared_ptr<const RuleSet>> load_rules_of_command(
    const std::vector<std::string>& paths) {
  SAKER_ASSIGN_OR_RETURN(const auto found, resolve_rule_files(paths, MissingPath::kIsError));
  SAKER_ASSIGN_OR_RETURN(const auto files, read_rule_files(found));
  LoadResult loaded = load_rules(files, {}, std::make_shared<const FieldCatalogue>());
  if (loaded.rules != nullptr) {
    return std::move(loaded.rules);
  }
  std::string message = loaded.fatal.message;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    if (diagnostic.severity == Severity::kError) {
      message += (message.empty() ? "" : "\n") + render_text(diagnostic, loaded.sources);
    }
  }
  return fail(ErrorCode::kRejected, message);
}

}  // namespace saker::app
