// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// docs/diagnostics.md has one section for each code, and each code one section.
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

std::set<std::string> documented_codes(const std::string& path) {
  std::set<std::string> codes;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("### ")) {
      codes.insert(line.substr(4));
    }
  }
  return codes;
}

TEST(DiagnosticsDocument, HasASectionForEachCode) {
  const char* source = std::getenv("SAKER_SOURCE_DIR");
  const std::string path = std::string(source == nullptr ? "." : source) + "/docs/diagnostics.md";
  const std::set<std::string> codes{
#define SAKER_DIAGNOSTIC(enumerator, text, sentence) text,
#include "engine/base/diagnostic_codes.inc"
#undef SAKER_DIAGNOSTIC
  };
  const std::set<std::string> documented = documented_codes(path);
  for (const std::string& code : codes) {
    EXPECT_EQ(documented.count(code), 1U) << "no section '### " << code << "' in " << path;
  }
  for (const std::string& code : documented) {
    EXPECT_EQ(codes.count(code), 1U) << "section '### " << code << "' without a code";
  }
}

}  // namespace
}  // namespace saker
