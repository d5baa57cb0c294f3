// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/base/text.h"
#include "kit/commands.h"
#include "kit/fmt/format_rules.h"

namespace saker::kit {

namespace {

constexpr int kDone = 0;
constexpr int kDiffers = 1;
constexpr int kUsage = 3;
constexpr OptionInfo kOptions[] = {{"check"}, {"stdout"}};

}  // namespace

int run_fmt(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty() || arguments.words().empty()) {
    print_error(arguments.error().empty() ? "fmt needs rule files" : arguments.error());
    return kUsage;
  }
  const auto paths = expand_yaml_paths(arguments.words(), false);
  if (!paths) {
    print_error(paths.error().message);
    return kUsage;
  }
  int status = kDone;
  for (const std::string& path : *paths) {
    const auto text = read_file(path);
    if (!text) {
      print_error(text.error().message);
      return kUsage;
    }
    const Formatted formatted = format_rules(*text);
    if (!formatted.problem.empty()) {
      print_error(path + ": " + formatted.problem);
      status = kDiffers;
    }
    if (arguments.has("stdout")) {
      print(formatted.text);
    } else if (formatted.text != *text && arguments.has("check")) {
      print(path + ": not formatted\n");
      status = kDiffers;
    } else if (formatted.text != *text) {
      if (const Status written = write_file(path, formatted.text); !written) {
        print_error(written.error().message);
        return kUsage;
      }
      print("formatted " + path + "\n");
    }
  }
  return status;
}

}  // namespace saker::kit
