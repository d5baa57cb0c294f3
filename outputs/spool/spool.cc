// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/spool.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "outputs/spool/spool_file.h"

namespace saker {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kDamaged = "damaged in the spool file";
// On a full disk each try costs work that is thrown away.
constexpr std::chrono::seconds kWritePause{1};
// For how long another process may hold the file before its turn is given up; it is tried again,
// and memory takes over meanwhile. Short, because the end waits for it.
constexpr std::chrono::milliseconds kBusyTimeout{300};

std::int64_t signed_size(std::uint64_t size) {
  return static_cast<std::int64_t>(size);
}

std::string select_waiting(std::size_t skipped_key_count) {
  std::string sql =
      "SELECT " + std::string(spool_file::kColumns) + ", size FROM waiting WHERE seq > ?";
  for (std::size_t i = 0; i < skipped_key_count; ++i) {
    sql += i == 0 ? " AND key NOT IN (?" : ", ?";
  }
  sql += skipped_key_count > 0 ? ")" : "";
  return sql + " ORDER BY seq";
}

std::string recovery_text(const SpoolOptions& options, const Error& why,
                          const std::string& moved_to, std::uint64_t saved) {
  return "spool " + options.path + " was damaged (" + why.message + "): moved to " + moved_to +
         ", " + std::to_string(saved) + " records saved from it";
}

bool takes_out(Settlement::Kind kind) {
  return kind != Settlement::Kind::kCountTry;
}

}  // namespace

// The database and the statements that run all the time.
struct Spool::File {
  sqlite::Database database;
  sqlite::Statement insert;
  sqlite::Statement remove;

  static Result<std::unique_ptr<File>> make(sqlite::Database database) {
    SAKER_ASSIGN_OR_RETURN(auto insert, database.prepare("INSERT INTO waiting" +
                                                         std::string(spool_file::kInsertColumns)));
    SAKER_ASSIGN_OR_RETURN(auto remove, database.prepare("DELETE FROM waiting WHERE seq = ?1 "
                                                         "RETURNING size"));
    return std::unique_ptr<File>(
        new File{std::move(database), std::move(insert), std::move(remove)});
  }
};

class Spool::Publisher {
public:
  explicit Publisher(Spool& spool) : spool_(spool) {}
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() {
    const std::lock_guard guard(spool_.published_mutex_);
    spool_.published_ = spool_.counts_;
    spool_.published_.waiting -= std::min(spool_.counts_.waiting, spool_.unwritten_leaving_count_);
  }

private:
  Spool& spool_;
};

Spool::Spool(SpoolOptions options, Log log) : options_(std::move(options)), log_(std::move(log)) {}
Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(const SpoolOptions& options, Log log) {
  std::unique_ptr<Spool> spool(new Spool(options, std::move(log)));
  SAKER_ASSIGN_OR_RETURN(spool->lock_, spool_file::lock(options.path));
  const std::lock_guard guard(spool->mutex_);
  const Publisher publisher(*spool);
  auto database = spool_file::open(options);
  Status status;
  if (database) {
    status = spool->use(std::move(*database));
  } else if (database.error().code == ErrorCode::kCorruptInput) {
    status = spool->recover(database.error());
  } else {
    status = tl::unexpected(std::move(database).error());
  }
  if (!status) {
    return tl::unexpected(std::move(status).error().with_context("spool " + options.path));
  }
  spool->first_own_sequence_ = spool->next_sequence_;
  return spool;
}

