// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/config_diff.h"

#include <gtest/gtest.h>

#include "compat/config/config_keys.h"

namespace saker::config {
namespace {

using Keys = std::vector<std::string_view>;

TEST(ConfigDiff, NamesWhatDiffers) {
  Config changed;
  EXPECT_EQ(changed_keys({}, changed), Keys{});
  changed.json_output = true;
  changed.http_output.url = "x";
  changed.rules.push_back({true, "a", ""});
  EXPECT_EQ(changed_keys({}, changed), (Keys{"rules", "json_output", "http_output.url"}));
}

TEST(ConfigDiff, EveryKeyCanDiffer) {
  for (const ConfigKey& key : all_keys()) {
    Config changed;
    struct Change {
      void operator()(bool* value) const { *value = !*value; }
      void operator()(std::uint64_t* value) const { *value += 1; }
      void operator()(double* value) const { *value += 1; }
      void operator()(std::string* value) const { *value += "x"; }
      void operator()(std::vector<std::string>* value) const { value->emplace_back("x"); }
      void operator()(std::optional<std::vector<std::string>>* value) const { value->emplace(); }
      void operator()(std::map<std::string, std::string>* value) const { (*value)["x"] = "y"; }
      void operator()(std::vector<IncludeEntry>* value) const { value->emplace_back(); }
      void operator()(std::vector<RuleSelection>* value) const { value->emplace_back(); }
      void operator()(std::vector<PluginEntry>* value) const { value->emplace_back(); }
      void operator()(std::vector<AppendOutput>* value) const { value->emplace_back(); }
    };
    std::visit(Change{}, key.slot(changed));
    EXPECT_EQ(changed_keys({}, changed), Keys{key.path});
  }
}

TEST(ConfigDiff, Effects) {
  struct Row {
    const char* key;
    Effect effect;
  };
  for (const Row& row :
       {Row{"rules", Effect::kRules}, Row{"rules_files", Effect::kRules},
        Row{"rule_matching", Effect::kLoop}, Row{"syscall_event_drops.threshold", Effect::kLoop},
        Row{"log_level", Effect::kLog}, Row{"json_output", Effect::kOutputs},
        Row{"outputs_queue.capacity", Effect::kOutputs},
        Row{"kafka_output.spool.path", Effect::kOutputs},
        Row{"webserver.listen_port", Effect::kOperation},
        Row{"metrics.interval", Effect::kOperation}, Row{"engine.kind", Effect::kRestart},
        Row{"base_syscalls.all", Effect::kRules}}) {
    EXPECT_EQ(effect_of(row.key), row.effect) << row.key;
  }
}

}  // namespace
}  // namespace saker::config
