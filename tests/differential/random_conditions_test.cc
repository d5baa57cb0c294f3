// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
// The production engine agrees with the reference interpreter on random conditions over recorded
// events, and with itself when its optimisations are switched off one at a time.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "compat/scap/scap_source.h"
#include "engine/eval/event_types.h"
#include "engine/field/render.h"
#include "engine/lang/parser.h"
#include "engine/ruleset/matcher.h"
#include "tests/support/condition_generator.h"
#include "tests/support/reference_eval.h"
#include "tests/support/replay_events.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

constexpr std::size_t kSamplesPerField = 40;
constexpr std::size_t kConditions = 400;
constexpr std::size_t kPairsPerEvent = 24;
constexpr std::size_t kCaptures = 6;

// The engine as it runs, and with each of its optimisations off.
struct Variant {
  const char* name;
  Optimisations compile;
  bool caches_process_facts = true;
  std::uint64_t adapts_after_events = 100;
};

const Variant kVariants[] = {
    {"all optimisations", {}},
    {"decides_by_type off", {.decides_by_type = false}},
    {"shares off", {.shares = false}},
    {"splits off", {.splits = false}},
    {"indexes off", {.indexes = false}},
    {"orders off", {.orders = false}},
    {"process facts not kept", {}, false},
    {"order not adapted", {}, true, 0},
    {"all off",
     {.decides_by_type = false,
      .shares = false,
      .splits = false,
      .indexes = false,
      .orders = false},
     false,
     0},
};

