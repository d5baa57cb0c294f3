// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reads the input as a capture, decodes every event, and writes it again. Built with the `fuzz`
// preset; SAKER_SANITIZE=address,undefined instruments the libraries as well.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "compat/scap/byte_output.h"
#include "compat/scap/scap_source.h"
#include "compat/scap/scap_writer.h"
#include "engine/base/check.h"
#include "engine/event/event_view.h"

namespace {

// Reads one capture and copies it to `writer`.
void read_all(saker::scap::ScapSource& source, saker::scap::ScapWriter& writer) {
  saker::Batch batch;
  while (true) {
    const auto status = source.next(batch);
    if (!status) {
      // An error is the last thing before the end.
      const auto after = source.next(batch);
      SAKER_CHECK(after && *after == saker::SourceStatus::kEnd);
      return;
    }
    if (*status == saker::SourceStatus::kEnd) {
      return;
    }
    SAKER_CHECK(batch.snapshot != nullptr || !batch.events.empty());
    if (batch.snapshot != nullptr) {
      SAKER_CHECK(writer.write_snapshot(*batch.snapshot).has_value());
    }
    for (const saker::RawEvent& raw : batch.events) {
      saker::EventView event;
      if (event.parse(raw.bytes) != saker::EventFault::kNone) {
        continue;
      }
      const auto written = writer.write_event(raw);
      // A converted event may be longer than a block can be.
      SAKER_CHECK(written || written.error().code == saker::ErrorCode::kLimit);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const saker::Bytes bytes(reinterpret_cast<const std::byte*>(data), size);
  saker::Counters counters;
  auto source = saker::scap::ScapSource::from_memory(bytes, counters);
  if (!source) {
    return 0;
  }
  std::vector<std::byte> copy;
  auto writer = saker::scap::ScapWriter::create(saker::scap::make_memory_output(copy),
                                                saker::scap::Compression::kNone);
  SAKER_CHECK(writer.has_value());
  read_all(**source, **writer);
  return 0;
}
