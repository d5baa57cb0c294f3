// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/http/http_transport.h"

#include <algorithm>
#include <array>
#include <set>

#include "outputs/http/http_gzip.h"
#include "outputs/message_encoder.h"

namespace saker {

namespace {

constexpr std::array<int, 5> kAwayStatuses = {408, 429, 502, 503, 504};

}  // namespace

Outcome outcome_of(const HttpAnswer& answer) {
  using enum Outcome::Kind;
  if (answer.status >= 200 && answer.status < 300) {
    // The status says that the server has the alert; sending it again would only repeat it.
    return {.kind = kAcknowledged,
            .reason = answer.trouble.empty()
                          ? std::string()
                          : "the server answered " + std::to_string(answer.status) +
                                ", but not completely: " + answer.trouble};
  }
  Outcome outcome{.reason = "the server answered " + std::to_string(answer.status),
                  .retry_after = answer.retry_after};
  if (std::ranges::find(kAwayStatuses, answer.status) != kAwayStatuses.end()) {
    outcome.kind = kUnavailable;
  } else if (answer.status >= 400 && answer.status < 500) {
    outcome.kind = kRejected;
  } else {
    outcome.kind = kFailed;
  }
  return outcome;
}

Status HttpTransport::open() {
  SAKER_RETURN_IF_ERROR(check(options_));
  SAKER_ASSIGN_OR_RETURN(client_, HttpClient::create(options_));
  return {};
}

std::vector<Outcome> HttpTransport::send(std::span<const DeliveryRecord> records,
                                         const StopSignal& stop) {
  std::vector<Outcome> outcomes(records.size());
  std::set<std::string_view> held_keys;
  for (std::size_t i = 0; i < records.size() && !stop.is_set(); ++i) {
    if (held_keys.contains(records[i].key)) {
      continue;
    }
    outcomes[i] = send_one(records[i], stop);
    if (outcomes[i].kind == Outcome::Kind::kUnavailable) {
      break;
    }
    if (outcomes[i].kind == Outcome::Kind::kFailed) {
      held_keys.insert(records[i].key);
    }
  }
  return outcomes;
}

Outcome HttpTransport::send_one(const DeliveryRecord& record, const StopSignal& stop) {
  std::vector<RecordHeader> headers = options_.headers;
  headers.push_back({"X-Saker-Alert-Id", record.id});
  for (const RecordHeader& header : record.headers) {
    if (header.name == kContentTypeHeader) {
      headers.push_back({"Content-Type", header.value});
    }
  }
  std::string packed;
  std::string_view body = record.payload;
  if (options_.gzip_body) {
    packed = gzip(body);
    body = packed;
    headers.push_back({"Content-Encoding", "gzip"});
  }
  const auto answer = client_->post(body, headers, stop);
  if (answer) {
    return outcome_of(*answer);
  }
  if (stop.is_set()) {
    return {};
  }
  return {.kind = Outcome::Kind::kUnavailable,
          .reason = "no answer from the server: " + answer.error().message};
}

}  // namespace saker
