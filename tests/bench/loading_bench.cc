// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// From rule files in memory to a rule set: the three official files and those of generate_rules.py.
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/field/field_catalogue.h"
#include "rules/loader/load_rules.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

RuleFile read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {path.filename().string(), std::string(std::istreambuf_iterator<char>(in), {})};
}

void load(benchmark::State& state, const std::vector<RuleFile>& files) {
  std::size_t rule_count = 0;
  for (auto _ : state) {
    const auto fields = std::make_shared<const FieldCatalogue>();
    const LoadResult loaded = load_rules(files, LoadOptions{}, fields);
    if (loaded.rules == nullptr) {
      state.SkipWithError("the rules do not load");
      return;
    }
    rule_count = loaded.rules->rules().size();
  }
  state.counters["rules"] = static_cast<double>(rule_count);
}

void official_files(benchmark::State& state) {
  const std::filesystem::path folder = testing::shared_dir() / "data" / "rules";
  if (!std::filesystem::exists(folder)) {
    state.SkipWithError("no reference data (SAKER_SHARED_DIR)");
    return;
  }
  std::vector<RuleFile> files;
  for (const char* name :
       {"falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"}) {
    files.push_back(read_file(folder / name));
  }
  load(state, files);
}

// What generate_rules.py prints; empty when it cannot be run.
std::string generated_text(std::int64_t count) {
  const std::string command =
      "python3 " SAKER_BENCH_DIR "/generate_rules.py " + std::to_string(count);
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return text;
  }
  std::array<char, 65536> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), size);
  }
  return pclose(pipe) == 0 ? text : std::string();
}

void generated_rules(benchmark::State& state) {
  load(state, {{"generated.yaml", generated_text(state.range(0))}});
}

BENCHMARK(official_files)->Unit(benchmark::kMillisecond);
BENCHMARK(generated_rules)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace saker
