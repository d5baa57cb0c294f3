// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/notice.h"

#include "engine/alert/stable_hash.h"

namespace saker {

AlertId Notice::id() const {
  if (fixed_id) {
    return *fixed_id;
  }
  StableHash hash;
  hash.add_text(rule);
  hash.add_number(ts_ns);
  hash.add_text(message);
  return {hash.high(), hash.low()};
}

}  // namespace saker
