// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Brings records to a receiver and says what became of each. Knows nothing of stores, order or
// repetition: that is the delivery worker's part.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "outputs/sink.h"
#include "outputs/spool/record.h"

namespace saker {

struct Outcome {
  enum class Kind : std::uint8_t {
    kAcknowledged,  // the receiver has it
    kRejected,      // it never will take this record: set aside at once
    kFailed,        // refused for now, perhaps because of the record: counted, set aside after some
    kUnavailable,   // the receiver is away or overloaded; says nothing about the record
    kNotTried,      // not attempted, because of an earlier record's outcome or the end
  };
  Kind kind = Kind::kNotTried;
  std::string reason;                        // with kAcknowledged: what was odd all the same
  std::chrono::milliseconds retry_after{0};  // the receiver's wish; 0: none
};

class Transport {
public:
  virtual ~Transport() = default;

  // As messages name the sink: "http", "kafka".
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Called before send(), by the thread that opens the sink. Checks the configuration as far as
  // that is possible without the receiver.
  [[nodiscard]] virtual Status open() = 0;

  // Returns one outcome per record. After a record that failed or found the receiver away, later
  // ones of the same key are not tried, as far as the transport can still help it. Gives up soon
  // when `stop` is set.
  [[nodiscard]] virtual std::vector<Outcome> send(std::span<const DeliveryRecord> records,
                                                  const StopSignal& stop) = 0;

  // Called a few times per second while there is nothing to send.
  virtual void idle() {}

  // Called after the last send().
  virtual void close() {}
};

}  // namespace saker
