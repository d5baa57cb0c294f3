// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/spool.h"

#include <algorithm>
#include <utility>

#include "outputs/spool/spool_file.h"

namespace saker {

namespace {

constexpr std::string_view kDamaged = "damaged in the spool file";

std::int64_t signed_size(std::uint64_t size) {
  return static_cast<std::int64_t>(size);
}

std::string select_waiting(std::size_t skipped_key_count) {
  std::string sql = "SELECT " + std::string(spool_file::kColumns) + ", size FROM waiting";
  for (std::size_t i = 0; i < skipped_key_count; ++i) {
    sql += i == 0 ? " WHERE key NOT IN (?" : ", ?";
  }
  sql += skipped_key_count > 0 ? ")" : "";
  return sql + " ORDER BY seq";
}

std::string recovery_text(const SpoolOptions& options, const Error& why,
                          const std::string& moved_to, std::uint64_t saved) {
  return "spool " + options.path + " was damaged (" + why.message + "): moved to " + moved_to +
         ", " + std::to_string(saved) + " records saved from it";
}

bool takes_out(const Settlement& settlement) {
  return settlement.kind != Settlement::Kind::kCountTry;
}

}  // namespace

// The database and the statements that run all the time.
struct Spool::File {
  UniqueFd lock;
  sqlite::Database database;
  sqlite::Statement insert;
  sqlite::Statement remove;

