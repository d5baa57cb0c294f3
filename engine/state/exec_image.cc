// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/exec_image.h"

namespace saker {

void ExecImage::reset() {
  id = 0;
  comm.clear();
  exe.clear();
  exepath.clear();
  args.clear();
  env.clear();
  cmdline.clear();
  args_offset = 0;
  ino = 0;
  ino_ctime_ns = 0;
  ino_mtime_ns = 0;
  ctime_to_process_start_ns = 0;
  is_writable = false;
  is_upper_layer = false;
  is_lower_layer = false;
  is_from_memfd = false;
}

void ExecImage::set_process_start(std::uint64_t ts_ns) {
  ctime_to_process_start_ns = ino_ctime_ns != 0 && ts_ns != 0 ? ts_ns - ino_ctime_ns : 0;
}

void ExecImage::build_cmdline() {
  cmdline = comm;
  std::string_view rest = args;
  args_offset = static_cast<std::uint32_t>(cmdline.size() + (rest.empty() ? 0 : 1));
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    cmdline.push_back(' ');
    cmdline.append(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

void assign_pieces(std::string_view pieces, std::string& out) {
  out = pieces;
  if (!out.empty() && out.back() != '\0') {
    out.push_back('\0');
  }
}

bool same_pieces(std::string_view pieces, std::string_view normalised) {
  if (pieces == normalised) {
    return true;
  }
  return !pieces.empty() && pieces.back() != '\0' && normalised.size() == pieces.size() + 1 &&
         normalised.substr(0, pieces.size()) == pieces;
}

}  // namespace saker
