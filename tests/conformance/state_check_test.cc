// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Replays the recorded captures and compares what the state holds at each event with what the
// reference said.
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "compat/scap/scap_source.h"
#include "tests/conformance/state_fields.h"
#include "tests/support/shared_data.h"

namespace saker::testing {
namespace {

using Json = nlohmann::json;

class GzipLines {
public:
  explicit GzipLines(const std::filesystem::path& path) : file_(gzopen(path.c_str(), "rb")) {}
  ~GzipLines() {
    if (file_ != nullptr) {
      gzclose(file_);
    }
  }
  GzipLines(const GzipLines&) = delete;
  GzipLines& operator=(const GzipLines&) = delete;

  bool next(std::string& line) {
    line.clear();
    char part[65536];
    while (file_ != nullptr && gzgets(file_, part, sizeof(part)) != nullptr) {
      line += part;
      if (line.ends_with('\n')) {
        line.pop_back();
        return true;
      }
    }
    return !line.empty();
  }

private:
  gzFile file_;
};

// Brings a recorded value and ours into one form: numbers may be recorded as text, absent values as
// null, name lists as counts.
Json comparable(std::string_view name, const Json& recorded) {
  if (name.ends_with('#')) {
    if (!recorded.is_string()) {
      return recorded;
    }
    const auto text = recorded.get<std::string>();
    return text.empty() ? 0 : std::ranges::count(text, ' ') + 1;
  }
  if (recorded.is_array()) {
    Json sorted = recorded;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
  return recorded;
}

// As text; bytes that are not UTF-8 are replaced, as the recordings have it.
std::string text_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool same(const Json& recorded, const Json& ours) {
  // Recordings do not keep bytes that are not UTF-8 as they were.
  const bool is_utf8 = text_of(ours).find("\xef\xbf\xbd") == std::string::npos;
  if (!is_utf8 || text_of(recorded) == text_of(ours)) {
    return true;
  }
  return recorded.is_string() && ours.is_number() && recorded.get<std::string>() == ours.dump();
}

struct Tally {
  std::size_t compared = 0;
  std::map<std::string, std::size_t> wrong;
};

// The old recordings were made with all fields in one rule, where evt.arg.dirfd makes fd.* show the
// directory at these events.
bool is_spoilt(std::string_view capture, std::uint64_t number, const StateField& field) {
  return capture.ends_with("synthetic.scap") && field.is_of_fd && (number == 3 || number == 11);
}

void compare_event(const StateSample& sample, const Json& recorded, std::uint64_t number,
                   std::string_view capture, Tally& tally) {
  constexpr std::size_t kShown = 6;
  constexpr std::uint16_t kOfFd =
      event_flag::kCreatesFd | event_flag::kDestroysFd | event_flag::kUsesFd;
  for (const StateField& field : state_fields()) {
    std::string_view key = field.name;
    if (key.ends_with('#')) {
      key.remove_suffix(1);
    }
    const auto found = recorded.find(key);
    if (found == recorded.end() || is_spoilt(capture, number, field)) {
      continue;
    }
    const bool applies = !field.is_of_fd || sample.event.info().has(kOfFd);
    const Json expected = comparable(field.name, *found);
    Json ours = applies ? field.read(sample) : Json();
    if ((key == "fd.name" || key == "fd.nameraw") && ours.is_null()) {
      continue;  // built from the event's arguments: the field layer's work
    }
    if ((key == "proc.stdin.name" || key == "proc.stdout.name" || key == "proc.stderr.name") &&
        expected.is_null() && ours.is_null()) {
      continue;
    }
    ++tally.compared;
    if (!same(expected, ours)) {
      std::size_t& count = tally.wrong[std::string(field.name)];
      if (++count <= kShown) {
        std::cout << "  " << number << " " << sample.event.info().name << " " << field.name
                  << ": recorded " << text_of(expected) << ", ours " << text_of(ours) << "  ["
                  << recorded.value("evt.args", "").substr(0, 200) << "]\n";
      }
    }
  }
}

Tally check(const std::filesystem::path& capture, const std::filesystem::path& recording) {
  Tally tally;
  Counters counters;
  auto source = scap::ScapSource::open(capture.string(), counters);
  if (!source) {
    ADD_FAILURE() << source.error().message;
    return tally;
  }
  State state(StateLimits{}, counters);
  GzipLines lines(recording);
  std::string line;
  // Recordings leave out events that reach no rule: state-only ones and those of accounts.
  const auto next_recorded = [&] {
    return lines.next(line) ? Json::parse(line, nullptr, false) : Json();
  };
  Json recorded = next_recorded();
  Batch batch;
  while (true) {
    const auto status = (*source)->next(batch);
    if (!status || *status == SourceStatus::kEnd) {
      EXPECT_TRUE(status) << status.error().message;
      break;
    }
    if (batch.snapshot != nullptr) {
      state.reset(*batch.snapshot);
    }
    for (const RawEvent& raw : batch.events) {
      EventView event;
      if (event.parse(raw.bytes) != EventFault::kNone) {
        continue;
      }
      const Applied& applied = state.apply(event);
      if (recorded.is_object() && recorded.value("evt.num", std::uint64_t{0}) == raw.number) {
        compare_event({state, event, applied}, recorded, raw.number, capture.native(), tally);
        recorded = next_recorded();
      }
      state.retire(event);
    }
  }
  EXPECT_TRUE(recorded.is_null()) << "events of the recording that the capture does not have";
  return tally;
}

class StateCheck : public ::testing::TestWithParam<const char*> {};

TEST_P(StateCheck, HoldsWhatTheReferenceSaw) {
  const auto shared = shared_dir();
  if (shared.empty()) {
    GTEST_SKIP() << kNoSharedData;
  }
  const auto base = shared / GetParam();
  const Tally tally = check(base.string() + ".scap", base.string() + ".fields.jsonl.gz");
  for (const auto& [field, count] : tally.wrong) {
    ADD_FAILURE() << GetParam() << ": " << field << " differs at " << count << " events";
  }
  EXPECT_GT(tally.compared, 0U);
  std::cout << GetParam() << ": " << tally.compared << " values compared\n";
}

INSTANTIATE_TEST_SUITE_P(Recordings, StateCheck,
                         ::testing::Values("data/first", "data/build", "data/net", "data/syscalls",
                                           "data/container", "data/attack"));
INSTANTIATE_TEST_SUITE_P(OldCaptures, StateCheck,
                         ::testing::Values("spec/replay/synthetic", "spec/replay/curl_google",
                                           "spec/replay/curl_google_comments",
                                           "spec/replay/single_ipv6_conn",
                                           "spec/replay/test_ipv6_client"));

}  // namespace
}  // namespace saker::testing
