// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/fold.h"

#include "engine/alert/alert_facts.h"
#include "engine/alert/time_text.h"

namespace saker {

namespace {

bool differs_by_nature(std::string_view field) {
  return field.starts_with("evt.time") || field.starts_with("evt.datetime") ||
         field.starts_with("evt.rawtime") || field.starts_with("evt.reltime") ||
         field == "evt.num" || field == "evt.outputtime";
}

std::string iso_text(std::uint64_t ts_ns) {
  std::string text;
  append_iso_time(text, ts_ns, "Z");
  return text;
}

void add_part(std::string& key, std::string_view part) {
  key += std::to_string(part.size());
  key += ':';
  key += part;
}

}  // namespace

std::string Folder::key_of(const OutputMessage& message) const {
  const AlertFacts facts = facts_of(*message.alert(), {});
  std::string key;
  add_part(key, facts.rule);
  if (!options_.fields.empty()) {
    for (const std::string& field : options_.fields) {
      const AlertFact* fact = facts.find(field);
      add_part(key, fact == nullptr ? std::string() : text_of(*fact));
    }
    return key;
  }
  for (const AlertFact& fact : facts.fields) {
    if (!differs_by_nature(fact.name)) {
      add_part(key, fact.name);
      add_part(key, text_of(fact));
    }
  }
  return key;
}

bool Folder::fold(const OutputMessage& message, SteadyTime now) {
  if (message.alert() == nullptr) {
    return false;
  }
  std::string key = key_of(message);
  const auto found = windows_.find(key);
  if (found != windows_.end()) {
    found->second.folded_count += 1;
    found->second.last_ts_ns = message.ts_ns();
    found->second.last_id = to_text(message.id());
    return true;
  }
  if (windows_.size() < options_.max_keys) {
    ends_.push_back({now + options_.window, key});
    windows_.emplace(std::move(key), Window{message, message.ts_ns(), {}, 0});
  }
  return false;
}

std::vector<Folder::Summary> Folder::close_windows(SteadyTime now) {
  std::vector<Summary> summaries;
  while (!ends_.empty() && ends_.front().time <= now) {
    const auto window = windows_.find(ends_.front().key);
    const Window& folded = window->second;
    if (folded.folded_count > 0) {
      Notice notice;
      notice.ts_ns = folded.last_ts_ns;
      notice.priority = folded.first.priority();
      notice.rule = "Saker internal: folded alerts";
      notice.message = std::to_string(folded.folded_count) + " more alerts of rule \"" +
                       folded.first.rule_name() + "\" like the first one";
      notice.fields["count"] = folded.folded_count;
      notice.fields["rule"] = folded.first.rule_name();
      notice.fields["first_alert_id"] = to_text(folded.first.id());
      notice.fields["first_time"] = iso_text(folded.first.ts_ns());
      notice.fields["last_alert_id"] = folded.last_id;
      notice.fields["last_time"] = iso_text(folded.last_ts_ns);
      summaries.push_back({OutputMessage(std::move(notice)), folded.folded_count});
    }
    windows_.erase(window);
    ends_.pop_front();
  }
  return summaries;
}

SteadyTime Folder::next_end() const {
  return ends_.empty() ? SteadyTime::max() : ends_.front().time;
}

}  // namespace saker
