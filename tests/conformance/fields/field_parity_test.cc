// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
// Every field of every event of the recorded captures has the value that the reference gave it, in
// JSON and in text.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/field/field_catalogue.h"
#include "engine/field/render.h"
#include "tests/conformance/fields/recorded_value.h"
#include "tests/support/gzip_lines.h"
#include "tests/support/json_scanner.h"
#include "tests/support/replay_events.h"
#include "tests/support/shared_data.h"

namespace saker {
namespace {

using testing::GzipLines;
using testing::JsonScanner;

// "name[argument]" as a condition would write it.
Result<BoundField> bind_key(const FieldCatalogue& fields, std::string_view key) {
  const std::size_t bracket = key.find('[');
  if (bracket == std::string_view::npos) {
    return fields.bind(key, false, "");
  }
  return fields.bind(key.substr(0, bracket), true,
                     key.substr(bracket + 1, key.size() - bracket - 2));
}

// One field of the recording.
struct Column {
  std::string key;
  BoundField field;
  std::size_t count = 0;  // events in which it is recorded
  std::size_t wrong = 0;
  std::string example;
};

// Fields that were printed together in one line. Source: the data's README and tools/parity.py.
struct TextGroup {
  std::string_view key;
  std::vector<std::string_view> prefixes;
};
const std::vector<TextGroup>& text_groups() {
  static const std::vector<TextGroup> groups = {
      {"text.evt", {"evt.", "syscall.", "fs.path."}},
      {"text.proc", {"proc.", "thread.", "user.", "group."}},
      {"text.fd", {"fd.", "fdlist."}},
      {"text.container", {"container.", "k8s."}},
  };
  return groups;
}

// In a template these are a field and literal text.
const std::map<std::string, std::pair<std::string, std::string>>& literal_keys() {
  static const std::map<std::string, std::pair<std::string, std::string>> keys = {
      {"evt.abspath.path", {"evt.abspath", ".path"}},
      {"evt.type.is[openat]", {"evt.type", ".is[openat]"}},
  };
  return keys;
}

// Both texts from a little before where they differ.
std::string difference(std::string_view wanted, std::string_view got) {
  const auto at = static_cast<std::size_t>(
      std::mismatch(wanted.begin(), wanted.end(), got.begin(), got.end()).first - wanted.begin());
  const std::size_t from = at < 60 ? 0 : at - 60;
  const auto part = [&](std::string_view text) {
    return (from > 0 ? "…" : "") + std::string(text.substr(std::min(from, text.size()), 160));
  };
  return "expected " + part(wanted) + ", got " + part(got);
}

class Parity {
public:
  // `has_nulls`: the recording holds null where a field has no value; else the key is missing.
  Parity(const std::string& recording, bool has_nulls, std::vector<std::string> text_order)
      : lines_(recording), has_nulls_(has_nulls), text_order_(std::move(text_order)) {
    if (!has_nulls_) {
      collect_keys(recording);
    }
  }

  void check(const FieldContext& context) {
    if (!lines_.next(line_)) {
      ++extra_events_;
      return;
    }
    ++events_;
    std::size_t expected = 0;
    seen_.assign(columns_.size(), false);
    std::map<std::string_view, std::string> texts;
    std::string fd_types;
    for (JsonScanner scan(line_); scan.next();) {
      if (scan.key().starts_with("text.")) {
        texts.emplace(scan.key(), scan.value());
        continue;
      }
      Column* column = column_of(scan.key(), expected);
      if (column == nullptr) {
        continue;
      }
      if (scan.key() == "fd.types") {
        fd_types = scan.value();
      }
      check_value(context, *column, scan.value());
    }
    if (!has_nulls_) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!seen_[i]) {
          check_value(context, columns_[i], "null");
        }
      }
    }
    if (!texts.empty() && !fd_types.starts_with('[')) {
      if (is_data_stale(context)) {
        texts.erase("text.evt");
      }
      remember_texts(context, texts);
    }
  }

  void finish() {
    std::string rest;
    while (lines_.next(rest)) {
      ++missing_events_;
    }
    EXPECT_EQ(extra_events_, 0U) << "events that the recording does not have";
    EXPECT_EQ(missing_events_, 0U) << "events that only the recording has";
    check_texts();
    std::sort(columns_.begin(), columns_.end(),
              [](const Column& a, const Column& b) { return a.wrong > b.wrong; });
    std::size_t wrong = 0;
    for (const Column& column : columns_) {
      if (column.wrong > 0) {
        ADD_FAILURE() << column.key << ": " << column.wrong << " differ, e.g. " << column.example;
      }
      wrong += column.wrong;
    }
    std::printf("%zu events, %zu fields, %zu values, %zu differ; %zu lines of text, %zu differ\n",
                events_, columns_.size(), values_, wrong, text_count_, wrong_texts_);
  }