Status Spool::use(sqlite::Database database) {
  database.set_busy_timeout(kBusyTimeout);
  SAKER_ASSIGN_OR_RETURN(file_, File::make(std::move(database)));
  return load_counts();
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

// Leaves `file_` null when that fails; the next use tries again.
Status Spool::recover(const Error& why) {
  file_.reset();
  SAKER_ASSIGN_OR_RETURN(auto replacement, spool_file::replace_damaged(options_));
  log_(recovery_text(options_, why, replacement.moved_to, replacement.saved));
  return use(std::move(replacement.database));
}

template <typename Work>
auto Spool::with_recovery(Work work) -> decltype(work()) {
  const std::lock_guard guard(mutex_);
  const Publisher publisher(*this);
  const auto reopen_and_work = [&]() -> decltype(work()) {
    if (file_ == nullptr) {
      SAKER_ASSIGN_OR_RETURN(auto database, spool_file::open(options_));
      SAKER_RETURN_IF_ERROR(use(std::move(database)));
    }
    return work();
  };
  auto result = reopen_and_work();
  if (!result && result.error().code == ErrorCode::kCorruptInput) {
    const Status recovered = recover(result.error());
    result = recovered ? work() : tl::unexpected(recovered.error());
  } else if (!result && result.error().code == ErrorCode::kUnsupported) {
    file_.reset();
    result = reopen_and_work();
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
  std::int64_t dropped_to = dropped_to_;
  if (counts.waiting_bytes + counts.set_aside_bytes + bytes > options_.max_bytes) {
    if (options_.when_full == SpoolOptions::WhenFull::kRefuse) {
      return fail(ErrorCode::kLimit,
                  "full: " + std::to_string(options_.max_bytes) + " bytes are its limit");
    }
    SAKER_ASSIGN_OR_RETURN(dropped, make_room(bytes, counts, dropped_to));
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
  forget_to(dropped_to);
  return dropped;
}

// Gives up records until `bytes` more fit, or none is left: a batch that is larger than the limit
// by itself goes above it. `dropped_to` becomes true with the commit.
Result<DropCount> Spool::make_room(std::uint64_t bytes, StoreCounts& counts,
                                   std::int64_t& dropped_to) {
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
  std::int64_t& last = dropped_to;
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
  return dropped;
}

void Spool::count_drop(std::int64_t sequence, DropCount& dropped) const {
  const auto unwritten = unwritten_.find(sequence);
  if (unwritten == unwritten_.end() || !takes_out(unwritten->second.kind)) {
    dropped.all += 1;
    dropped.own += sequence >= first_own_sequence_;
  }
}

// Records up to `sequence` are gone: nothing remains to be written about them.
void Spool::forget_to(std::int64_t sequence) {
  dropped_to_ = std::max(dropped_to_, sequence);
  const auto end = unwritten_.upper_bound(dropped_to_);
  unwritten_leaving_count_ -= static_cast<std::uint64_t>(std::count_if(
      unwritten_.begin(), end, [](const auto& entry) { return takes_out(entry.second.kind); }));
  unwritten_.erase(unwritten_.begin(), end);
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
    if (file_ == nullptr) {
      return std::vector<DeliveryRecord>();
    }
  }
  SAKER_ASSIGN_OR_RETURN(auto select, file_->database.prepare(select_waiting(without_keys.size())));
  int parameter = 0;
  select.bind(++parameter, settled_to_);
  for (const std::string& key : without_keys) {
    select.bind(++parameter, key);
  }
  std::vector<DeliveryRecord> records;
  std::size_t bytes = 0;
  bool is_damage_found = false;
  // Rows that have left in all but writing are not read again and again.
  bool is_start = without_keys.empty();
  while (records.size() < limit && bytes < limit_bytes) {
    SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
    if (!has_row) {
      break;
    }
    const std::int64_t sequence = select.integer(0);
    const auto unwritten = unwritten_.find(sequence);
    if (unwritten != unwritten_.end() && takes_out(unwritten->second.kind)) {
      settled_to_ = is_start ? sequence : settled_to_;
      continue;
    }
    is_start = false;
    spool_file::ReadRecord row = spool_file::read_record(select);
    if (!row.is_intact) {
      remember({sequence, Settlement::Kind::kSetAside, std::string(kDamaged)});
      is_damage_found = true;
      continue;
    }
    row.record.tries += unwritten != unwritten_.end() ? unwritten->second.tries : 0;
    bytes += static_cast<std::size_t>(select.integer(10));
    records.push_back(std::move(row.record));
  }
  select.reset();
  if (is_damage_found) {
    log_("spool " + options_.path + ": damaged records set aside");
    static_cast<void>(write_settlements());
  }
  return records;
}

Result<std::uint64_t> Spool::settle(std::span<const Settlement> settlements) {
  bool is_remembered = false;
  std::uint64_t own = 0;
  return with_recovery([&]() -> Result<std::uint64_t> {
    for (const Settlement& settlement : settlements) {
      if (!is_remembered && settlement.sequence > dropped_to_) {
        own += takes_out(settlement.kind) && settlement.sequence >= first_own_sequence_;
        remember(settlement);
      }
    }
    is_remembered = true;
    const Status status = write_settlements();
    if (!status && status.error().code == ErrorCode::kCorruptInput) {
      return tl::unexpected(status.error());
    }
    // Otherwise they are remembered, and written when that is possible again.
    return own;
  });
}

void Spool::remember(const Settlement& settlement) {
  Unwritten& outcome = unwritten_[settlement.sequence];
  unwritten_leaving_count_ += takes_out(settlement.kind) && !takes_out(outcome.kind);
  outcome.kind = settlement.kind;
  outcome.tries += settlement.kind != Settlement::Kind::kRemove;
  outcome.reason = settlement.reason;
}

// Nothing waits, and nothing is or is to be set aside.
bool Spool::has_nothing_to_keep() const {
  return counts_.set_aside == 0 && counts_.waiting <= unwritten_leaving_count_ &&
         std::ranges::all_of(unwritten_, [](const auto& entry) {
           return entry.second.kind == Settlement::Kind::kRemove;
         });
}

Status Spool::write_settlements() {
  const bool is_all_delivered = counts_.waiting <= unwritten_leaving_count_;
  if (Clock::now() < next_write_ && !is_all_delivered) {
    return fail(ErrorCode::kIo, "the disk was full a moment ago");
  }
  Status status = write_all_settlements();
  next_write_ = status ? Clock::time_point() : Clock::now() + kWritePause;
  if (!status && status.error().code != ErrorCode::kCorruptInput && has_nothing_to_keep()) {
    return start_anew();
  }
  return status;
}

// A full disk can keep a log that fills it from ever being worked off. Once all records are
// delivered, an empty file takes the place of the old one, whose room is free again.
Status Spool::start_anew() {
  file_.reset();
  spool_file::remove(options_.path);
  unwritten_.clear();
  unwritten_leaving_count_ = 0;
  counts_ = {};
  SAKER_ASSIGN_OR_RETURN(auto database, spool_file::open(options_));
  return use(std::move(database));
}

Status Spool::write_all_settlements() {
  StoreCounts counts = counts_;
  SAKER_ASSIGN_OR_RETURN(auto transaction, sqlite::Transaction::begin(file_->database));
  for (const auto& [sequence, outcome] : unwritten_) {
    SAKER_RETURN_IF_ERROR(write_settlement(sequence, outcome, counts));
  }
  SAKER_RETURN_IF_ERROR(transaction.commit());
  counts_ = counts;
  unwritten_.clear();
  unwritten_leaving_count_ = 0;
  return {};
}

Status Spool::write_settlement(std::int64_t sequence, const Unwritten& outcome,
                               StoreCounts& counts) {
  sqlite::Database& database = file_->database;
  if (outcome.kind != Settlement::Kind::kRemove) {
    SAKER_ASSIGN_OR_RETURN(
        auto update,
        database.prepare("UPDATE waiting SET tries = tries + ?3, error = ?2 WHERE seq = ?1"));
    update.bind(1, sequence).bind(2, outcome.reason).bind(3, std::int64_t{outcome.tries});
    SAKER_RETURN_IF_ERROR(update.run());
  }
  if (outcome.kind == Settlement::Kind::kCountTry) {
    return {};
  }
  if (outcome.kind == Settlement::Kind::kSetAside) {
    SAKER_ASSIGN_OR_RETURN(
        auto copy,
        database.prepare("INSERT OR REPLACE INTO set_aside SELECT * FROM waiting WHERE seq = ?1"));
    SAKER_RETURN_IF_ERROR(copy.bind(1, sequence).run());
  }
  SAKER_ASSIGN_OR_RETURN(const bool was_there, file_->remove.bind(1, sequence).step());
  if (was_there) {
    const auto size = static_cast<std::uint64_t>(file_->remove.integer(0));
    counts.waiting -= 1;
    counts.waiting_bytes -= size;
    if (outcome.kind == Settlement::Kind::kSetAside) {
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
    forget_to(last);
    return dropped;
  });
}

std::uint64_t Spool::finish() {
  const std::lock_guard guard(mutex_);
  const Publisher publisher(*this);
  if (file_ != nullptr && !unwritten_.empty()) {
    // Failing only means that the next start repeats these deliveries.
    next_write_ = {};
    static_cast<void>(write_settlements());
  }
  return 0;
}

StoreCounts Spool::counts() const {
  const std::lock_guard guard(published_mutex_);
  return published_;
}

Result<std::vector<DeliveryRecord>> Spool::set_aside() const {
  const std::lock_guard guard(mutex_);
  if (file_ == nullptr) {
    return std::vector<DeliveryRecord>();
  }
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
