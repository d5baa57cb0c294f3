// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/record_request.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "compat/config/read_values.h"
#include "kit/base/duration.h"

namespace saker::app {

namespace {

using Words = std::vector<std::string>;

Status take_path(const std::string& value, RecordRequest& request, Words& /*rest*/) {
  request.path = value;
  return {};
}

Status take_duration(const std::string& value, RecordRequest& request, Words& /*rest*/) {
  if (!kit::parse_duration(value, request.duration_ns)) {
    return fail(ErrorCode::kInvalidArgument, "not a duration: " + value + " (try 30s, 500ms, 5m)");
  }
  return {};
}

Status take_filter(const std::string& value, RecordRequest& request, Words& /*rest*/) {
  request.filter = value;
  return {};
}

Status take_source(const std::string& value, RecordRequest& /*request*/, Words& rest) {
  rest.insert(rest.end(),
              {"-o", "engine.kind=replay", "-o", "engine.replay.capture_file=" + value});
  return {};
}

Status take_max_events(const std::string& value, RecordRequest& request, Words& /*rest*/) {
  if (!config::parse_uint(value, request.max_events)) {
    return fail(ErrorCode::kInvalidArgument, "not a number of events: " + value);
  }
  return {};
}

Status take_max_size(const std::string& value, RecordRequest& request, Words& /*rest*/) {
  std::uint64_t megabytes = 0;
  if (!config::parse_uint(value, megabytes) || megabytes > (1ULL << 32)) {
    return fail(ErrorCode::kInvalidArgument, "not a number of megabytes: " + value);
  }
  request.max_bytes = megabytes << 20;
  return {};
}

struct Option {
  std::string_view short_name;
  std::string_view name;
  Status (*take)(const std::string& value, RecordRequest& request, Words& rest);
};

constexpr Option kOptions[] = {
    {"-w", "--write", take_path},          {"", "--duration", take_duration},
    {"", "--filter", take_filter},         {"", "--from", take_source},
    {"", "--max-events", take_max_events}, {"", "--max-size-mb", take_max_size},
};

constexpr std::string_view kNoCompression = "--no-compression";

const Option* find_option(std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  const auto* found = std::ranges::find_if(kOptions, [&](const Option& option) {
    return option.name == name || (!option.short_name.empty() && option.short_name == word);
  });
  return found == std::end(kOptions) ? nullptr : found;
}

}  // namespace

Result<RecordRequest> take_record_request(std::vector<std::string>& words) {
  RecordRequest request;
  Words rest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == kNoCompression) {
      request.is_compressed = false;
      continue;
    }
    const Option* option = find_option(word);
    if (option == nullptr) {
      rest.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos && i + 1 == words.size()) {
      return fail(ErrorCode::kInvalidArgument, "record: " + word + " needs a value");
    }
    const std::string value = equals == std::string::npos ? words[++i] : word.substr(equals + 1);
    SAKER_RETURN_IF_ERROR(option->take(value, request, rest));
  }
  if (request.path.empty()) {
    return fail(ErrorCode::kInvalidArgument, "record needs -w FILE");
  }
  words = std::move(rest);
  return request;
}

}  // namespace saker::app