  static Result<std::unique_ptr<File>> make(UniqueFd lock, sqlite::Database database) {
    SAKER_ASSIGN_OR_RETURN(auto insert, database.prepare("INSERT INTO waiting" +
                                                         std::string(spool_file::kInsertColumns)));
    SAKER_ASSIGN_OR_RETURN(auto remove, database.prepare("DELETE FROM waiting WHERE seq = ?1 "
                                                         "RETURNING size"));
    return std::unique_ptr<File>(
        new File{std::move(lock), std::move(database), std::move(insert), std::move(remove)});
  }
};

Spool::Spool(SpoolOptions options, Log log) : options_(std::move(options)), log_(std::move(log)) {}
Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(const SpoolOptions& options, Log log) {
  std::unique_ptr<Spool> spool(new Spool(options, std::move(log)));
  SAKER_ASSIGN_OR_RETURN(auto lock, spool_file::lock(options.path));
  const std::lock_guard guard(spool->mutex_);
  auto database = spool_file::open(options);
  if (database) {
    auto file = File::make(std::move(lock), std::move(*database));
    if (!file) {
      return tl::unexpected(std::move(file).error().with_context("spool " + options.path));
    }
    spool->file_ = std::move(*file);
    SAKER_RETURN_IF_ERROR(spool->load_counts());
  } else if (database.error().code == ErrorCode::kCorruptInput) {
    SAKER_ASSIGN_OR_RETURN(auto replacement, spool_file::replace_damaged(options));
    spool->log_(recovery_text(options, database.error(), replacement.moved_to, replacement.saved));
    SAKER_ASSIGN_OR_RETURN(spool->file_,
                           File::make(std::move(lock), std::move(replacement.database)));
    SAKER_RETURN_IF_ERROR(spool->load_counts());
  } else {
    return tl::unexpected(std::move(database).error().with_context("spool " + options.path));
  }
  spool->first_own_sequence_ = spool->next_sequence_;
  return spool;
}

Status Spool::load_counts() {
  sqlite::Database& database = file_->database;
  const auto number = [&database](std::string_view sql) { return database.query_integer(sql); };
  SAKER_ASSIGN_OR_RETURN(const auto waiting, number("SELECT count(*) FROM waiting"));
  SAKER_ASSIGN_OR_RETURN(const auto waiting_bytes, number("SELECT sum(size) FROM waiting"));
  SAKER_ASSIGN_OR_RETURN(const auto set_aside, number("SELECT count(*) FROM set_aside"));
  SAKER_ASSIGN_OR_RETURN(const auto set_aside_bytes, number("SELECT sum(size) FROM set_aside"));
  SAKER_ASSIGN_OR_RETURN(const auto last_waiting, number("SELECT max(seq) FROM waiting"));
  SAKER_ASSIGN_OR_RETURN(const auto last_aside, number("SELECT max(seq) FROM set_aside"));
  counts_ = {.waiting = static_cast<std::uint64_t>(waiting),
             .waiting_bytes = static_cast<std::uint64_t>(waiting_bytes),
             .set_aside = static_cast<std::uint64_t>(set_aside),
             .set_aside_bytes = static_cast<std::uint64_t>(set_aside_bytes)};
  next_sequence_ = std::max({next_sequence_, last_waiting + 1, last_aside + 1});
  return {};
}

Status Spool::recover(const Error& why) {
  UniqueFd lock = std::move(file_->lock);
  file_.reset();
  auto replacement = spool_file::replace_damaged(options_);
  if (!replacement) {
    // Try to go on with the file as it is, so that there is one to work on.
    SAKER_ASSIGN_OR_RETURN(auto again, spool_file::open(options_));
    SAKER_ASSIGN_OR_RETURN(file_, File::make(std::move(lock), std::move(again)));
    return tl::unexpected(std::move(replacement).error());
  }
  log_(recovery_text(options_, why, replacement->moved_to, replacement->saved));
  SAKER_ASSIGN_OR_RETURN(file_, File::make(std::move(lock), std::move(replacement->database)));
  return load_counts();
}

template <typename Work>
auto Spool::with_recovery(Work work) -> decltype(work()) {
  const std::lock_guard guard(mutex_);
  if (file_ == nullptr) {
    return fail(ErrorCode::kIo, "spool " + options_.path + " could not be replaced");
  }
  auto result = work();
  if (!result && result.error().code == ErrorCode::kCorruptInput) {
    SAKER_RETURN_IF_ERROR(recover(result.error()));
    result = work();
  }
  if (!result) {
    return tl::unexpected(std::move(result).error().with_context("spool " + options_.path));
  }
  return result;
}

Result<DropCount> Spool::append(std::span<DeliveryRecord> records) {
  return with_recovery([&] { return append_once(records); });
}

Result<DropCount> Spool::append_once(std::span<DeliveryRecord> records) {
  std::uint64_t bytes = 0;
  for (const DeliveryRecord& record : records) {
    bytes += stored_size(record);
  }
  StoreCounts counts = counts_;
  SAKER_ASSIGN_OR_RETURN(auto transaction, sqlite::Transaction::begin(file_->database));
  DropCount dropped;
  if (counts.waiting_bytes + counts.set_aside_bytes + bytes > options_.max_bytes) {
    if (options_.when_full == SpoolOptions::WhenFull::kRefuse) {
      return fail(ErrorCode::kLimit,
                  "full: " + std::to_string(options_.max_bytes) + " bytes are its limit");
    }
    SAKER_ASSIGN_OR_RETURN(dropped, make_room(bytes, counts));
  }
  std::int64_t sequence = next_sequence_;
  for (DeliveryRecord& record : records) {
    record.sequence = sequence++;
    spool_file::bind_record(file_->insert, record);
    SAKER_RETURN_IF_ERROR(file_->insert.run());
  }
  SAKER_RETURN_IF_ERROR(transaction.commit());
  next_sequence_ = sequence;
  counts.waiting += records.size();
  counts.waiting_bytes += bytes;
  counts_ = counts;
  return dropped;
}

// Gives up records until `bytes` more fit, or none is left: a batch that is larger than the limit
// by itself goes above it.
Result<DropCount> Spool::make_room(std::uint64_t bytes, StoreCounts& counts) {
  const auto is_full = [&] {
    return counts.waiting_bytes + counts.set_aside_bytes + bytes > options_.max_bytes;
  };
  sqlite::Database& database = file_->database;
  if (counts.set_aside > 0) {
    SAKER_ASSIGN_OR_RETURN(auto select,
                           database.prepare("SELECT seq, size FROM set_aside ORDER BY seq"));
    std::int64_t last = 0;
    while (is_full() && counts.set_aside > 0) {
      SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
      if (!has_row) {
        break;
      }
      last = select.integer(0);
      counts.set_aside -= 1;
      counts.set_aside_bytes -= static_cast<std::uint64_t>(select.integer(1));
    }
    select.reset();
    SAKER_RETURN_IF_ERROR(
        database.execute("DELETE FROM set_aside WHERE seq <= " + std::to_string(last)));
  }
  SAKER_ASSIGN_OR_RETURN(auto select,
                         database.prepare("SELECT seq, size FROM waiting ORDER BY seq"));
  std::int64_t last = dropped_to_;
  DropCount dropped;
  while (is_full() && counts.waiting > 0) {
    SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
    if (!has_row) {
      break;
    }
    last = select.integer(0);
    count_drop(last, dropped);
    counts.waiting -= 1;
    counts.waiting_bytes -= static_cast<std::uint64_t>(select.integer(1));
  }
  select.reset();
  SAKER_RETURN_IF_ERROR(
      database.execute("DELETE FROM waiting WHERE seq <= " + std::to_string(last)));
  dropped_to_ = std::max(dropped_to_, last);
  return dropped;
}

void Spool::count_drop(std::int64_t sequence, DropCount& dropped) const {
  const auto unwritten = unwritten_.find(sequence);
  if (unwritten == unwritten_.end() || !takes_out(unwritten->second)) {
    dropped.all += 1;
    dropped.own += sequence >= first_own_sequence_;
  }
}

Result<std::vector<DeliveryRecord>> Spool::next(std::size_t limit, std::size_t limit_bytes,
                                                const std::set<std::string>& without_keys) {
  return with_recovery([&] { return next_once(limit, limit_bytes, without_keys); });
}

Result<std::vector<DeliveryRecord>> Spool::next_once(std::size_t limit, std::size_t limit_bytes,
                                                     const std::set<std::string>& without_keys) {
  if (!unwritten_.empty()) {
    // A disk that is still full is no reason not to deliver.
    static_cast<void>(write_settlements());
  }
  SAKER_ASSIGN_OR_RETURN(auto select, file_->database.prepare(select_waiting(without_keys.size())));
  int parameter = 0;
  for (const std::string& key : without_keys) {
    select.bind(++parameter, key);
  }
  std::vector<DeliveryRecord> records;
  std::size_t bytes = 0;
  std::vector<Settlement> damaged;
  while (records.size() < limit && bytes < limit_bytes) {
    SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
    if (!has_row) {
      break;
    }
    spool_file::ReadRecord row = spool_file::read_record(select);
    const auto unwritten = unwritten_.find(row.record.sequence);
    if (unwritten != unwritten_.end() && takes_out(unwritten->second)) {
      continue;
    }
    if (!row.is_intact) {
      damaged.push_back({row.record.sequence, Settlement::Kind::kSetAside, std::string(kDamaged)});
      continue;
    }
    bytes += static_cast<std::size_t>(select.integer(10));
    records.push_back(std::move(row.record));
  }
  select.reset();
  if (!damaged.empty()) {
    log_("spool " + options_.path + ": " + std::to_string(damaged.size()) +
         " damaged records set aside");
    for (Settlement& settlement : damaged) {
      unwritten_[settlement.sequence] = std::move(settlement);
    }
    static_cast<void>(write_settlements());
  }
  return records;
}

Result<std::uint64_t> Spool::settle(std::span<const Settlement> settlements) {
  return with_recovery([&]() -> Result<std::uint64_t> {
    std::uint64_t own = 0;
    for (const Settlement& settlement : settlements) {
      const bool is_there = settlement.sequence > dropped_to_;
      own += takes_out(settlement) && is_there && settlement.sequence >= first_own_sequence_;
      unwritten_[settlement.sequence] = settlement;
    }
    const Status status = write_settlements();
    if (!status && status.error().code == ErrorCode::kCorruptInput) {
      return tl::unexpected(status.error());
    }
    // Otherwise they are remembered, and written when that is possible again.
    return own;
  });
}

Status Spool::write_settlements() {
  StoreCounts counts = counts_;
  SAKER_ASSIGN_OR_RETURN(auto transaction, sqlite::Transaction::begin(file_->database));
  for (const auto& [sequence, settlement] : unwritten_) {
    SAKER_RETURN_IF_ERROR(write_settlement(settlement, counts));
  }
  SAKER_RETURN_IF_ERROR(transaction.commit());
  counts_ = counts;
  unwritten_.clear();
  return {};
}

Status Spool::write_settlement(const Settlement& settlement, StoreCounts& counts) {
  sqlite::Database& database = file_->database;
  if (settlement.kind != Settlement::Kind::kRemove) {
    SAKER_ASSIGN_OR_RETURN(
        auto update,
        database.prepare("UPDATE waiting SET tries = tries + 1, error = ?2 WHERE seq = ?1"));
    SAKER_RETURN_IF_ERROR(update.bind(1, settlement.sequence).bind(2, settlement.reason).run());
  }
  if (settlement.kind == Settlement::Kind::kCountTry) {
    return {};
  }
  if (settlement.kind == Settlement::Kind::kSetAside) {
    SAKER_ASSIGN_OR_RETURN(
        auto copy,
        database.prepare("INSERT OR REPLACE INTO set_aside SELECT * FROM waiting WHERE seq = ?1"));
    SAKER_RETURN_IF_ERROR(copy.bind(1, settlement.sequence).run());
  }
  SAKER_ASSIGN_OR_RETURN(const bool was_there, file_->remove.bind(1, settlement.sequence).step());
  if (was_there) {
    const auto size = static_cast<std::uint64_t>(file_->remove.integer(0));
    counts.waiting -= 1;
    counts.waiting_bytes -= size;
    if (settlement.kind == Settlement::Kind::kSetAside) {
      counts.set_aside += 1;
      counts.set_aside_bytes += size;
    }
    file_->remove.reset();
  }
  return {};
}

Result<DropCount> Spool::expire(std::uint64_t now_ns) {
  if (options_.max_age_ns == 0 || now_ns < options_.max_age_ns) {
    return DropCount{};
  }
  return with_recovery([&]() -> Result<DropCount> {
    const std::int64_t limit = signed_size(now_ns - options_.max_age_ns);
    sqlite::Database& database = file_->database;
    // Records are stored in the order in which they were made, so the old ones are the first.
    SAKER_ASSIGN_OR_RETURN(
        auto select, database.prepare("SELECT seq, size, created_ns FROM waiting ORDER BY seq"));
    StoreCounts counts = counts_;
    std::int64_t last = dropped_to_;
    DropCount dropped;
    while (true) {
      SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
      if (!has_row || select.integer(2) > limit) {
        break;
      }
      last = select.integer(0);
      count_drop(last, dropped);
      counts.waiting -= 1;
      counts.waiting_bytes -= static_cast<std::uint64_t>(select.integer(1));
    }
    select.reset();
    if (last == dropped_to_) {
      return DropCount{};
    }
    SAKER_RETURN_IF_ERROR(
        database.execute("DELETE FROM waiting WHERE seq <= " + std::to_string(last)));
    counts_ = counts;
    dropped_to_ = last;
    return dropped;
  });
}

std::uint64_t Spool::finish() {
  const std::lock_guard guard(mutex_);
  if (file_ != nullptr && !unwritten_.empty()) {
    // Failing only means that the next start repeats these deliveries.
    static_cast<void>(write_settlements());
  }
  return 0;
}

StoreCounts Spool::counts() const {
  const std::lock_guard guard(mutex_);
  return counts_;
}

Result<std::vector<DeliveryRecord>> Spool::set_aside() const {
  const std::lock_guard guard(mutex_);
  SAKER_ASSIGN_OR_RETURN(auto select,
                         file_->database.prepare("SELECT " + std::string(spool_file::kColumns) +
                                                 " FROM set_aside ORDER BY seq"));
  std::vector<DeliveryRecord> records;
  while (true) {
    SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
    if (!has_row) {
      return records;
    }
    records.push_back(spool_file::read_record(select).record);
  }
}

Result<std::uint64_t> Spool::requeue_set_aside() {
  SAKER_ASSIGN_OR_RETURN(auto records, set_aside());
  return with_recovery([&]() -> Result<std::uint64_t> {
    SAKER_ASSIGN_OR_RETURN(auto transaction, sqlite::Transaction::begin(file_->database));
    SAKER_ASSIGN_OR_RETURN(auto remove,
                           file_->database.prepare("DELETE FROM set_aside WHERE seq = ?1"));
    std::erase_if(records, [](const auto& record) { return record.last_error == kDamaged; });
    std::int64_t sequence = next_sequence_;
    for (DeliveryRecord& record : records) {
      SAKER_RETURN_IF_ERROR(remove.bind(1, record.sequence).run());
      record.sequence = sequence++;
      record.tries = 0;
      spool_file::bind_record(file_->insert, record);
      SAKER_RETURN_IF_ERROR(file_->insert.run());
    }
    SAKER_RETURN_IF_ERROR(transaction.commit());
    SAKER_RETURN_IF_ERROR(load_counts());
    return records.size();
  });
}

}  // namespace saker
