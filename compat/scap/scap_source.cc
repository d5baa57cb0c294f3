// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/scap_source.h"

#include <array>
#include <string_view>
#include <utility>

#include "compat/scap/event_record.h"
#include "compat/scap/gzip_input.h"
#include "compat/scap/snapshot_reader.h"
#include "engine/event/catalogue.h"

namespace saker::scap {

namespace {

constexpr std::size_t kBatchEvents = 256;
// Bytes of converted events after which a batch is given away before it is full.
constexpr std::size_t kBatchArenaBytes = std::size_t{1} << 20;
constexpr std::size_t kSectionHeaderBytes = 16;

}  // namespace

ScapSource::ScapSource(BlockReader reader, Counters& counters)
    : reader_(std::move(reader)), counters_(counters), converter_(counters) {
  events_.resize(kBatchEvents);
}

Result<std::unique_ptr<ScapSource>> ScapSource::open(const std::string& path, Counters& counters) {
  SAKER_ASSIGN_OR_RETURN(std::unique_ptr<ByteInput> input, open_file_input(path));
  return from_input(std::move(input), counters);
}

Result<std::unique_ptr<ScapSource>> ScapSource::from_input(std::unique_ptr<ByteInput> input,
                                                           Counters& counters) {
  std::vector<std::byte> head(2);
  std::size_t filled = 0;
  while (filled < head.size()) {
    SAKER_ASSIGN_OR_RETURN(const std::size_t got, input->read(std::span(head).subspan(filled)));
    if (got == 0) {
      break;
    }
    filled += got;
  }
  head.resize(filled);
  const bool is_compressed = is_gzip(head);
  input = make_prefixed_input(std::move(head), std::move(input));
  if (is_compressed) {
    SAKER_ASSIGN_OR_RETURN(input, make_gzip_input(std::move(input)));
  }
  std::unique_ptr<ScapSource> source(new ScapSource(BlockReader(std::move(input)), counters));
  SAKER_RETURN_IF_ERROR(source->read_section_header());
  return source;
}

Result<std::unique_ptr<ScapSource>> ScapSource::from_memory(Bytes bytes, Counters& counters) {
  BlockReader reader(bytes);
  if (is_gzip(bytes)) {
    SAKER_ASSIGN_OR_RETURN(auto input, make_gzip_input(make_memory_input(bytes)));
    reader = BlockReader(std::move(input));
  }
  std::unique_ptr<ScapSource> source(new ScapSource(std::move(reader), counters));
  SAKER_RETURN_IF_ERROR(source->read_section_header());
  return source;
}

Result<SourceStatus> ScapSource::next(Batch& batch) {
  batch = Batch{};
  event_count_ = 0;
  arena_.clear();
  arena_bytes_ = 0;
  if (needs_snapshot_ && !is_at_end_ && !fault_) {
    if (auto status = read_snapshot(); !status) {
      fault_ = std::move(status).error();
      if (is_restart_) {
        fault_ = std::move(*fault_).with_context("could not restart capture");
      }
    } else {
      batch.snapshot = &snapshot_;
      needs_snapshot_ = false;
    }
  } else {
    snapshot_ = Snapshot{};  // the caller had it
  }
  if (!is_at_end_ && !fault_) {
    if (auto status = read_events(); !status) {
      fault_ = std::move(status).error();
    }
  }
  if (event_count_ > 0 || batch.snapshot != nullptr) {
    batch.events = std::span(events_).first(event_count_);
    return SourceStatus::kEvents;
  }
  if (needs_snapshot_ && !is_at_end_ && !fault_) {
    return next(batch);  // a new section begins: exactly one level deep
  }
  if (fault_ && !is_at_end_) {
    is_at_end_ = true;
    return tl::unexpected<Error>(*fault_);
  }
  return SourceStatus::kEnd;
}

Status ScapSource::read_section_header() {
  // In the order in which Falco looks, so that the same file gives the same text. A file of the
  // other byte order has a length that makes no sense: its magic number must be seen first.
  constexpr std::string_view kUnreadable = "error reading from file (1)";
  SAKER_ASSIGN_OR_RETURN(const Bytes head, reader_.peek(kBlockHeaderBytes + kSectionHeaderBytes));
  ByteReader reader(head);
  const auto number = reader.read<std::uint32_t>();
  static_cast<void>(reader.read<std::uint32_t>());  // total length
  if (reader.failed()) {
    return fail(ErrorCode::kCorruptInput, std::string(kUnreadable));
  }
  if (number != block_number::kSectionHeader) {
    return fail_block("invalid block type", number, reader_.offset());
  }
  const auto magic = reader.read<std::uint32_t>();
  const auto major = reader.read<std::uint16_t>();
  if (head.size() < kBlockHeaderBytes + kSectionHeaderBytes) {
    return fail(ErrorCode::kCorruptInput, std::string(kUnreadable));
  }
  if (magic != kSectionMagic) {
    return fail_block("invalid magic number", number, reader_.offset());
  }
  if (major > kMajorVersion) {
    return fail_block("capture version " + std::to_string(major) + " is not supported", number,
                      reader_.offset());
  }
  Block block;
  SAKER_RETURN_IF_ERROR(reader_.fetch(block));
  if (block.body.size() < kSectionHeaderBytes) {
    return fail_block("too few bytes", number, block.offset);
  }
  reader_.consume(block);
  return {};
}

Status ScapSource::read_snapshot() {
  if (is_restart_) {
    SAKER_RETURN_IF_ERROR(read_section_header());
  }
  snapshot_ = Snapshot{};
  SnapshotReader snapshot_reader(snapshot_, counters_);
  while (true) {
    Block block;
    SAKER_ASSIGN_OR_RETURN(const BlockReader::Fetch fetched, reader_.fetch(block));
    counters_.add(Counter::kScapBlocksSkipped, reader_.skipped_count() - counted_skips_);
    counted_skips_ = reader_.skipped_count();
    if (fetched == BlockReader::Fetch::kEnd) {
      return fail(ErrorCode::kCorruptInput, "no events in file");
    }
    const BlockType type = find_block_type(block.number);
    if (type.kind == BlockKind::kEvent) {
      return {};
    }
    counters_.add(Counter::kScapBlocksSkipped, type.kind == BlockKind::kUnknown ? 1 : 0);
    SAKER_RETURN_IF_ERROR(snapshot_reader.add(block, type));
    reader_.consume(block);
  }
}

Status ScapSource::read_events() {
  Block block;
  while (event_count_ == 0 || (event_count_ < kBatchEvents && arena_bytes_ < kBatchArenaBytes)) {
    add_current_events();
    if (event_count_ == kBatchEvents) {
      return {};
    }
    if (!reader_.try_next(block)) {
      if (event_count_ > 0) {
        return {};  // they lie in the window, which fetch() would move
      }
      SAKER_ASSIGN_OR_RETURN(const Bytes head, reader_.peek(kBlockHeaderBytes));
      if (head.size() == kBlockHeaderBytes &&
          find_block_type(load_le<std::uint32_t>(head, 0)).kind != BlockKind::kEvent) {
        return restart();
      }
      SAKER_ASSIGN_OR_RETURN(const BlockReader::Fetch fetched, reader_.fetch(block));
      if (fetched == BlockReader::Fetch::kEnd) {
        is_at_end_ = true;
        return {};
      }
    }
    const BlockType type = find_block_type(block.number);
    if (type.kind != BlockKind::kEvent) {
      return restart();
    }
    SAKER_RETURN_IF_ERROR(add_event(block, type));
    reader_.consume(block);
  }
  return {};
}

Status ScapSource::restart() {
  needs_snapshot_ = true;
  is_restart_ = true;
  converter_.clear();
  return {};
}

void ScapSource::add_current_events() {
  constexpr std::size_t kEventAt = kBlockHeaderBytes + 2;  // behind the cpu
  constexpr std::size_t kMinBytes = kEventAt + kEventHeaderBytes + kBlockTrailerBytes;
  const Bytes window = reader_.window();
  std::size_t at = 0;
  std::size_t count = event_count_;
  while (count < kBatchEvents && window.size() - at >= kMinBytes) {
    const std::byte* block = window.data() + at;
    const std::size_t length = load_le<std::uint32_t>(block + 4);
    if (load_le<std::uint32_t>(block) != block_number::kEventV2 || length < kMinBytes ||
        length > window.size() - at || length > kMaxSmallBlockBytes || length % 4 != 0 ||
        load_le<std::uint32_t>(block + length - kBlockTrailerBytes) != length) {
      break;
    }
    const Bytes event(block + kEventAt, length - kEventAt - kBlockTrailerBytes);
    const std::uint16_t type = type_of_record(event);
    if (type >= kEventTypeCount || converter_.has_large_lengths(type) ||
        !converter_.passes(type, param_count_of_record(event))) {
      break;
    }
    const std::uint32_t event_length = quickly_checked_length(event, window.size() - at - kEventAt);
    if (event_length == 0) {
      break;
    }
    events_[count++] = RawEvent{.bytes = event.first(event_length),
                                .number = ++number_,
                                .cpu = load_le<std::uint16_t>(block + kBlockHeaderBytes)};
    at += length;
  }
  event_count_ = count;
  reader_.advance(at);
}

Status ScapSource::add_event(const Block& block, const BlockType& type) {
  if (!type.is_large && block.body.size() + kBlockTrailerBytes > kMaxSmallBlockBytes) {
    return fail_block("block total length is above the limit", block.number, block.offset);
  }
  const std::size_t event_at = type.has_flags ? 6 : 2;
  const std::size_t header = type.version == 1 ? kEventV1HeaderBytes : kEventHeaderBytes;
  if (block.body.size() < event_at + header) {
    return fail_block("too few bytes for an event", block.number, block.offset);
  }
  Bytes event = block.body.subspan(event_at);
  const std::uint16_t event_type = type_of_record(event);
  if (event_type >= kEventTypeCount) {
    counters_.add(Counter::kEventsUnknownType);
    return {};
  }
  if (type.version == 1) {
    SAKER_ASSIGN_OR_RETURN(event, upgrade_v1(event, block));
  } else {
    const std::uint32_t length = checked_record_length(event);
    if (length == 0) {
      return fail_block("the lengths of an event do not fit", block.number, block.offset);
    }
    event = event.first(length);
  }
  if (!converter_.passes(event_type, param_count_of_record(event))) {
    arena_bytes_ += event.size();  // a step may build something as long, even if little remains
    auto outcome = converter_.convert(event, arena_);
    if (!outcome) {
      return fail_block(outcome.error().message, block.number, block.offset);
    }
    if (*outcome == EventConverter::Outcome::kDrop) {
      if (event_count_ == 0) {
        arena_.clear();
      }
      return {};
    }
    arena_bytes_ += event.size();
  }
  RawEvent& out = events_[event_count_++];
  out.bytes = event;
  out.number = ++number_;
  out.cpu = load_le<std::uint16_t>(block.body, 0);
  out.is_state_only =
      type.has_flags && (load_le<std::uint32_t>(block.body, 2) & kEventFlagStateOnly) != 0;
  return {};
}

Result<Bytes> ScapSource::upgrade_v1(Bytes event, const Block& block) {
  auto upgraded = upgrade_v1_record(event, arena_);
  if (upgraded.empty()) {
    return fail_block("the lengths of an event do not fit", block.number, block.offset);
  }
  arena_bytes_ += upgraded.size();
  return upgraded;
}

}  // namespace saker::scap
