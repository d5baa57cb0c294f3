// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/spool/spool_tool.h"

#include <limits>
#include <vector>

#include "engine/alert/json_text.h"
#include "engine/alert/time_text.h"
#include "outputs/spool/spool.h"
#include "outputs/spool/spool_file.h"

namespace saker {

namespace {

constexpr std::size_t kBatch = 500;
constexpr std::size_t kBatchBytes = 4ULL << 20;

std::string table_of(SpoolPart part) {
  return part == SpoolPart::kWaiting ? "waiting" : "set_aside";
}

void append_text_key(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_json_string(out, value);
}

Result<sqlite::Statement> select_all(sqlite::Database& database, SpoolPart part) {
  return database.prepare("SELECT " + std::string(spool_file::kColumns) + ", size FROM " +
                          table_of(part) + " ORDER BY seq");
}

// The records behind `from`, up to `last`; none at the end. An error comes behind those that could
// be read.
Status read_page(sqlite::Statement& select, std::int64_t from, std::int64_t last,
                 std::vector<spool_file::ReadRecord>& page) {
  page.clear();
  std::size_t bytes = 0;
  select.bind(1, from).bind(2, last);
  while (page.size() < kBatch && bytes < kBatchBytes) {
    SAKER_ASSIGN_OR_RETURN(const bool has_row, select.step());
    if (!has_row) {
      break;
    }
    page.push_back(spool_file::read_record(select));
    bytes += page.back().record.payload.size();
  }
  select.reset();
  return {};
}

}  // namespace

std::string record_json(const DeliveryRecord& record, SpoolPart part, bool is_intact) {
  std::string line;
  const std::string& payload = record.payload;
  if (is_intact && payload.size() >= 2 && payload.front() == '{' && payload.back() == '}') {
    line = payload.substr(0, payload.size() - 1);
    line += payload.size() > 2 ? "," : "";
  } else {
    line = "{\"output\":";
    append_json_string(line, payload);
    line += ',';
  }
  line += "\"spool\":{\"sequence\":" + std::to_string(record.sequence);
  append_text_key(line, "id", record.id);
  append_text_key(line, "state", part == SpoolPart::kWaiting ? "waiting" : "set aside");
  append_text_key(line, "key", record.key);
  append_text_key(line, "destination", record.destination);
  line += ",\"tries\":" + std::to_string(record.tries);
  append_text_key(line, "error", record.last_error);
  std::string stored;
  append_iso_time(stored, record.created_ns, "Z");
  append_text_key(line, "stored", stored);
  line += "}}";
  return line;
}

// A page is read at once and no transaction stays open while it is shown: a reader that waits in
// the middle would keep the log of a running process from ever being worked off.
Status list_spool(const std::string& path, SpoolPart part, const LineSink& write_line) {
  SAKER_ASSIGN_OR_RETURN(auto database, spool_file::open_read_only(path));
  // What comes while the list is read does not make it endless.
  SAKER_ASSIGN_OR_RETURN(const std::int64_t last,
                         database.query_integer("SELECT max(seq) FROM " + table_of(part)));
  SAKER_ASSIGN_OR_RETURN(
      auto select, database.prepare("SELECT " + std::string(spool_file::kColumns) + " FROM " +
                                    table_of(part) + " WHERE seq > ?1 AND seq <= ?2 ORDER BY seq"));
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::vector<spool_file::ReadRecord> page;
  while (true) {
    const Status status = read_page(select, from, last, page);
    for (const spool_file::ReadRecord& row : page) {
      from = row.record.sequence;
      if (!write_line(record_json(row.record, part, row.is_intact))) {
        return {};
      }
    }
    if (!status || page.empty()) {
      return status;
    }
  }
}

Result<SpoolReport> check_spool(const std::string& path) {
  SpoolReport report;
  auto database = spool_file::open_read_only(path);
  if (!database) {
    if (database.error().code == ErrorCode::kNotFound ||
        database.error().code == ErrorCode::kPermission) {
      return tl::unexpected(std::move(database).error());
    }
    report.problem = database.error().message;
    return report;
  }
  const auto found = spool_file::check(*database);
  if (!found || *found != "ok") {
    report.problem = found ? *found : found.error().message;
  }
  for (const SpoolPart part : {SpoolPart::kWaiting, SpoolPart::kSetAside}) {
    auto select = select_all(*database, part);
    while (select) {
      const auto has_row = select->step();
      if (!has_row || !*has_row) {
        if (!has_row && report.problem.empty()) {
          report.problem = has_row.error().message;
        }
        break;
      }
      const spool_file::ReadRecord row = spool_file::read_record(*select);
      std::uint64_t& count = part == SpoolPart::kWaiting ? report.waiting : report.set_aside;
      if (part == SpoolPart::kWaiting && count == 0) {
        report.oldest_ns = row.record.created_ns;
      }
      ++count;
      report.damaged += row.is_intact ? 0 : 1;
      report.bytes += static_cast<std::uint64_t>(select->integer(10));
    }
  }
  if (report.damaged > 0 && report.problem.empty()) {
    report.problem = std::to_string(report.damaged) + " records are damaged";
  }
  report.is_sound = report.problem.empty();
  return report;
}

Result<std::uint64_t> empty_spool(const SpoolOptions& options, const LineSink& write_line) {
  SAKER_ASSIGN_OR_RETURN(auto spool, Spool::open(options, [](const std::string&) {}));
  std::uint64_t count = 0;
  bool goes_on = true;
  while (goes_on) {
    SAKER_ASSIGN_OR_RETURN(const auto records, spool->next(kBatch, kBatchBytes, {}));
    std::vector<Settlement> settlements;
    for (const DeliveryRecord& record : records) {
      goes_on = goes_on && write_line(record_json(record, SpoolPart::kWaiting));
      if (goes_on) {
        settlements.push_back({record.sequence, Settlement::Kind::kRemove, {}});
      }
    }
    SAKER_RETURN_IF_ERROR(spool->settle(settlements));
    count += settlements.size();
    goes_on = goes_on && !records.empty();
  }
  return count;
}

Result<std::uint64_t> retry_set_aside(const SpoolOptions& options) {
  SAKER_ASSIGN_OR_RETURN(auto spool, Spool::open(options, [](const std::string&) {}));
  return spool->requeue_set_aside();
}

}  // namespace saker
