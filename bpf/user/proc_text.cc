// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_text.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace saker::sensor {
namespace {

constexpr std::string_view kBlanks = " \t";

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

template <typename T>
T parse(std::string_view text, int base) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  T value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return result.ec == std::errc{} ? value : T{};
}

}  // namespace

std::string read_file(const std::string& path, std::size_t max_bytes) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return text;
  }
  std::array<char, 4096> buffer{};
  while (text.size() < max_bytes) {
    const ssize_t got = ::read(fd, buffer.data(), std::min(buffer.size(), max_bytes - text.size()));
    if (got <= 0) {
      break;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  return text;
}

std::string read_link(const std::string& path) {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::readlink(path.c_str(), buffer.data(), buffer.size());
  return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

std::vector<std::int64_t> numeric_entries(const std::string& path) {
  std::vector<std::int64_t> numbers;
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  if (directory == nullptr) {
    return numbers;
  }
  while (const dirent* entry = ::readdir(directory.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view name = &entry->d_name[0];
    if (!name.empty() &&
        std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      numbers.push_back(parse_number(name));
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::int64_t parse_number(std::string_view text, int base) {
  return parse<std::int64_t>(text, base);
}

std::uint64_t parse_unsigned(std::string_view text, int base) {
  return parse<std::uint64_t>(text, base);
}

std::string_view line_value(std::string_view text, std::string_view key) {
  std::string_view line;
  while (next_line(text, line)) {
    if (line.starts_with(key)) {
      line.remove_prefix(key.size());
      line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
      return line;
    }
  }
  return {};
}

std::vector<std::string_view> split_blanks(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) {
      return pieces;
    }
    const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    pieces.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

bool next_line(std::string_view& text, std::string_view& line) {
  if (text.empty()) {
    return false;
  }
  const std::size_t end = std::min(text.find('\n'), text.size());
  line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return true;
}

}  // namespace saker::sensor
