// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Posts each record to a URL, one after the other on one connection. 2xx acknowledges; 4xx except
// 408 and 429 rejects; 408, 429, 502, 503, 504 and everything below HTTP mean that the receiver is
// away; other answers (500) count against the record.
#pragma once

#include <optional>

#include "outputs/delivery/transport.h"
#include "outputs/http/http_client.h"

namespace saker {

class HttpTransport final : public Transport {
public:
  explicit HttpTransport(HttpOptions options) : options_(std::move(options)) {}

  [[nodiscard]] std::string_view name() const override { return "http"; }
  [[nodiscard]] Status open() override;
  [[nodiscard]] std::vector<Outcome> send(std::span<const DeliveryRecord> records,
                                          const StopSignal& stop) override;
  void close() override { client_.reset(); }

private:
  Outcome send_one(const DeliveryRecord& record, const StopSignal& stop);

  HttpOptions options_;
  std::optional<HttpClient> client_;
};

// What an answer says about the record. Source: RFC 9110 section 15.
[[nodiscard]] Outcome outcome_of(const HttpAnswer& answer);

}  // namespace saker
