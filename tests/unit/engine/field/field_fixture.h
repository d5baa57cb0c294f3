// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Asks for fields by name after an event was applied to the small system of state_fixture.h.
#pragma once

#include <string>
#include <vector>

#include "engine/field/container_metadata.h"
#include "engine/field/field_catalogue.h"
#include "engine/field/render.h"
#include "tests/unit/engine/state/state_fixture.h"

namespace saker::testing {

// "name" or "name[argument]".
[[nodiscard]] inline Result<BoundField> bind_text(const FieldCatalogue& fields,
                                                  std::string_view text) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string_view::npos) {
    return fields.bind(text, false, "");
  }
  return fields.bind(text.substr(0, bracket), true,
                     text.substr(bracket + 1, text.size() - bracket - 2));
}

// What a field must show; "<NA>" for no value.
struct Shown {
  const char* field;
  const char* text;
};

class FieldFixture : public StateFixture {
protected:
  // Of the event that was applied last.
  [[nodiscard]] FieldContext context() {
    return {.event = view(),
            .applied = *applied_,
            .state = state,
            .arena = arena_,
            .number = 7,
            .first_ts_ns = kSecond,
            .previous_ts_ns = 2 * kSecond,
            .cpu = 3,
            .hostname = "box",
            .containers = containers_,
            .host_names = host_names_};
  }

  // Value of a field for the event that was applied last.
  [[nodiscard]] Value value_of(const BoundField& field, bool is_for_condition = false) {
    return is_for_condition ? extract_candidates(context(), field) : extract(context(), field);
  }

  [[nodiscard]] std::string text_of(std::string_view name, bool is_for_condition = false) {
    const auto field = bind_text(fields_, name);
    if (!field) {
      return "error: " + field.error().message;
    }
    const Value value = value_of(*field, is_for_condition);
    if (!value.has_value()) {
      return "<NA>";
    }
    std::string text;
    render_value(text, value, field->type, field->format);
    return text;
  }

  void show(EventBuilder event) { applied_ = &apply(std::move(event)); }

  // The shell's connect to 1.2.3.4:443 on fd 4, with its result.
  void connect(std::int64_t result = 0) {
    apply(EventBuilder(kSocketSocketX)
              .tid(kShell)
              .with("fd", 4)
              .with("domain", 2)
              .with("type", 1)
              .with("proto", 0));
    show(EventBuilder(kSocketConnectX)
             .tid(kShell)
             .with("res", result)
             .with("tuple", socktuple("10.0.0.5", 5000, "1.2.3.4", 443))
             .with("fd", 4));
  }

  void expect(const std::vector<Shown>& rows) {
    for (const Shown& row : rows) {
      EXPECT_EQ(text_of(row.field), row.text) << row.field;
    }
  }
  void expect_candidates(const std::vector<Shown>& rows) {
    for (const Shown& row : rows) {
      EXPECT_EQ(text_of(row.field, true), row.text) << row.field;
    }
  }

  [[nodiscard]] const FieldCatalogue& fields() const { return fields_; }

  const ContainerMetadata* containers_ = nullptr;
  HostNames* host_names_ = nullptr;

private:
  FieldCatalogue fields_;
  Arena arena_;
  const Applied* applied_ = nullptr;
};

}  // namespace saker::testing
