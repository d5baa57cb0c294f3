// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `-o` overrides: every line is one, applied to a small configuration, which is then read. Lists
// and maps must not grow beyond what the lines spell out.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "compat/config/option_path.h"
#include "compat/config/read_config.h"
#include "compat/config/schema.h"
#include "compat/config/yaml_file.h"
#include "engine/base/check.h"

namespace {

using namespace saker;
using namespace saker::config;

constexpr std::string_view kBase =
    "rules_files: [a.yaml, b.yaml]\n"
    "engine: {kind: replay, replay: {capture_file: a.scap}}\n"
    "append_output: [{match: {source: syscall}, extra_output: x}]\n"
    "plugins: [{name: p, library_path: p.so}]\n";

std::size_t node_count(const ConfigNode& node) {
  std::size_t count = 1;
  for (const ConfigNode& item : node.items) {
    count += node_count(item);
  }
  for (const ConfigMember& member : node.members) {
    count += node_count(member.value);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  const EnvLookup lookup = [](std::string_view name) { return std::string(name.substr(0, 1)); };
  SourceMap sources;
  Diagnostics diagnostics;
  auto root =
      parse_yaml(sources, sources.add_file("base", std::string(kBase)), lookup, diagnostics);
  SAKER_CHECK(root.has_value());
  std::string_view lines = input;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const Status applied = apply_option(line, *root, sources, lookup);
    SAKER_CHECK(applied || !applied.error().message.empty());
  }
  constexpr std::size_t kMostNodes = 1U << 20U;
  SAKER_CHECK(node_count(*root) < kMostNodes);
  static_cast<void>(schema_violation(*root));
  Config config;
  read_config(*root, config, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    SAKER_CHECK(!render_text(diagnostic, sources).empty());
  }
  return 0;
}
