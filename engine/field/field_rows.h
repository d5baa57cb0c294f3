// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The rows of each file of fields. Internal to engine/field: field_catalogue.cc joins them.
#pragma once

#include <span>

#include "engine/field/field_info.h"

namespace saker::field_rows {

using Rows = std::span<const FieldInfo>;

[[nodiscard]] Rows any_event();      // fields_any_event.cc: evt.num, evt.time …
[[nodiscard]] Rows event_times();    // fields_any_event.cc: evt.deltatime …
[[nodiscard]] Rows event();          // fields_event.cc: evt.type, evt.res …
[[nodiscard]] Rows event_params();   // fields_event_params.cc: evt.args, evt.arg …
[[nodiscard]] Rows event_io();       // fields_event_io.cc: evt.buffer, evt.buflen, evt.is_io …
[[nodiscard]] Rows event_open();     // fields_event_open.cc: evt.is_open_read, evt.abspath …
[[nodiscard]] Rows event_count();    // fields_event_count.cc: evt.count …
[[nodiscard]] Rows process();        // fields_process.cc: proc.name, proc.args …
[[nodiscard]] Rows process_ids();    // fields_process_ids.cc: proc.pid, proc.sname …
[[nodiscard]] Rows process_times();  // fields_process_times.cc: proc.duration, proc.exe_ino …
[[nodiscard]] Rows thread();         // fields_thread.cc: thread.*, memory, fd counts
[[nodiscard]] Rows ancestors();      // fields_ancestors.cc: proc.pname, proc.aname …
[[nodiscard]] Rows user();           // fields_user.cc
[[nodiscard]] Rows group();          // fields_user.cc
[[nodiscard]] Rows fd();             // fields_fd.cc
[[nodiscard]] Rows fd_socket();      // fields_fd_socket.cc
[[nodiscard]] Rows fs_path();        // fields_fspath.cc
[[nodiscard]] Rows util();           // fields_util.cc
[[nodiscard]] Rows fd_list();        // fields_fdlist.cc
[[nodiscard]] Rows container();      // fields_container.cc
[[nodiscard]] Rows kubernetes();     // fields_container_k8s.cc

}  // namespace saker::field_rows
