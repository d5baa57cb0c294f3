// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The durable store of one sink: an SQLite file in WAL mode. append() returns when its batch is
// committed, so a batch costs one synchronisation with the disk however many records it has.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "outputs/spool/record_store.h"
#include "outputs/spool/spool_options.h"
#include "outputs/unique_fd.h"

namespace saker {

namespace sqlite {
class Database;
}

class Spool final : public RecordStore {
public:
  // Told of recoveries; called from whatever thread met the damage.
  using Log = std::function<void(const std::string& text)>;

  // Opens or makes the file. A damaged file is moved aside, what can be read of it is saved, and
  // `log` is told. Fails with kPermission when another process has the spool open, kIo, or
  // kUnsupported for a file of a newer version.
  [[nodiscard]] static Result<std::unique_ptr<Spool>> open(const SpoolOptions& options, Log log);
  ~Spool() override;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  [[nodiscard]] Result<DropCount> append(std::span<DeliveryRecord> records) override;
  [[nodiscard]] Result<std::vector<DeliveryRecord>> next(
      std::size_t limit, std::size_t limit_bytes,
      const std::set<std::string>& without_keys) override;
  [[nodiscard]] Result<std::uint64_t> settle(std::span<const Settlement> settlements) override;
  [[nodiscard]] Result<DropCount> expire(std::uint64_t now_ns) override;
  [[nodiscard]] StoreCounts counts() const override;
  [[nodiscard]] std::uint64_t finish() override;
  [[nodiscard]] bool survives_restart() const override { return true; }

  // Records that were set aside, oldest first.
  [[nodiscard]] Result<std::vector<DeliveryRecord>> set_aside() const;
  // Puts them back into the queue, behind what waits, with no tries counted; those that were
  // damaged stay. Returns how many.
  [[nodiscard]] Result<std::uint64_t> requeue_set_aside();

private:
  struct File;
  // Outcome of a record that could not be written yet.
  struct Unwritten {
    Settlement::Kind kind = Settlement::Kind::kCountTry;
    std::uint32_t tries = 0;
    std::string reason;
  };
  // Makes the counts of now what counts() returns.
  class Publisher;
  Spool(SpoolOptions options, Log log);

  Status use(sqlite::Database database);
  Status load_counts();
  Status recover(const Error& why);
  // Runs `work`; when the file turns out to be damaged, replaces it and runs `work` again.
  template <typename Work>
  auto with_recovery(Work work) -> decltype(work());

  Result<DropCount> append_once(std::span<DeliveryRecord> records);
  Result<DropCount> make_room(std::uint64_t bytes, StoreCounts& counts, std::int64_t& dropped_to);
  Result<std::vector<DeliveryRecord>> next_once(std::size_t limit, std::size_t limit_bytes,
                                                const std::set<std::string>& without_keys);
  void remember(const Settlement& settlement);
  Status write_settlements();
  Status write_all_settlements();
  Status write_settlement(std::int64_t sequence, const Unwritten& outcome, StoreCounts& counts);
  [[nodiscard]] bool has_nothing_to_keep() const;
  Status start_anew();
  void count_drop(std::int64_t sequence, DropCount& dropped) const;
  void forget_to(std::int64_t sequence);

  SpoolOptions options_;
  Log log_;
  mutable std::mutex mutex_;
  UniqueFd lock_;
  std::unique_ptr<File> file_;  // null while no file can be opened; it is tried again
  StoreCounts counts_;          // of what the file holds
  std::int64_t next_sequence_ = 1;
  std::int64_t first_own_sequence_ = 1;
  std::int64_t dropped_to_ = 0;  // every record up to this sequence is gone
  std::int64_t settled_to_ = 0;  // every record up to this sequence has left, written or not
  // By sequence (full disk); they count as written.
  std::map<std::int64_t, Unwritten> unwritten_;
  std::uint64_t unwritten_leaving_count_ = 0;         // of them, those that take their record out
  std::chrono::steady_clock::time_point next_write_;  // not tried before
  // For counts(), which must not wait while the disk does.
  mutable std::mutex published_mutex_;
  StoreCounts published_;
};

}  // namespace saker