std::uint32_t seed() {
  const char* text = std::getenv("SAKER_SEED");
  return text == nullptr ? 20261121U : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

// Pairs to check over all captures; 1200000 for the full run.
std::size_t wanted_pairs() {
  const char* text = std::getenv("SAKER_DIFFERENTIAL_PAIRS");
  return text == nullptr ? 300000U : std::strtoul(text, nullptr, 10);
}

// Values whose answer depends on how often they were read, so that no two evaluators agree.
bool is_stateful(std::string_view name) {
  return name.starts_with("evt.deltatime") || name == "util.cnt";
}

std::vector<BoundField> sampled_fields(const FieldCatalogue& fields) {
  std::vector<BoundField> out;
  const auto add = [&](std::string_view name, bool has_argument, std::string_view argument) {
    if (auto field = fields.bind(name, has_argument, argument)) {
      out.push_back(std::move(*field));
    }
  };
  for (const FieldInfo* info : fields.all()) {
    if (info->argument == ArgumentRule::kRequired || is_stateful(info->name) ||
        info->has(field_flag::kPrintOnly)) {
      continue;
    }
    add(info->name, false, "");
  }
  for (const std::string_view name : {"proc.aname", "proc.aexe", "proc.apid", "proc.acmdline"}) {
    add(name, true, "1");
    add(name, true, "3");
  }
  for (const std::string_view name : {"evt.arg.res", "evt.arg.flags", "evt.arg.path",
                                      "evt.arg.name", "evt.rawarg.fd", "evt.rawarg.flags"}) {
    add(name, false, "");
  }
  add("proc.env", true, "HOME");
  add("proc.args", true, "0");
  return out;
}

ValueSamples sample_values(const std::string& capture, const FieldCatalogue& fields) {
  const std::vector<BoundField> sampled = sampled_fields(fields);
  ValueSamples samples;
  std::mt19937 random(seed());
  replay_events(capture, [&](const FieldContext& context) {
    if (random() % 16 != 0) {
      return;
    }
    for (const BoundField& field : sampled) {
      std::vector<std::string>& known = samples[field.text];
      if (known.size() >= kSamplesPerField) {
        continue;
      }
      Value value = extract_candidates(context, field);
      if (value.kind() == ValueKind::kList) {
        value = value.as_list().empty() ? Value() : value.as_list().front();
      }
      std::string text;
      render_value(text, value, field.type, ParamFormat::kDec);
      if (value.has_value() && text.find('\0') == std::string::npos) {
        known.push_back(text);
      }
    }
  });
  return samples;
}

struct CompiledConditions {
  std::vector<std::string> texts;
  std::vector<std::unique_ptr<Node>> trees;
  std::vector<std::shared_ptr<const RuleSet>> rules;  // by variant
};

CompiledConditions compile_random(const std::shared_ptr<const FieldCatalogue>& fields,
                                  const ValueSamples& samples) {
  CompiledConditions out;
  ConditionGenerator generator(*fields, samples, seed());
  std::vector<std::unique_ptr<RuleSetBuilder>> builders;
  for (const Variant& variant : kVariants) {
    builders.push_back(std::make_unique<RuleSetBuilder>(fields, RegexOptions{}, variant.compile));
  }
  while (out.trees.size() < kConditions) {
    std::string text = generator.condition(6);
    auto tree = parse_condition(text, SourceId::kNone, kMaxRuleDepth);
    EXPECT_TRUE(tree.has_value()) << text;
    if (!tree || !check_condition(**tree, *fields) || !event_types_of(**tree)) {
      continue;  // for example a sampled text that its own type does not read back, or a
                 // transformed event type
    }
    for (const auto& builder : builders) {
      Rule rule;
      rule.name = text;
      EXPECT_TRUE(builder->add(std::move(rule), **tree).has_value()) << text;
    }
    out.texts.push_back(std::move(text));
    out.trees.push_back(std::move(*tree));
  }
  for (const auto& builder : builders) {
    out.rules.push_back(std::move(*builder).build());
  }
  return out;
}

// Falco asks a rule only about the event types of its condition, which for names of calls without a
// type of their own is narrower than the condition: docs/operators.md.
bool is_asked(const Rule& rule, EventType type) {
  return rule.event_types.test(index_of(type)) || type == EventType::kAsynceventE;
}

TEST(RandomConditions, EngineAgreesWithTheReferenceInterpreter) {
  if (testing::shared_dir().empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const std::filesystem::path data = testing::shared_dir() / "data";
  std::cout << "seed " << seed() << "\n";
  const auto fields = std::make_shared<const FieldCatalogue>();
  std::size_t pairs = 0;
  for (const std::string_view name : {"first", "net", "container", "syscalls", "attack", "build"}) {
    const std::string capture = data / (std::string(name) + ".scap");
    const CompiledConditions compiled = compile_random(fields, sample_values(capture, *fields));
    std::vector<std::unique_ptr<Matcher>> matchers;
    for (std::size_t v = 0; v < std::size(kVariants); ++v) {
      matchers.push_back(std::make_unique<Matcher>(
          compiled.rules[v],
          MatcherOptions{.matching = RuleMatching::kAll,
                         .caches_process_facts = kVariants[v].caches_process_facts,
                         .adapts_after_events = kVariants[v].adapts_after_events}));
    }
    reference::Interpreter interpreter(*fields);
    std::mt19937 random(seed());
    const std::size_t end = pairs + wanted_pairs() / kCaptures;
    replay_events(capture, [&](const FieldContext& context) {
      if (pairs >= end || ::testing::Test::HasFailure()) {
        return;
      }
      const std::span<const RuleId> matched = matchers.front()->match(context);
      for (std::size_t v = 1; v < matchers.size(); ++v) {
        EXPECT_TRUE(std::ranges::equal(matched, matchers[v]->match(context)))
            << name << " event " << context.number << ": " << kVariants[v].name;
      }
      for (std::size_t i = 0; i < kPairsPerEvent; ++i, ++pairs) {
        const std::size_t at = random() % compiled.trees.size();
        const bool is_matched =
            std::ranges::find(matched, RuleId{static_cast<std::uint32_t>(at)}) != matched.end();
        const Rule& rule = compiled.rules.front()->rules()[at];
        EXPECT_EQ(is_matched, is_asked(rule, context.event.type()) &&
                                  interpreter.evaluate(*compiled.trees[at], context))
            << name << " event " << context.number << ": " << compiled.texts[at];
      }
    });
  }
  std::cout << pairs << " pairs compared\n";
}

}  // namespace
}  // namespace saker
