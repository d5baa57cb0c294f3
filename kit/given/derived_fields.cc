// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/given/derived_fields.h"

namespace saker {

namespace {

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string filename_of(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string same(std::string_view text) {
  return std::string(text);
}

struct DerivedRow {
  std::string_view field;
  std::string_view from;
  std::string (*derive)(std::string_view text);
};

constexpr DerivedRow kDerived[] = {
    {"proc.name", "proc.exepath", &filename_of},
    {"proc.exe", "proc.exepath", &same},
    {"proc.exepath", "proc.exe", &same},
    {"proc.pname", "proc.pexepath", &filename_of},
    {"fd.directory", "fd.name", &directory_of},
    {"fd.filename", "fd.name", &filename_of},
    {"fd.nameraw", "fd.name", &same},
};

// proc.cmdline is the name and the arguments.
struct JoinedRow {
  std::string_view field;
  std::string_view name;
  std::string_view args;
};

constexpr JoinedRow kJoined[] = {
    {"proc.cmdline", "proc.name", "proc.args"},
    {"proc.exeline", "proc.exe", "proc.args"},
    {"proc.pcmdline", "proc.pname", ""},
};

}  // namespace

void derive_fields(GivenValues& given) {
  for (const DerivedRow& row : kDerived) {
    const std::string from(given.text(row.from));
    if (!given.has(row.field) && !from.empty()) {
      (void)given.set(row.field, row.derive(from));
    }
  }
  for (const JoinedRow& row : kJoined) {
    if (given.has(row.field) || !given.has(row.name)) {
      continue;
    }
    std::string joined(given.text(row.name));
    if (const std::string_view args = given.text(row.args); !args.empty()) {
      joined += " " + std::string(args);
    }
    (void)given.set(row.field, joined);
  }
}

}  // namespace saker
