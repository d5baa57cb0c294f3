// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The spool's file: its tables, and how it is opened, checked and, when damaged, replaced.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "outputs/spool/record.h"
#include "outputs/spool/spool_options.h"
#include "outputs/spool/sqlite.h"
#include "outputs/unique_fd.h"

namespace saker::spool_file {

// Columns in the order in which read_record() takes them.
inline constexpr std::string_view kColumns =
    "seq, id, destination, key, payload, headers, created_ns, tries, error, sum";

// The record of the current row, and whether its bytes are what was stored.
struct ReadRecord {
  DeliveryRecord record;
  bool is_intact = false;
};
[[nodiscard]] ReadRecord read_record(const sqlite::Statement& row);

// For "INSERT INTO <table>"; bind_record() fills it.
inline constexpr std::string_view kInsertColumns =
    "(seq, id, destination, key, payload, headers, created_ns, tries, error, sum, size) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
void bind_record(sqlite::Statement& insert, const DeliveryRecord& record);

// Keeps other processes from opening the same spool for as long as it lives; the system releases it
// when the process ends, in whatever way. Fails with kPermission when another process has it.
[[nodiscard]] Result<UniqueFd> lock(const std::string& path);

// Opens the file, makes it when it is not there, and checks it. Fails with kCorruptInput when it is
// damaged or something else.
[[nodiscard]] Result<sqlite::Database> open(const SpoolOptions& options);
// Removes the file and its companions, in an order that a crash in between does not harm.
void remove(const std::string& path);
[[nodiscard]] Result<sqlite::Database> open_read_only(const std::string& path);

// "ok", or what SQLite found. Reads the whole file.
[[nodiscard]] Result<std::string> check(sqlite::Database& database);

struct Replacement {
  sqlite::Database database;
  std::string moved_to;     // where the damaged file is now
  std::uint64_t saved = 0;  // records that could be read from it
};
// Moves the damaged file aside ("PATH.corrupt-TIME"), makes a new one and copies into it what can
// be read. When the new one cannot be written (full disk), the damaged one is back in its place.
[[nodiscard]] Result<Replacement> replace_damaged(const SpoolOptions& options);

}  // namespace saker::spool_file
