// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a damaged spool can hold: headers, records, and (inputs that begin as SQLite's files do) the
// whole file, which is opened, listed, checked and used.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/base/check.h"
#include "outputs/spool/spool.h"
#include "outputs/spool/spool_tool.h"
#include "tests/support/temp_dir.h"

namespace {

using namespace saker;

void check_line(std::string_view line) {
  SAKER_CHECK(line.find('\n') == std::string_view::npos);
  SAKER_CHECK(nlohmann::json::accept(line));
}

void read_headers(std::string_view input) {
  const auto headers = unpack_headers(input);
  SAKER_CHECK(headers.empty() || pack_headers(headers) == input);
}

void read_record(std::string_view input) {
  DeliveryRecord record;
  for (std::string* text : {&record.id, &record.destination, &record.key, &record.last_error}) {
    const std::string_view part = input.substr(0, input.find('\n'));
    *text = part;
    input.remove_prefix(std::min(part.size() + 1, input.size()));
  }
  record.payload = input;
  record.created_ns = checksum(record);
  check_line(record_json(record, SpoolPart::kSetAside, false));
}

void use_file(std::string_view input) {
  const testing::TempDir folder;
  const std::string path = folder.file("a.db");
  std::ofstream(path, std::ios::binary) << input;
  static_cast<void>(check_spool(path));
  static_cast<void>(list_spool(path, SpoolPart::kWaiting, [](std::string_view) { return true; }));
  auto spool = Spool::open({.path = path}, [](const std::string&) {});
  if (!spool) {
    return;  // another program's, or of a newer version
  }
  const auto before = (*spool)->next(1000, 1 << 20, {});
  DeliveryRecord record;
  record.id = "new";
  record.payload = "payload";
  const auto added = (*spool)->append(std::span(&record, 1));
  const auto after = (*spool)->next(100'000, std::size_t{1} << 30, {});
  if (before && added && after) {
    bool is_there = false;
    for (const DeliveryRecord& found : *after) {
      is_there = is_there || found.id == "new";
    }
    SAKER_CHECK(is_there);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  if (input.starts_with("SQLite format 3")) {
    use_file(input);
  } else {
    read_headers(input);
    read_record(input);
  }
  return 0;
}
