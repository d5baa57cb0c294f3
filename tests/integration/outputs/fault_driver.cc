// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Works on a spool or a file while calls of the system fail under it (fault_preload.c).
//
//   fault_driver spool|file PATH
//
// To standard output go numbers of 8 bytes: what the spool or the file has promised to keep, and,
// from kDelivered on, what a receiver has got. Ends with 0 whatever fails.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "outputs/spool/bypass_store.h"
#include "outputs/spool/spool.h"
#include "outputs/stream_sink.h"
#include "tests/integration/outputs/fault_numbers.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

constexpr std::uint64_t kBatch = 8;
constexpr int kPatience = 5;  // tries of one batch

void tell(std::uint64_t number) {
  if (::write(STDOUT_FILENO, &number, sizeof number) != sizeof number) {
    ::_exit(4);
  }
}

// Delivers some of what waits; what it cannot settle it delivers again, as the worker does.
void deliver(RecordStore& store) {
  const auto records = store.next(kBatch, 1 << 20, {});
  std::vector<Settlement> settlements;
  for (std::size_t i = 0; records && i < records->size(); ++i) {
    const DeliveryRecord& record = (*records)[i];
    const auto kind = i == 3   ? Settlement::Kind::kSetAside
                      : i == 5 ? Settlement::Kind::kCountTry
                               : Settlement::Kind::kRemove;
    if (kind == Settlement::Kind::kRemove) {
      tell(testing::kDelivered + record.created_ns);
    }
    settlements.push_back({record.sequence, kind, "fault"});
  }
  static_cast<void>(store.settle(settlements));
}

void work_on_spool(const std::string& path) {
  auto spool = Spool::open({.path = path}, [](const std::string&) {});
  if (!spool) {
    return;
  }
  BypassStore store(std::move(*spool), 64);
  std::vector<std::uint64_t> accepted;  // and not promised yet
  const auto promise = [&accepted] {
    std::ranges::for_each(accepted, tell);
    accepted.clear();
  };
  for (std::uint64_t number = 0; number < testing::kFaultEnd; number += kBatch) {
    std::vector<DeliveryRecord> batch;
    for (std::uint64_t i = 0; i < kBatch; ++i) {
      batch.push_back(testing::numbered_record(number + i));
    }
    bool is_taken = false;
    for (int attempt = 0; attempt < kPatience && !is_taken; ++attempt) {
      is_taken = store.append(batch).has_value();
    }
    for (std::uint64_t i = 0; is_taken && i < kBatch; ++i) {
      accepted.push_back(number + i);
    }
    if (store.bypassed_count() == 0) {
      promise();
    }
    if (number % 24 == 16) {
      deliver(store);
    }
  }
  if (store.finish() == 0) {
    promise();
  }
}

void work_on_file(const std::string& path) {
  testing::CountingObserver observer;
  const testing::TestStop stop;
  FileSink sink({.path = path, .keep_alive = true}, RenderOptions{.as_json = true});
  if (!sink.open(observer, stop)) {
    return;
  }
  for (std::uint64_t number = 0; number < testing::kFaultEnd; number += kBatch) {
    const std::size_t before = observer.delivered_count();
    const auto batch = testing::numbered_messages(number, kBatch);
    static_cast<void>(sink.write(batch));
    for (std::size_t i = 0; i < observer.delivered_count() - before; ++i) {
      tell(number + i);
    }
    if (number % 24 == 16) {
      static_cast<void>(sink.reopen());
    }
  }
  static_cast<void>(sink.drain(std::chrono::steady_clock::now()));
}

}  // namespace
}  // namespace saker

int main(int argc, char** argv) {
  if (argc != 3) {
    return 1;
  }
  if (std::string_view(argv[1]) == "spool") {
    saker::work_on_spool(argv[2]);
  } else {
    saker::work_on_file(argv[2]);
  }
  return 0;
}
