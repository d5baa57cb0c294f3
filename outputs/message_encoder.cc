// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/message_encoder.h"

#include <array>

#include "engine/alert/field_text.h"
#include "outputs/clocks.h"

namespace saker {

namespace {

constexpr std::size_t kMaxTopicBytes = 249;

bool is_legal_in_topic(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == '-';
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& byte : lower) {
    byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  }
  return lower;
}

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) {
    joined += joined.empty() ? "" : ",";
    joined += word;
  }
  return joined;
}

}  // namespace

std::string legal_topic(std::string_view text) {
  std::string topic(text.substr(0, kMaxTopicBytes));
  for (char& byte : topic) {
    byte = is_legal_in_topic(byte) ? byte : '_';
  }
  return topic;
}

DeliveryRecord MessageEncoder::encode(const OutputMessage& message) {
  DeliveryRecord record;
  record.id = to_text(message.id());
  record.destination = topic_of(message);
  record.key = key_of(message);
  record.created_ns = wall_clock_ns();
  message.render(record.payload, options_.render);
  add_headers(message, record);
  return record;
}

std::string MessageEncoder::topic_of(const OutputMessage& message) const {
  if (options_.topic.empty()) {
    return {};
  }
  struct Variable {
    std::string_view name;
    std::string value;
  };
  const std::array<Variable, 3> variables = {
      Variable{"%source", std::string(message.source())},
      Variable{"%priority", lower_case(to_text(message.priority()))},
      Variable{"%rule", message.rule_name()},
  };
  std::string topic;
  for (std::string_view rest = options_.topic; !rest.empty();) {
    bool is_variable = false;
    for (const Variable& variable : variables) {
      if (rest.starts_with(variable.name)) {
        topic += variable.value;
        rest.remove_prefix(variable.name.size());
        is_variable = true;
        break;
      }
    }
    if (!is_variable) {
      topic += rest.front();
      rest.remove_prefix(1);
    }
  }
  return legal_topic(topic);
}

std::string MessageEncoder::key_of(const OutputMessage& message) const {
  if (options_.key.empty() || options_.key == "host") {
    return options_.key.empty() ? std::string() : options_.render.hostname;
  }
  if (options_.key == "rule") {
    return message.rule_name();
  }
  std::string key;
  const Alert* const alert = message.alert();
  std::string_view field = options_.key;
  if (field == "container") {
    field = "container.id";
  }
  if (alert != nullptr && append_field_text(key, *alert, field)) {
    return key;
  }
  return options_.render.hostname;
}

void MessageEncoder::add_headers(const OutputMessage& message, DeliveryRecord& record) {
  record.headers.push_back({std::string(kAlertIdHeader), record.id});
  record.headers.push_back(
      {std::string(kContentTypeHeader), OutputMessage::content_type(options_.render)});
  if (!options_.has_all_headers) {
    return;
  }
  record.headers.push_back({"rule", message.rule_name()});
  record.headers.push_back({"priority", std::string(to_text(message.priority()))});
  record.headers.push_back({"source", std::string(message.source())});
  const Alert* const alert = message.alert();
  if (alert == nullptr) {
    return;
  }
  record.headers.push_back({"tags", join(alert->rule().tags)});
  const RuleSet& rules = alert->rules();
  if (digest_of_ != &rules || digest_generation_ != rules.generation()) {
    digest_of_ = &rules;
    digest_generation_ = rules.generation();
    digest_ = rules_digest(rules);
  }
  record.headers.push_back({"ruleset-digest", digest_});
}

}  // namespace saker