private:
  struct RememberedText {
    std::uint64_t number;
    std::string_view group;
    std::string token;
    std::string prefix;                         // "TIME: Debug NUMBER"
    std::map<std::string, std::string> pieces;  // by key of the order
  };

  void collect_keys(const std::string& recording) {
    GzipLines lines(recording);
    std::string line;
    std::set<std::string> keys;
    while (lines.next(line)) {
      for (JsonScanner scan(line); scan.next();) {
        keys.emplace(scan.key());
      }
    }
    for (const std::string& key : keys) {
      add_column(key);
    }
  }

  Column* add_column(std::string_view key) {
    auto field = bind_key(fields_, key);
    if (!field) {
      ADD_FAILURE() << key << ": " << field.error().message;
      index_.emplace(key, std::string::npos);
      return nullptr;
    }
    index_.emplace(key, columns_.size());
    seen_.push_back(false);
    columns_.push_back({std::string(key), std::move(*field), 0, 0, {}});
    return &columns_.back();
  }

  // Keys come in the same order in every line, so the next is mostly the one behind the last.
  Column* column_of(std::string_view key, std::size_t& expected) {
    if (expected < columns_.size() && columns_[expected].key == key) {
      seen_[expected] = true;
      return &columns_[expected++];
    }
    const auto found = index_.find(std::string(key));
    if (found == index_.end()) {
      expected = columns_.size() + 1;
      return add_column(key);
    }
    if (found->second == std::string::npos) {
      return nullptr;
    }
    expected = found->second + 1;
    seen_[found->second] = true;
    return &columns_[found->second];
  }

  // The older recordings were made without the container plugin, and with all fields at once: in
  // the reference evt.abspath makes the fields behind it show the directory.
  bool is_disturbed(const FieldContext& context, std::string_view key) {
    if (has_nulls_) {
      return false;
    }
    const Thread* thread = context.applied.thread;
    const bool is_in_container =
        thread != nullptr && thread->cgroups && !thread->cgroups->container_id.empty();
    if (is_in_container && (key.starts_with("user.") || key.starts_with("group.") ||
                            key.starts_with("fd.container"))) {
      return true;
    }
    static const BoundField abspath = *fields_.bind("evt.abspath", false, "");
    return (key.starts_with("fd.") || key.starts_with("fs.path.") ||
            key.starts_with("evt.count.error.")) &&
           extract(context, abspath).has_value();
  }

  // The reference reads memory that the event did not set: behind the text of missing data, and
  // where a number is missing.
  static bool is_data_stale(const FieldContext& context) {
    const auto params = context.event.info().params;
    const auto data = std::find_if(params.begin(), params.end(),
                                   [](const ParamInfo& param) { return param.name == "data"; });
    return data != params.end() &&
           (data->type != ParamType::kBytebuf ||
            context.event.is_missing(static_cast<std::size_t>(data - params.begin())));
  }
  static bool is_stale(const FieldContext& context, const Column& column, const Value& value) {
    return column.key == "evt.buffer" ? is_data_stale(context)
                                      : column.key.starts_with("evt.rawarg.") && !value.has_value();
  }

  // In the older recordings the time of the first event is not known to the reference.
  bool is_absolute_time(std::string_view key) const {
    return !has_nulls_ && key.starts_with("evt.reltime");
  }

  void check_value(const FieldContext& context, Column& column, std::string_view token) {
    ++values_;
    ++column.count;
    const Value value = extract(context, column.field);
    if (testing::is_recorded_value(context, column.field, value, token) ||
        is_disturbed(context, column.key) || is_stale(context, column, value) ||
        is_absolute_time(column.key)) {
      return;
    }
    if (column.wrong++ == 0) {
      column.example = "event " + std::to_string(context.number) + " " +
                       std::string(context.event.info().name) + ": " +
                       difference(token, testing::as_json(context, column.field, value));
    }
  }

  std::string rendered(const FieldContext& context, const std::string& key) {
    auto found = text_fields_.find(key);
    if (found == text_fields_.end()) {
      const auto literal = literal_keys().find(key);
      auto field = bind_key(fields_, literal == literal_keys().end() ? key : literal->second.first);
      found = text_fields_.emplace(key, field ? std::optional(*field) : std::nullopt).first;
    }
    if (!found->second) {
      return "(unknown field)";
    }
    const BoundField& field = *found->second;
    const Value value =
        field.info->has(field_flag::kFilterOnly) ? Value{} : extract(context, field);
    std::string text = "<NA>";
    if (value.has_value()) {
      text.clear();
      render_value(text, value, field.type, field.format);
    }
    const auto literal = literal_keys().find(key);
    return literal == literal_keys().end() ? text : text + literal->second.second;
  }

  static bool belongs_to(const TextGroup& group, std::string_view key) {
    return std::any_of(group.prefixes.begin(), group.prefixes.end(),
                       [&](std::string_view prefix) { return key.starts_with(prefix); });
  }

  void remember_texts(const FieldContext& context,
                      const std::map<std::string_view, std::string>& texts) {
    for (const TextGroup& group : text_groups()) {
      const auto text = texts.find(group.key);
      if (text == texts.end()) {
        continue;
      }
      RememberedText& kept = remembered_.emplace_back(
          RememberedText{context.number,
                         group.key,
                         text->second,
                         rendered(context, "evt.time") + ": Debug " + rendered(context, "evt.num"),
                         {}});
      for (const std::string& key : text_order_) {
        if (belongs_to(group, key)) {
          kept.pieces.emplace(key, rendered(context, key));
        }
      }
    }
  }

  // Lines leave out fields of which some value is not recorded, which is known only at the end.
  void check_texts() {
    std::set<std::string> steady;
    for (const Column& column : columns_) {
      if (column.count == events_) {
        steady.insert(column.key);
      }
    }
    std::string example;
    for (const RememberedText& kept : remembered_) {
      std::string line = kept.prefix;
      for (const std::string& key : text_order_) {
        const auto piece = kept.pieces.find(key);
        if (piece != kept.pieces.end() && (steady.contains(key) || literal_keys().contains(key))) {
          line += ' ';
          line += piece->second;
        }
      }
      ++text_count_;
      using Json = nlohmann::json;
      const std::string wanted = Json::parse(kept.token);
      const std::string got =
          Json::parse(Json(line).dump(-1, ' ', false, Json::error_handler_t::replace));
      if (wanted != got && wrong_texts_++ == 0) {
        example = std::string(kept.group) + " of event " + std::to_string(kept.number) + ": " +
                  difference(wanted, got);
      }
    }
    EXPECT_EQ(wrong_texts_, 0U) << example;
  }

  FieldCatalogue fields_;
  GzipLines lines_;
  bool has_nulls_;
  std::vector<std::string> text_order_;
  std::string line_;
  std::vector<Column> columns_;
  std::vector<bool> seen_;
  std::unordered_map<std::string, std::size_t> index_;
  std::map<std::string, std::optional<BoundField>> text_fields_;
  std::vector<RememberedText> remembered_;
  std::size_t events_ = 0;
  std::size_t extra_events_ = 0;
  std::size_t missing_events_ = 0;
  std::size_t values_ = 0;
  std::size_t text_count_ = 0;
  std::size_t wrong_texts_ = 0;
};

