// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Event records of any bytes (event_stream.h says in which forms): parsed, applied to the state,
// and fields asked for their values, both as an output and as a condition would. Each event asks
// every seventh field, the next event the ones beside them: all of them at each would leave time
// for few inputs.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/field/field_catalogue.h"
#include "engine/field/render.h"
#include "tests/fuzz/event_stream.h"

namespace {

using namespace saker;

// Each field in every form that its arguments allow.
std::vector<BoundField> all_fields() {
  static const FieldCatalogue catalogue;
  std::vector<BoundField> bound;
  for (const FieldInfo* info : catalogue.all()) {
    if (const auto plain = catalogue.bind(info->name, false, {})) {
      bound.push_back(*plain);
    }
    for (const char* argument : {"0", "1", "3", "name", "fd", "res", "data", "HOME", "file"}) {
      if (const auto with = catalogue.bind(info->name, true, argument)) {
        bound.push_back(*with);
      }
    }
  }
  return bound;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<BoundField> fields = all_fields();
  constexpr std::size_t kLongestText = 1U << 20U;
  constexpr std::size_t kStride = 7;
  std::string text;
  fuzz::run_events(
      {reinterpret_cast<const std::byte*>(data), size}, [&text](const FieldContext& context) {
        for (std::size_t i = context.number % kStride; i < fields.size(); i += kStride) {
          const BoundField& field = fields[i];
          static_cast<void>(extract_candidates(context, field));
          text.clear();
          render_value(text, extract(context, field), field.type, field.format);
          SAKER_CHECK(text.size() < kLongestText);
        }
      });
  return 0;
}
