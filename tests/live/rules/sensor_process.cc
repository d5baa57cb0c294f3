// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/rules/sensor_process.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <utility>

#include "tests/support/patience.h"

namespace saker::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kStopDeadline{10};

constexpr const char* kConfig = R"(rules_files: []
engine: {kind: modern_ebpf}
json_output: true
stdout_output: {enabled: true}
syslog_output: {enabled: false}
log_stderr: true
log_syslog: false
watch_config_files: false
webserver: {enabled: false}
)";

// A container without CAP_BPF has root and BTF, but no sensor.
bool is_bpf_permitted() {
  bpf_attr attributes = {};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 4;
  attributes.max_entries = 1;
  const long fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
  if (fd >= 0) {
    close(static_cast<int>(fd));
  }
  return fd >= 0 || errno != EPERM;
}

}  // namespace

std::string why_no_sensor() {
  if (geteuid() != 0) {
    return "needs root";
  }
  if (access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
    return "no /sys/kernel/btf/vmlinux";
  }
  if (!is_bpf_permitted()) {
    return "bpf(2) is not permitted here";
  }
  return {};
}

SensorProcess::SensorProcess(pid_t pid, int output, std::filesystem::path error_file)
    : pid_(pid), output_(output), error_file_(std::move(error_file)) {}

SensorProcess::SensorProcess(SensorProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      output_(std::exchange(other.output_, -1)),
      error_file_(std::move(other.error_file_)),
      partial_line_(std::move(other.partial_line_)) {}

SensorProcess::~SensorProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0) {
    close(output_);
  }
}

Result<SensorProcess> SensorProcess::start(const std::string& program,
                                           const std::vector<std::string>& rule_files,
                                           const std::vector<std::string>& options,
                                           const std::filesystem::path& folder,
                                           const std::vector<std::string>& first_words) {
  const std::filesystem::path config = folder / "saker.yaml";
  std::ofstream(config) << kConfig;
  std::vector<std::string> args = {program};
  args.insert(args.end(), first_words.begin(), first_words.end());
  args.insert(args.end(), {"-U", "-c", config});
  for (const std::string& file : rule_files) {
    args.insert(args.end(), {"-r", file});
  }
  for (const std::string& option : options) {
    args.insert(args.end(), {"-o", option});
  }
  std::vector<char*> argv;
  for (std::string& arg : args) {
    argv.push_back(arg.data());
  }
  argv.push_back(nullptr);

  const std::filesystem::path error_file = folder / "saker.stderr";
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail_errno("cannot make a pipe", errno);
  }
  const pid_t pid = fork();
  if (pid < 0) {
    return fail_errno("cannot fork", errno);
  }
  if (pid == 0) {
    const int errors = open(error_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(ends[1], STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  return SensorProcess(pid, ends[0], error_file);
}

Result<std::vector<std::string>> SensorProcess::read_lines(std::chrono::milliseconds wait) {
  std::vector<std::string> lines;
  pollfd entry = {.fd = output_, .events = POLLIN, .revents = 0};
  if (poll(&entry, 1, static_cast<int>(wait.count())) <= 0) {
    return lines;
  }
  std::array<char, 65536> buffer = {};
  const ssize_t count = read(output_, buffer.data(), buffer.size());
  if (count <= 0) {
    return fail(ErrorCode::kIo, "saker ended: " + errors());
  }
  partial_line_.append(buffer.data(), static_cast<std::size_t>(count));
  std::size_t begin = 0;
  for (std::size_t end = partial_line_.find('\n'); end != std::string::npos;
       end = partial_line_.find('\n', begin)) {
    lines.push_back(partial_line_.substr(begin, end - begin));
    begin = end + 1;
  }
  partial_line_.erase(0, begin);
  return lines;
}

Result<int> SensorProcess::stop(const Note& note) {
  kill(pid_, SIGINT);
  const Clock::time_point deadline = Clock::now() + saker::testing::patient(kStopDeadline);
  int status = 0;
  pid_t ended = 0;
  while ((ended = waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < deadline) {
    // Its last lines must be read, or it would wait for us.
    note_lines(std::chrono::milliseconds(20), note);
  }
  if (ended != pid_) {
    return fail(ErrorCode::kLimit, "saker did not end within ten seconds of SIGINT");
  }
  while (note_lines(std::chrono::milliseconds(0), note)) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool SensorProcess::note_lines(std::chrono::milliseconds wait, const Note& note) {
  const auto lines = read_lines(wait);
  if (!lines || lines->empty()) {
    return false;
  }
  std::ranges::for_each(*lines, note);
  return true;
}

std::string SensorProcess::errors() const {
  std::ostringstream text;
  text << std::ifstream(error_file_).rdbuf();
  return text.str();
}

}  // namespace saker::test
