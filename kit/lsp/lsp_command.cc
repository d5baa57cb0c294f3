// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// `saker lsp`: messages with a Content-Length header over standard input and output.
#include <charconv>
#include <cstdio>

#include "kit/base/arguments.h"
#include "kit/base/files.h"
#include "kit/commands.h"
#include "kit/lsp/lsp_server.h"

namespace saker::kit {

namespace {

constexpr int kUsage = 3;
constexpr std::size_t kMaxMessageBytes = std::size_t{64} << 20;
constexpr OptionInfo kOptions[] = {{"rules", true}, {"stdio"}};

// One header line without its end; false at the end of input.
bool read_line(std::string& line) {
  line.clear();
  int c = 0;
  while ((c = std::fgetc(stdin)) != EOF && c != '\n') {
    line += static_cast<char>(c);
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  return c != EOF;
}

// The next message; false at the end of input or when it is none.
bool read_message(std::string& message) {
  constexpr std::string_view kLength = "Content-Length: ";
  std::size_t length = 0;
  std::string line;
  while (true) {
    if (!read_line(line)) {
      return false;
    }
    if (line.empty()) {
      break;
    }
    if (line.starts_with(kLength)) {
      const char* begin = line.data() + kLength.size();
      (void)std::from_chars(begin, line.data() + line.size(), length);
    }
  }
  if (length == 0 || length > kMaxMessageBytes) {
    return false;
  }
  message.resize(length);
  return std::fread(message.data(), 1, length, stdin) == length;
}

}  // namespace

int run_lsp(std::span<const std::string> rest) {
  const Arguments arguments(rest, kOptions);
  if (!arguments.error().empty()) {
    print_error(arguments.error());
    return kUsage;
  }
  const auto files = expand_yaml_paths(arguments.values("rules"), false);
  if (!files) {
    print_error(files.error().message);
    return kUsage;
  }
  LspServer server(*files);
  std::string message;
  while (!server.is_done() && read_message(message)) {
    for (const std::string& out : server.handle(message)) {
      print("Content-Length: " + std::to_string(out.size()) + "\r\n\r\n" + out);
    }
  }
  return server.was_shut_down() ? 0 : 1;
}

}  // namespace saker::kit
