// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/spool_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdio>
#include <filesystem>
#include <limits>

namespace saker::spool_file {

namespace {

// Marks our files ("Sakr"), so that a mistaken path is not taken for a spool. Source: PRAGMA
// application_id and user_version of SQLite.
constexpr std::int64_t kApplicationId = 0x53616b72;
constexpr std::int64_t kFormatVersion = 1;
constexpr std::uint64_t kPageBytes = 4096;

// `waiting` is the queue in order of seq, `set_aside` what is not tried again.
constexpr std::string_view kTables = R"sql(
  CREATE TABLE waiting(seq INTEGER PRIMARY KEY, id BLOB NOT NULL, destination BLOB NOT NULL,
    key BLOB NOT NULL, payload BLOB NOT NULL, headers BLOB NOT NULL, created_ns INTEGER NOT NULL,
    tries INTEGER NOT NULL, error BLOB NOT NULL, sum INTEGER NOT NULL, size INTEGER NOT NULL);
  CREATE TABLE set_aside(seq INTEGER PRIMARY KEY, id BLOB NOT NULL, destination BLOB NOT NULL,
    key BLOB NOT NULL, payload BLOB NOT NULL, headers BLOB NOT NULL, created_ns INTEGER NOT NULL,
    tries INTEGER NOT NULL, error BLOB NOT NULL, sum INTEGER NOT NULL, size INTEGER NOT NULL);
)sql";

constexpr std::array<std::string_view, 2> kTableNames = {"waiting", "set_aside"};
constexpr std::array<std::string_view, 2> kCompanions = {"-wal", "-shm"};

// Alerts hold command lines: nobody else reads them. SQLite gives its other files the same mode.
constexpr mode_t kMode = 0600;

// Returns -1 and sets errno.
int open_or_make(const std::string& path) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

// A file that was there keeps its mode and its owner, who could give it any mode again.
Status make_private(int fd, const std::string& path) {
  struct stat file {};
  if (::fstat(fd, &file) != 0) {
    return fail_errno("cannot look at spool " + path, errno);
  }
  if (file.st_uid != ::geteuid()) {
    return fail(ErrorCode::kPermission, "cannot open spool " + path + ": it belongs to user " +
                                            std::to_string(file.st_uid) +
                                            ", who could read the alerts");
  }
  if ((file.st_mode & ALLPERMS) != kMode && ::fchmod(fd, kMode) != 0) {
    return fail_errno("cannot make spool " + path + " private", errno);
  }
  return {};
}

Status make_file(const std::string& path) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (!error) {
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
    if (error) {
      return fail(ErrorCode::kPermission,
                  "cannot make folder " + folder.string() + ": " + error.message());
    }
  }
  const UniqueFd file(open_or_make(path));
  if (!file.is_open()) {
    return fail_errno("cannot open spool " + path, errno);
  }
  return make_private(file.get(), path);
}