struct Case {
  std::string folder;
  std::string name;
  bool has_nulls;
};

class FieldParity : public ::testing::TestWithParam<Case> {};

TEST_P(FieldParity, EveryValueIsTheRecordedOne) {
  const auto shared = testing::shared_dir();
  if (shared.empty()) {
    GTEST_SKIP() << testing::kNoSharedData;
  }
  const auto folder = shared / GetParam().folder;
  std::vector<std::string> order;
  if (GetParam().has_nulls) {
    GzipLines file((folder / "fields-order.json").string());
    std::string text;
    std::string line;
    while (file.next(line)) {
      text += line;
    }
    order = nlohmann::json::parse(text).get<std::vector<std::string>>();
  }
  Parity parity((folder / (GetParam().name + ".fields.jsonl.gz")).string(), GetParam().has_nulls,
                std::move(order));
  replay_events((folder / (GetParam().name + ".scap")).string(),
                [&](const FieldContext& context) { parity.check(context); });
  parity.finish();
}

INSTANTIATE_TEST_SUITE_P(
    Captures, FieldParity,
    ::testing::Values(Case{"data", "first", true}, Case{"data", "attack", true},
                      Case{"data", "build", true}, Case{"data", "container", true},
                      Case{"data", "net", true}, Case{"data", "syscalls", true},
                      Case{"spec/replay", "synthetic", false},
                      Case{"spec/replay", "curl_google", false},
                      Case{"spec/replay", "curl_google_comments", false},
                      Case{"spec/replay", "single_ipv6_conn", false},
                      Case{"spec/replay", "test_ipv6_client", false}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace saker
