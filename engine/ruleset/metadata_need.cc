// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/metadata_need.h"

#include <vector>

namespace saker {

MetadataNeed metadata_need(const BoundExpr& expr) {
  std::vector<const BoundField*> fields;
  collect_fields(expr, fields);
  bool needs_metadata = false;
  bool needs_event = false;
  for (const BoundField* field : fields) {
    const bool is_container = field->scope == FieldScope::kContainer;
    needs_metadata = needs_metadata || (is_container && field->info->name != "container.id");
    needs_event = needs_event || (!is_container && field->scope != FieldScope::kConstant);
  }
  return !needs_metadata ? MetadataNeed::kNone
         : needs_event   ? MetadataNeed::kMixed
                         : MetadataNeed::kOnly;
}

}  // namespace saker