Status make_tables(sqlite::Database& database) {
  SAKER_ASSIGN_OR_RETURN(auto transaction, sqlite::Transaction::begin(database));
  SAKER_RETURN_IF_ERROR(database.execute(std::string(kTables)));
  SAKER_RETURN_IF_ERROR(
      database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  SAKER_RETURN_IF_ERROR(
      database.execute("PRAGMA user_version = " + std::to_string(kFormatVersion)));
  return transaction.commit();
}

Status check_identity(sqlite::Database& database) {
  SAKER_ASSIGN_OR_RETURN(const auto id, database.query_integer("PRAGMA application_id"));
  SAKER_ASSIGN_OR_RETURN(const auto version, database.query_integer("PRAGMA user_version"));
  if (id != kApplicationId) {
    SAKER_ASSIGN_OR_RETURN(
        const auto ours,
        database.query_integer("SELECT count(*) FROM sqlite_master WHERE name = 'waiting'"));
    // Another program's database stays where it is.
    return ours == 0 ? fail(ErrorCode::kInvalidArgument, "the file is a database, but no spool")
                     : fail(ErrorCode::kCorruptInput, "the file's header is damaged");
  }
  if (version != kFormatVersion) {
    return fail(ErrorCode::kUnsupported, "the spool has format " + std::to_string(version) +
                                             ", this version reads " +
                                             std::to_string(kFormatVersion));
  }
  return {};
}

// Copies rows of one table in the given direction until one cannot be read. `last`: the seq
// reached. Fails when `to` cannot be written.
Status copy_rows(sqlite::Database& from, sqlite::Database& to, std::string_view table,
                 bool is_upward, std::int64_t& last, std::uint64_t& copied) {
  const std::string order = is_upward ? "seq > ?1 ORDER BY seq" : "seq > ?1 ORDER BY seq DESC";
  auto select = from.prepare("SELECT " + std::string(kColumns) + " FROM " + std::string(table) +
                             " WHERE " + order);
  auto insert =
      to.prepare("INSERT OR IGNORE INTO " + std::string(table) + std::string(kInsertColumns));
  if (!insert) {
    return tl::unexpected(std::move(insert).error());
  }
  if (!select) {
    return {};
  }
  select->bind(1, last);
  while (true) {
    const auto has_row = select->step();
    if (!has_row || !*has_row) {
      return {};
    }
    const ReadRecord row = read_record(*select);
    if (is_upward) {
      last = row.record.sequence;
    }
    if (!row.is_intact) {
      continue;
    }
    bind_record(*insert, row.record);
    SAKER_RETURN_IF_ERROR(insert->run());
    ++copied;
  }
}

Result<std::uint64_t> salvage(const std::string& damaged, sqlite::Database& to) {
  std::uint64_t copied = 0;
  auto from = sqlite::Database::open(damaged, sqlite::Database::Access::kReadWrite);
  if (!from) {
    return copied;
  }
  SAKER_ASSIGN_OR_RETURN(auto transaction, sqlite::Transaction::begin(to));
  for (const std::string_view table : kTableNames) {
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    SAKER_RETURN_IF_ERROR(copy_rows(*from, to, table, true, last, copied));
    // What is behind the damage.
    SAKER_RETURN_IF_ERROR(copy_rows(*from, to, table, false, last, copied));
  }
  SAKER_RETURN_IF_ERROR(transaction.commit());
  return copied;
}

void rename_with_companions(const std::string& from, const std::string& to) {
  for (const std::string_view suffix : kCompanions) {
    // Missing ones are fine.
    static_cast<void>(
        ::rename((from + std::string(suffix)).c_str(), (to + std::string(suffix)).c_str()));
  }
}

// A new file with what can be read of `damaged`.
Result<Replacement> make_replacement(const SpoolOptions& options, const std::string& damaged) {
  SAKER_ASSIGN_OR_RETURN(auto database, open(options));
  SAKER_ASSIGN_OR_RETURN(const std::uint64_t saved, salvage(damaged, database));
  return Replacement{std::move(database), damaged, saved};
}

}  // namespace

ReadRecord read_record(const sqlite::Statement& row) {
  ReadRecord result;
  DeliveryRecord& record = result.record;
  record.sequence = row.integer(0);
  record.id = row.bytes(1);
  record.destination = row.bytes(2);
  record.key = row.bytes(3);
  record.payload = row.bytes(4);
  record.headers = unpack_headers(row.bytes(5));
  record.created_ns = std::bit_cast<std::uint64_t>(row.integer(6));
  record.tries = static_cast<std::uint32_t>(row.integer(7));
  record.last_error = row.bytes(8);
  result.is_intact = std::bit_cast<std::uint64_t>(row.integer(9)) == checksum(record);
  return result;
}

