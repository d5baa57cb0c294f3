// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/delivery/delivering_sink.h"

#include <vector>

namespace saker {

DeliveringSink::DeliveringSink(Parts parts)
    : store_(std::move(parts.store)),
      transport_(std::move(parts.transport)),
      encoder_(std::move(parts.encoder)),
      options_(parts.delivery),
      log_(std::move(parts.log)) {}

Status DeliveringSink::open(DeliveryObserver& observer, const StopSignal& stop) {
  SAKER_RETURN_IF_ERROR(transport_->open());
  observer_ = &observer;
  if (const StoreCounts counts = store_->counts(); counts.waiting > 0) {
    log_(Priority::kNotice, std::string(name()) + " output: " + std::to_string(counts.waiting) +
                                " alerts of an earlier run are waiting");
  }
  worker_.emplace(DeliveryWorker::Parts{*store_, *transport_, observer, stop}, options_, log_);
  worker_->start();
  return {};
}

WriteResult DeliveringSink::write(std::span<const OutputMessage> batch) {
  std::vector<DeliveryRecord> records;
  records.reserve(batch.size());
  for (const OutputMessage& message : batch) {
    records.push_back(encoder_.encode(message));
  }
  const auto dropped = store_->append(records);
  if (!dropped) {
    if (told_trouble_ != dropped.error().message && store_->survives_restart()) {
      told_trouble_ = dropped.error().message;
      log_(Priority::kError,
           std::string(name()) + " output: " + told_trouble_ + "; alerts wait in the queue");
    }
    return {0, tl::unexpected(dropped.error()), true};
  }
  told_trouble_.clear();
  worker_->report_dropped(*dropped, "the spool is full, the oldest make room");
  worker_->notify();
  return WriteResult::all(batch.size());
}

Status DeliveringSink::drain(SteadyTime deadline) {
  worker_->drain(deadline);
  transport_->close();
  const std::uint64_t lost = store_->finish();
  if (lost > 0) {
    observer_->failed(
        lost, Error{ErrorCode::kIo, std::to_string(lost) + " alerts not delivered before the end"});
  }
  if (const StoreCounts counts = store_->counts();
      store_->survives_restart() && counts.waiting > 0) {
    log_(Priority::kWarning, std::string(name()) + " output: " + std::to_string(counts.waiting) +
                                 " alerts not delivered before the end; they stay in the spool "
                                 "for the next start");
  }
  return {};
}

}  // namespace saker
