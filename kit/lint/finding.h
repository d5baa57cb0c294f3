// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One thing that `saker check` says of rule files: from loading or from a lint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.h"
#include "engine/base/source_map.h"

namespace saker::kit {

// Replaces bytes of a file.
struct Edit {
  SourceSpan span;  // in a file
  std::string replacement;
};

struct Finding {
  std::string code;
  Severity severity = Severity::kWarning;
  SourceSpan span;  // in a file
  std::string message;
  std::string item;  // the rule, macro or list concerned; may be empty
  std::vector<DiagnosticNote> notes;
  std::string hint;
  std::string witness;      // an event that proves it; may be empty
  std::vector<Edit> fix;    // empty: none
  std::string fingerprint;  // stable while the text around stays; see set_fingerprints
};

// Fills in the fingerprints: code, item, file name without folders, and the squeezed text of the
// line, with a number for equal ones. Lines may move without changing them.
void set_fingerprints(std::vector<Finding>& findings, const SourceMap& sources);

}  // namespace saker::kit
