// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/output_commands.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "app/outputs_setup.h"
#include "app/run.h"
#include "engine/alert/time_text.h"
#include "outputs/spool/spool_tool.h"
#include "outputs/test_sinks.h"

namespace saker::app {

namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;
constexpr std::chrono::seconds kTestLimit{10};

int refuse(const std::string& message) {
  std::fprintf(stderr, "Error: %s\n", message.c_str());
  return kFailure;
}

bool print_line(std::string_view line) {
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() &&
         std::fputc('\n', stdout) != EOF;
}

// On its way out of the process when it returns, so that the spool's copy may go.
bool print_line_now(std::string_view line) {
  return print_line(line) && std::fflush(stdout) == 0;
}

// The spool itself, or those in the folder.
std::vector<std::string> spools_at(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return {path};
  }
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, ignored)) {
    if (entry.path().extension() == ".db") {
      files.push_back(entry.path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

int check(const std::string& path) {
  const auto report = check_spool(path);
  if (!report) {
    return refuse(report.error().message);
  }
  std::string oldest = "none";
  if (report->oldest_ns != 0) {
    oldest.clear();
    append_iso_time(oldest, report->oldest_ns, "Z");
  }
  std::printf(
      "%s: %s\n  waiting: %llu (oldest stored: %s)\n  set aside: %llu\n  damaged: %llu\n"
      "  bytes: %llu\n",
      path.c_str(), report->is_sound ? "ok" : ("DAMAGED: " + report->problem).c_str(),
      static_cast<unsigned long long>(report->waiting), oldest.c_str(),
      static_cast<unsigned long long>(report->set_aside),
      static_cast<unsigned long long>(report->damaged),
      static_cast<unsigned long long>(report->bytes));
  return report->is_sound ? kSuccess : kFailure;
}

// For words that change a spool: opening would make one that is not there.
bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

int drain(const std::string& path) {
  if (!is_there(path)) {
    return refuse("there is no spool " + path);
  }
  const auto count = empty_spool(SpoolOptions{.path = path}, print_line_now);
  if (!count) {
    return refuse(count.error().message);
  }
  std::fprintf(stderr, "%llu alerts written and removed from %s\n",
               static_cast<unsigned long long>(*count), path.c_str());
  if (std::ferror(stdout) != 0) {
    return refuse("standard output takes no more; the rest stays in " + path);
  }
  return kSuccess;
}

int retry(const std::string& path) {
  if (!is_there(path)) {
    return refuse("there is no spool " + path);
  }
  const auto count = retry_set_aside(SpoolOptions{.path = path});
  if (!count) {
    return refuse(count.error().message);
  }
  std::fprintf(stderr, "%llu alerts of %s wait again\n", static_cast<unsigned long long>(*count),
               path.c_str());
  return kSuccess;
}

}  // namespace

int run_spool_command(std::span<const std::string> words) {
  const bool wants_set_aside = words.size() == 3 && words[2] == "--set-aside";
  if (words.size() != 2 && !(wants_set_aside && words[0] == "list")) {
    return refuse(
        "usage: saker spool list|drain|retry|check PATH  (list PATH --set-aside: what was given "
        "up)");
  }
  const std::vector<std::string> files = spools_at(words[1]);
  if (files.empty()) {
    return refuse("there is no spool in " + words[1]);
  }
  int status = kSuccess;
  for (const std::string& file : files) {
    if (words[0] == "list") {
      const Status listed = list_spool(
          file, wants_set_aside ? SpoolPart::kSetAside : SpoolPart::kWaiting, print_line);
      status = listed ? status : refuse(listed.error().message);
    } else if (words[0] == "check") {
      status = std::max(status, check(file));
    } else if (words[0] == "drain") {
      status = std::max(status, drain(file));
    } else if (words[0] == "retry") {
      status = std::max(status, retry(file));
    } else {
      return refuse("spool: unknown word '" + words[0] + "' (list, drain, retry, check)");
    }
  }
  std::fflush(stdout);
  return status;
}

int run_outputs_command(std::span<const std::string> words) {
  if (words.empty() || words[0] != "test") {
    return refuse("usage: saker outputs test [OPTION...]");
  }
  return run_flags({"saker"}, {words.begin() + 1, words.end()}, Purpose::kTestOutputs);
}

int run_outputs_test(const config::Config& config) {
  const SinkTest test;
  const auto sinks = make_sinks(config, {.unbuffered = true, .is_test = true, .log = test.log()});
  if (!sinks) {
    return refuse(sinks.error().message);
  }
  if (sinks->empty()) {
    return refuse("no output is enabled");
  }
  int status = kSuccess;
  for (const PlannedSink& planned : *sinks) {
    const SinkTestResult result = test.run(*planned.sink, kTestLimit);
    // Standard output may be one of the tested.
    std::fprintf(stderr, "%s\n", to_text(result).c_str());
    status = result.is_delivered ? status : kFailure;
  }
  return status;
}

}  // namespace saker::app
