// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The kernel side's numbers of event types are those of the catalogue, under the same names, and
// none that a sensor can make is missing.
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "engine/event/catalogue.h"

namespace saker {
namespace {

// "PPME_SYSCALL_OPEN_X" -> "EVENT_OPEN_X".
std::string kernel_name(std::string_view identifier) {
  std::string name(identifier);
  for (const char* prefix : {"PPME_", "SYSCALL_", "SOCKET_"}) {
    const std::string_view view = prefix;
    // PPME_SOCKET_SOCKET_X keeps its second half.
    if (name.starts_with(view)) {
      name.erase(0, view.size());
    }
  }
  if (name == "X") {
    name = "SOCKET_X";
  }
  return "EVENT_" + name;
}

std::map<std::string, std::size_t> read_header() {
  std::map<std::string, std::size_t> numbers;
  const char* root = std::getenv("SAKER_SOURCE_DIR");
  std::ifstream file(std::string(root == nullptr ? "." : root) + "/bpf/shared/event_types.h");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    std::string equals;
    std::size_t number = 0;
    if (words >> name >> equals >> number && name.starts_with("EVENT_") && equals == "=") {
      numbers[name] = number;
    }
  }
  return numbers;
}

TEST(KernelEventTypes, AreTheCatalogues) {
  const auto numbers = read_header();
  ASSERT_FALSE(numbers.empty()) << "bpf/shared/event_types.h not found";
  std::size_t found = 0;
  for (const EventInfo& info : all_events()) {
    if (!info.is_current() ||
        (info.kind != EventKind::kSyscall && info.kind != EventKind::kTracepoint)) {
      continue;
    }
    const auto number = numbers.find(kernel_name(info.identifier));
    ASSERT_NE(number, numbers.end()) << info.identifier;
    EXPECT_EQ(number->second, index_of(info.type)) << info.identifier;
    ++found;
  }
  EXPECT_EQ(found, numbers.size());
}

}  // namespace
}  // namespace saker