void bind_record(sqlite::Statement& insert, const DeliveryRecord& record) {
  insert.bind(1, record.sequence)
      .bind(2, record.id)
      .bind(3, record.destination)
      .bind(4, record.key)
      .bind(5, record.payload)
      .bind(6, pack_headers(record.headers))
      .bind(7, std::bit_cast<std::int64_t>(record.created_ns))
      .bind(8, static_cast<std::int64_t>(record.tries))
      .bind(9, record.last_error)
      .bind(10, std::bit_cast<std::int64_t>(checksum(record)))
      .bind(11, static_cast<std::int64_t>(stored_size(record)));
}

Result<UniqueFd> lock(const std::string& path) {
  SAKER_RETURN_IF_ERROR(make_file(path));
  const std::string lock_path = path + ".lock";
  UniqueFd file(open_or_make(lock_path));
  if (!file.is_open()) {
    return fail_errno("cannot open " + lock_path, errno);
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::kPermission, "spool " + path + " is in use by another process");
  }
  return file;
}

Result<sqlite::Database> open(const SpoolOptions& options) {
  SAKER_RETURN_IF_ERROR(make_file(options.path));
  SAKER_ASSIGN_OR_RETURN(
      auto database, sqlite::Database::open(options.path, sqlite::Database::Access::kReadWrite));
  // The largest file: the records, partly filled pages, and a reserve for structure.
  const std::uint64_t page_count = options.max_bytes / kPageBytes * 3 / 2 + 4096;
  std::string settings =
      "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; "
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -4096; "
      "PRAGMA journal_size_limit = 16777216; ";
  settings += options.sync == SpoolOptions::Sync::kFull ? "PRAGMA synchronous = FULL; "
                                                        : "PRAGMA synchronous = NORMAL; ";
  settings += "PRAGMA max_page_count = " + std::to_string(page_count) + ";";
  SAKER_RETURN_IF_ERROR(database.execute(settings));
  SAKER_ASSIGN_OR_RETURN(const auto table_count,
                         database.query_integer("SELECT count(*) FROM sqlite_master"));
  if (table_count == 0) {
    SAKER_RETURN_IF_ERROR(make_tables(database));
  }
  SAKER_RETURN_IF_ERROR(check_identity(database));
  if (const auto found = check(database); !found) {
    return tl::unexpected(found.error());
  } else if (*found != "ok") {
    return fail(ErrorCode::kCorruptInput, *found);
  }
  return database;
}

Result<sqlite::Database> open_read_only(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return fail(ErrorCode::kNotFound, "there is no spool " + path);
  }
  SAKER_ASSIGN_OR_RETURN(auto database,
                         sqlite::Database::open(path, sqlite::Database::Access::kReadOnly));
  SAKER_RETURN_IF_ERROR(check_identity(database));
  return database;
}

Result<std::string> check(sqlite::Database& database) {
  return database.query_text("PRAGMA integrity_check(1)");
}

Result<Replacement> replace_damaged(const SpoolOptions& options) {
  std::string moved_to;
  std::error_code error;
  for (int attempt = 0; moved_to.empty() || std::filesystem::exists(moved_to, error); ++attempt) {
    moved_to = options.path + ".corrupt-" + std::to_string(::time(nullptr) + attempt);
  }
  if (::rename(options.path.c_str(), moved_to.c_str()) != 0) {
    return fail_errno("cannot move damaged spool " + options.path + " aside", errno);
  }
  rename_with_companions(options.path, moved_to);
  auto replacement = make_replacement(options, moved_to);
  if (!replacement) {
    remove(options.path);
    if (::rename(moved_to.c_str(), options.path.c_str()) == 0) {
      rename_with_companions(moved_to, options.path);
    }
  }
  return replacement;
}

void remove(const std::string& path) {
  // The log first: without it the file is merely older, and repeats deliveries.
  for (const std::string_view suffix : kCompanions) {
    ::unlink((path + std::string(suffix)).c_str());
  }
  ::unlink(path.c_str());
}

}  // namespace saker::spool_file
