// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Takes records from a store, gives them to a transport and settles them by what the transport
// says.
//
// Order: the oldest records go first. A record that fails holds back the later ones of its key,
// until it is delivered or set aside; other keys go on. When the receiver is away everything waits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "outputs/delivery/backoff.h"
#include "outputs/delivery/delivery_options.h"
#include "outputs/delivery/transport.h"
#include "outputs/output_log.h"
#include "outputs/spool/record_store.h"

namespace saker {

class DeliveryWorker final : private StopSignal {
public:
  // All of them must outlive the worker; `outer_stop` ends deliveries at once.
  struct Parts {
    RecordStore& store;
    Transport& transport;
    DeliveryObserver& observer;
    const StopSignal& outer_stop;
  };

  DeliveryWorker(Parts parts, const DeliveryOptions& options, OutputLog log);
  ~DeliveryWorker() override;
  DeliveryWorker(const DeliveryWorker&) = delete;
  DeliveryWorker& operator=(const DeliveryWorker&) = delete;

  void start();
  // New records are in the store.
  void notify();
  // Goes on until the store is empty, `deadline`, or the receiver has acknowledged nothing for a
  // while, then ends the thread. Records that are left stay in the store.
  void drain(SteadyTime deadline);

  // Tells observer and log of records that the store gave up.
  void report_dropped(const DropCount& dropped, std::string_view why);

private:
  struct HeldKey {
    SteadyTime until;
    Backoff backoff;
  };

  [[nodiscard]] bool is_set() const override;

  void run();
  [[nodiscard]] std::set<std::string> held_keys(SteadyTime now);
  void deliver(std::span<const DeliveryRecord> batch);
  void acknowledge(const DeliveryRecord& record, const Outcome& outcome);
  void count_failure(const DeliveryRecord& record, const Outcome& outcome);
  void note_outage(const DeliveryRecord& record, const Outcome& outcome);
  void settle();
  void wait_for_records();
  void pause(std::chrono::milliseconds duration);

  Parts parts_;
  DeliveryOptions options_;
  OutputLog log_;

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wakeup_;
  bool has_news_ = false;
  std::atomic<bool> is_draining_{false};
  bool is_done_ = false;
  std::condition_variable done_;
  std::atomic<bool> is_stopped_{false};
  std::atomic<SteadyTime> last_progress_{SteadyTime::min()};
  std::atomic<bool> is_under_way_{false};  // the transport has records
  std::atomic<bool> is_receiver_away_{false};
  std::atomic<std::uint64_t> dropped_since_told_{0};
  std::atomic<std::int64_t> next_drop_report_s_{0};

  // Of the worker's thread.
  std::map<std::string, HeldKey> held_;
  std::vector<Settlement> settlements_;  // of the batch at hand
  std::vector<Settlement> set_aside_;
  Backoff outage_backoff_;
  bool is_oddity_told_ = false;
  std::uint32_t seed_;
};

}  // namespace saker
