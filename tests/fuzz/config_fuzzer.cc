// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Configuration files of any bytes. A line "#FILE" begins a file that is merged into the first, by
// each of the strategies. No file is opened: config_files names nothing here.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "compat/config/merge.h"
#include "compat/config/read_config.h"
#include "compat/config/schema.h"
#include "compat/config/yaml_file.h"
#include "engine/base/check.h"

namespace {

using namespace saker;
using namespace saker::config;

std::string fake_env(std::string_view name) {
  return name == "HOME" ? "/root" : std::string(name.substr(0, 1));
}

void check_diagnostics(const Diagnostics& diagnostics, const SourceMap& sources) {
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    SAKER_CHECK(!render_text(diagnostic, sources).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kSeparator = "#FILE\n";
  const std::string input(data, data + size);
  const std::size_t cut = std::min(input.find(kSeparator), input.size());
  SourceMap sources;
  Diagnostics diagnostics;
  const SourceId main_file = sources.add_file("main.yaml", input.substr(0, cut));
  const auto root = parse_yaml(sources, main_file, fake_env, diagnostics);
  if (root) {
    static_cast<void>(schema_violation(*root));
    Config config;
    read_config(*root, config, diagnostics);
  }
  if (cut < input.size()) {
    const SourceId second = sources.add_file("more.yaml", input.substr(cut + kSeparator.size()));
    const auto more = parse_yaml(sources, second, fake_env, diagnostics);
    for (const MergeStrategy strategy :
         {MergeStrategy::kAppend, MergeStrategy::kOverride, MergeStrategy::kAddOnly}) {
      if (root && more && root->is_map()) {
        ConfigNode merged = *root;
        merge(merged, *more, strategy);
        Config config;
        read_config(merged, config, diagnostics);
      }
    }
  }
  check_diagnostics(diagnostics, sources);
  return 0;
}
