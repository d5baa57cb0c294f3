// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A match, ready to leave the event thread: owns every value that its output needs. Rendering
// happens later, on an output's thread, by alert/render_text.h and alert/render_json.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/field/field_info.h"
#include "engine/ruleset/ruleset.h"

namespace saker {

// Names a message across deliveries: equal content gives equal ids, on any machine and in any run,
// so a receiver can recognise a duplicate.
struct AlertId {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const AlertId&, const AlertId&) = default;
};

// 32 lower-case hexadecimal digits.
[[nodiscard]] std::string to_text(AlertId id);

// Key in output_fields of alerts that went out without their container's metadata.
inline constexpr std::string_view kPendingKey = "saker.container_pending";

class Alert {
public:
  // Extracts and copies what rule `id`'s output asks for.
  [[nodiscard]] static Alert make(std::shared_ptr<const RuleSet> rules, RuleId id,
                                  const FieldContext& context);

  [[nodiscard]] const Rule& rule() const { return rules_->rule(id_); }
  [[nodiscard]] RuleId rule_id() const { return id_; }
  // The rule set that was in force.
  [[nodiscard]] const RuleSet& rules() const { return *rules_; }
  [[nodiscard]] std::uint64_t ts_ns() const { return ts_ns_; }
  [[nodiscard]] std::uint64_t event_number() const { return event_number_; }
  // One value per expression of rule().output, in its order.
  [[nodiscard]] std::span<const Value> values() const { return values_; }

  // The same alert, with the same id, whose texts (and the texts in lists) went through `change`.
  [[nodiscard]] Alert with_texts(const std::function<std::string(std::string_view)>& change) const;

  // The same match with the values of container metadata taken now. Of `context` only the thread's
  // container and the metadata count, as in close_match().
  [[nodiscard]] Alert with_metadata(const FieldContext& context) const;
  // Whether a value is missing because a container runtime did not answer in time. Outputs show it
  // as kPendingKey (Saker only).
  [[nodiscard]] bool is_container_pending() const { return is_container_pending_; }
  // Marks the alert so if its rule's output asks for container metadata.
  void set_container_pending();

  // Hash of the rule's name, the event's number and time, and the values. Computed at each call.
  [[nodiscard]] AlertId id() const;

private:
  std::shared_ptr<const RuleSet> rules_;
  RuleId id_{};
  std::uint64_t ts_ns_ = 0;
  std::uint64_t event_number_ = 0;
  bool is_container_pending_ = false;
  std::optional<AlertId> fixed_id_;  // of the alert that this one was made from
  std::vector<Value> values_;        // borrow from `storage_`
  std::unique_ptr<char[]> storage_;  // one block, so that moving an Alert moves no value
};

}  // namespace saker
