// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The one file that includes SQLite.
#include "outputs/spool/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace saker::sqlite {

namespace {

// Another process reads the file now and then (`spool list`).
constexpr int kBusyTimeoutMs = 5000;

ErrorCode code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorruptInput;
    case SQLITE_PROTOCOL:
      return ErrorCode::kUnsupported;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return ErrorCode::kPermission;
    default:
      return ErrorCode::kIo;
  }
}

tl::unexpected<Error> failure(sqlite3* database, int result) {
  return fail(code_of(result),
              database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(result));
}

}  // namespace

struct Database::Impl {
  sqlite3* handle = nullptr;
  // Statements have ended; close_v2 copes if one has not.
  ~Impl() { sqlite3_close_v2(handle); }
};

struct Statement::Impl {
  sqlite3_stmt* handle = nullptr;
  ~Impl() { sqlite3_finalize(handle); }
};

Statement::Statement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

// Binding fails only for wrong indexes (a bug, seen by every test) or when memory is out.
Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(impl_->handle, parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(impl_->handle, parameter, bytes.empty() ? "" : bytes.data(), bytes.size(),
                      SQLITE_TRANSIENT);
  return *this;
}

Result<bool> Statement::step() {
  const int result = sqlite3_step(impl_->handle);
  if (result == SQLITE_ROW) {
    return true;
  }
  if (result == SQLITE_DONE) {
    sqlite3_reset(impl_->handle);
    return false;
  }
  auto error = failure(sqlite3_db_handle(impl_->handle), result);
  sqlite3_reset(impl_->handle);
  return error;
}

Status Statement::run() {
  SAKER_ASSIGN_OR_RETURN(const bool has_row, step());
  if (has_row) {
    reset();
  }
  return {};
}

void Statement::reset() {
  sqlite3_reset(impl_->handle);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(impl_->handle, column);
}

std::string Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(impl_->handle, column);
  const int size = sqlite3_column_bytes(impl_->handle, column);
  return data == nullptr
             ? std::string()
             : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, Access access) {
  auto impl = std::make_unique<Impl>();
  const int flags = access == Access::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const int result =
      sqlite3_open_v2(path.c_str(), &impl->handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (result != SQLITE_OK) {
    return failure(impl->handle, result);
  }
  sqlite3_extended_result_codes(impl->handle, 1);
  sqlite3_busy_timeout(impl->handle, kBusyTimeoutMs);
  return Database(std::move(impl));
}

void Database::set_busy_timeout(std::chrono::milliseconds timeout) {
  sqlite3_busy_timeout(impl_->handle, static_cast<int>(timeout.count()));
}

Status Database::execute(const std::string& sql) {
  const int result = sqlite3_exec(impl_->handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) {
    return failure(impl_->handle, result);
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  auto impl = std::make_unique<Statement::Impl>();
  const int result = sqlite3_prepare_v2(impl_->handle, sql.data(), static_cast<int>(sql.size()),
                                        &impl->handle, nullptr);
  if (result != SQLITE_OK) {
    return failure(impl_->handle, result);
  }
  return Statement(std::move(impl));
}

Result<std::int64_t> Database::query_integer(std::string_view sql) {
  SAKER_ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  SAKER_ASSIGN_OR_RETURN(const bool has_row, statement.step());
  return has_row ? statement.integer(0) : 0;
}

Result<std::string> Database::query_text(std::string_view sql) {
  SAKER_ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  SAKER_ASSIGN_OR_RETURN(const bool has_row, statement.step());
  return has_row ? statement.bytes(0) : std::string();
}

Result<Transaction> Transaction::begin(Database& database) {
  SAKER_RETURN_IF_ERROR(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ != nullptr) {
    // Fails when SQLite has rolled back by itself, which is as good.
    static_cast<void>(database_->execute("ROLLBACK"));
  }
}

Status Transaction::commit() {
  SAKER_RETURN_IF_ERROR(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace saker::sqlite
