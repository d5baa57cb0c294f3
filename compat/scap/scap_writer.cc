// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/scap_writer.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "compat/scap/event_record.h"
#include "engine/event/catalogue.h"
#include "engine/event/event_view.h"

namespace saker::scap {

namespace {

// What readers of the format take at most. Source: docs/event-record.md.
constexpr std::size_t kMaxPathBytes = 1024;
constexpr std::size_t kMaxArgsBytes = 4096;
constexpr std::size_t kHostnameBytes = 128;
// A list block is closed at this size and the list goes on in a further block.
constexpr std::size_t kListBlockBytes = std::size_t{16} << 20;

void put_path(BlockBuilder& block, std::string_view path) {
  block.put_string(path, kMaxPathBytes);
}

// Puts pieces that end in NUL; a piece that has to be cut still does.
void put_pieces(BlockBuilder& block, std::string_view pieces) {
  if (pieces.size() <= kMaxArgsBytes) {
    block.put_string(pieces, kMaxArgsBytes);
    return;
  }
  std::string cut(pieces.substr(0, kMaxArgsBytes));
  cut.back() = '\0';
  block.put_string(cut, kMaxArgsBytes);
}

void put_address(BlockBuilder& block, const std::array<std::uint8_t, 16>& address,
                 std::size_t size) {
  block.put_bytes(std::as_bytes(std::span(address)).first(size));
}

void put_thread(BlockBuilder& block, const ThreadSnapshot& thread) {
  const std::size_t entry = block.begin_entry();
  block.put(thread.tid);
  block.put(thread.pid);
  block.put(thread.ptid);
  block.put(thread.sid);
  block.put(thread.vpgid);
  put_path(block, thread.comm);
  put_path(block, thread.exe);
  put_path(block, thread.exepath);
  put_pieces(block, thread.args);
  put_path(block, thread.cwd);
  block.put(thread.fdlimit);
  block.put(thread.flags);
  block.put(thread.uid);
  block.put(thread.gid);
  block.put(thread.vmsize_kb);
  block.put(thread.vmrss_kb);
  block.put(thread.vmswap_kb);
  block.put(thread.pfmajor);
  block.put(thread.pfminor);
  put_pieces(block, thread.env);
  block.put(thread.vtid);
  block.put(thread.vpid);
  put_pieces(block, thread.cgroups);
  put_path(block, thread.root);
  block.put(thread.pidns_init_start_ts_ns);
  block.put(thread.tty);
  block.put(thread.loginuid);
  block.put_bool(thread.is_exe_writable);
  block.put(thread.cap_inheritable);
  block.put(thread.cap_permitted);
  block.put(thread.cap_effective);
  block.put_bool(thread.is_exe_upper_layer);
  block.put(thread.exe_ino);
  block.put(thread.exe_ino_ctime_ns);
  block.put(thread.exe_ino_mtime_ns);
  block.put_bool(thread.is_exe_from_memfd);
  block.put_bool(thread.is_exe_lower_layer);
  block.put(thread.pgid);
  block.end_entry(entry, true);
}

void put_fd(BlockBuilder& block, const FdSnapshot& fd) {
  const std::size_t entry = block.begin_entry();
  const bool is_file = fd.type == FdType::kFile || fd.type == FdType::kFileV2;
  block.put(fd.fd);
  block.put(fd.inode);
  block.put(static_cast<std::uint8_t>(is_file ? FdType::kFileV2 : fd.type));
  switch (fd.type) {
    using enum FdType;
    case kIpv4Socket:
    case kIpv6Socket: {
      const std::size_t size = fd.type == kIpv6Socket ? 16 : 4;
      put_address(block, fd.source_address, size);
      put_address(block, fd.destination_address, size);
      block.put(fd.source_port);
      block.put(fd.destination_port);
      block.put(static_cast<std::uint8_t>(fd.l4proto));
      break;
    }
    case kIpv4Server:
    case kIpv6Server:
      put_address(block, fd.destination_address, fd.type == kIpv6Server ? 16 : 4);
      block.put(fd.destination_port);
      block.put(static_cast<std::uint8_t>(fd.l4proto));
      break;
    case kUnixSocket:
      block.put(fd.unix_source);
      block.put(fd.unix_destination);
      put_path(block, fd.name);
      break;
    case kFile:
    case kFileV2:
      block.put(fd.open_flags);
      put_path(block, fd.name);
      block.put(fd.device);
      break;
    default:
      put_path(block, fd.name);
  }
  block.end_entry(entry, true);
}

void put_interface(BlockBuilder& block, const InterfaceSnapshot& interface) {
  constexpr std::uint16_t kIpv4 = 1;
  constexpr std::uint16_t kIpv6 = 2;
  const std::size_t entry = block.begin_entry();
  const std::size_t size = interface.is_ipv6 ? 16 : 4;
  const std::string_view name = std::string_view(interface.name).substr(0, kMaxPathBytes);
  block.put(interface.is_ipv6 ? kIpv6 : kIpv4);
  block.put(static_cast<std::uint16_t>(name.size()));
  put_address(block, interface.address, size);
  put_address(block, interface.netmask, size);
  put_address(block, interface.broadcast, size);
  block.put(std::uint64_t{0});  // link speed: nobody reads it
  block.put_bytes(as_bytes(name));
  block.end_entry(entry, false);
}

}  // namespace

Result<std::unique_ptr<ScapWriter>> ScapWriter::create(const std::string& path,
                                                       Compression compression) {
  SAKER_ASSIGN_OR_RETURN(std::unique_ptr<ByteOutput> output, create_file_output(path));
  return create(std::move(output), compression);
}

Result<std::unique_ptr<ScapWriter>> ScapWriter::create(std::unique_ptr<ByteOutput> output,
                                                       Compression compression) {
  if (compression == Compression::kGzip) {
    SAKER_ASSIGN_OR_RETURN(output, make_gzip_output(std::move(output)));
  }
  return std::unique_ptr<ScapWriter>(new ScapWriter(std::move(output)));
}

Status ScapWriter::write_snapshot(const Snapshot& snapshot) {
  has_section_ = true;
  block_.begin(block_number::kSectionHeader);
  block_.put(kSectionMagic);
  block_.put(kMajorVersion);
  block_.put(kMinorVersion);
  block_.put(~std::uint64_t{0});  // section length: not known
  SAKER_RETURN_IF_ERROR(write_block());
  const MachineSnapshot& machine = snapshot.machine;
  const std::string_view hostname =
      std::string_view(machine.hostname).substr(0, kHostnameBytes - 1);
  block_.begin(block_number::kMachineInfo);
  block_.put(machine.cpu_count);
  block_.put(machine.memory_bytes);
  block_.put(std::uint64_t{0});  // largest pid: nobody reads it
  block_.put_bytes(as_bytes(hostname));
  block_.put_zeros(kHostnameBytes - hostname.size());
  block_.put(machine.boot_ts_ns);
  block_.put_zeros(3 * sizeof(std::uint64_t));  // flags and two reserved fields
  SAKER_RETURN_IF_ERROR(write_block());
  SAKER_RETURN_IF_ERROR(write_interfaces(snapshot));
  SAKER_RETURN_IF_ERROR(write_users(snapshot));
  SAKER_RETURN_IF_ERROR(write_threads(snapshot));
  for (const FdListSnapshot& list : snapshot.fd_lists) {
    SAKER_RETURN_IF_ERROR(write_fd_list(list));
  }
  return {};
}

Status ScapWriter::write_event(const RawEvent& event) {
  if (event.bytes.size() < kEventHeaderBytes || type_of_record(event.bytes) >= kEventTypeCount) {
    return fail(ErrorCode::kInvalidArgument, "not an event that a capture can hold");
  }
  const std::uint32_t length = checked_record_length(event.bytes);
  if (length == 0) {
    return fail(ErrorCode::kInvalidArgument, "the lengths of an event do not fit");
  }
  if (!has_section_) {
    SAKER_RETURN_IF_ERROR(write_snapshot(Snapshot{}));
  }
  const EventInfo& info = event_info(EventType{type_of_record(event.bytes)});
  const bool is_large = info.has(event_flag::kLargePayload);
  if (event.is_state_only) {
    block_.begin(is_large ? block_number::kEventV2LargeFlags : block_number::kEventV2Flags);
    block_.put(event.cpu);
    block_.put(kEventFlagStateOnly);
  } else {
    block_.begin(is_large ? block_number::kEventV2Large : block_number::kEventV2);
    block_.put(event.cpu);
  }
  const std::size_t limit =
      is_large ? kMaxLargeEventBlockBytes : kMaxSmallBlockBytes + kBlockHeaderBytes;
  const std::size_t padded_bytes = (block_.size() + length + 3) / 4 * 4;
  if (padded_bytes + kBlockTrailerBytes > limit) {
    return fail(ErrorCode::kLimit,
                "an event of " + std::to_string(length) + " bytes is too long for a capture");
  }
  block_.put_bytes(event.bytes.first(length));
  SAKER_RETURN_IF_ERROR(write_block());
  ++event_count_;
  return {};
}

Status ScapWriter::close() {
  if (output_ == nullptr) {
    return fail(ErrorCode::kInvalidArgument, "the capture is closed already");
  }
  const std::unique_ptr<ByteOutput> output = std::move(output_);
  return output->close();
}

Status ScapWriter::write_block() {
  if (output_ == nullptr) {
    return fail(ErrorCode::kInvalidArgument, "the capture is closed already");
  }
  const Bytes bytes = block_.finish();
  Status status = output_->write(bytes);
  if (!status) {
    output_.reset();
    return status;
  }
  return {};
}

Status ScapWriter::write_threads(const Snapshot& snapshot) {
  std::size_t next = 0;
  while (next < snapshot.threads.size()) {
    block_.begin(block_number::kProcessListV9);
    while (next < snapshot.threads.size() && block_.size() < kListBlockBytes) {
      put_thread(block_, snapshot.threads[next++]);
    }
    SAKER_RETURN_IF_ERROR(write_block());
  }
  return {};
}

Status ScapWriter::write_fd_list(const FdListSnapshot& list) {
  std::size_t next = 0;
  do {
    block_.begin(block_number::kFdListV2);
    block_.put(list.tid);
    while (next < list.fds.size() && block_.size() < kListBlockBytes) {
      put_fd(block_, list.fds[next++]);
    }
    SAKER_RETURN_IF_ERROR(write_block());
  } while (next < list.fds.size());
  return {};
}

Status ScapWriter::write_users(const Snapshot& snapshot) {
  constexpr std::uint8_t kUser = 0;
  constexpr std::uint8_t kGroup = 1;
  if (snapshot.users.empty() && snapshot.groups.empty()) {
    return {};
  }
  block_.begin(block_number::kUserListV2);
  for (const UserSnapshot& user : snapshot.users) {
    const std::size_t entry = block_.begin_entry();
    block_.put(kUser);
    block_.put(user.uid);
    block_.put(user.gid);
    put_path(block_, user.name);
    put_path(block_, user.home);
    put_path(block_, user.shell);
    block_.end_entry(entry, true);
  }
  for (const GroupSnapshot& group : snapshot.groups) {
    const std::size_t entry = block_.begin_entry();
    block_.put(kGroup);
    block_.put(group.gid);
    put_path(block_, group.name);
    block_.end_entry(entry, true);
  }
  return write_block();
}

Status ScapWriter::write_interfaces(const Snapshot& snapshot) {
  if (snapshot.interfaces.empty()) {
    return {};
  }
  block_.begin(block_number::kInterfaceListV2);
  for (const InterfaceSnapshot& interface : snapshot.interfaces) {
    put_interface(block_, interface);
  }
  return write_block();
}

}  // namespace saker::scap
