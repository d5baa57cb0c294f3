// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The part of SQLite that the spool needs, as values and Results. The library's own types stay in
// sqlite.cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace saker::sqlite {

// A prepared statement. Columns and parameters are counted as SQLite does: columns from 0,
// parameters from 1.
class Statement {
public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  // Texts are copied.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view bytes);

  // True: a row is there. After false or an error the statement is reset, its parameters stay.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that gives no rows.
  [[nodiscard]] Status run();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string bytes(int column) const;

private:
  friend class Database;
  struct Impl;
  explicit Statement(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// An open file. Errors: kCorruptInput (damaged, or no database), kUnsupported (its locks are out of
// order: only opening it again helps), kPermission, kIo (also a full disk). Statements must not
// outlive it.
class Database {
public:
  enum class Access : std::uint8_t { kReadOnly, kReadWrite };

  [[nodiscard]] static Result<Database> open(const std::string& path, Access access);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  // How long a statement waits for another process that has the file locked; 5 s at first.
  void set_busy_timeout(std::chrono::milliseconds timeout);
  // Runs one or more statements and ignores their rows.
  [[nodiscard]] Status execute(const std::string& sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // First column of the first row; 0 or "" when there is none.
  [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql);
  [[nodiscard]] Result<std::string> query_text(std::string_view sql);

private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Rolls back at its end unless commit() succeeded.
class Transaction {
public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  [[nodiscard]] Status commit();

private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace saker::sqlite
