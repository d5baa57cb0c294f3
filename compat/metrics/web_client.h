// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reads the pages of a running instance. Adapter for libcurl.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace saker::metrics {

struct WebReply {
  int status = 0;
  std::string body;
};

// GET of "http://HOST:PORT/PATH" or https. Certificates are not checked: it is used on one's own
// machine, whose certificate rarely names 127.0.0.1. Ends when `patience` is over, whatever
// the server does, and takes 64 MiB at most.
[[nodiscard]] Result<WebReply> fetch(const std::string& url, std::chrono::milliseconds patience);

// The values of saker_ledger_total on a /metrics page, by counter.
[[nodiscard]] std::map<std::string, std::uint64_t> ledger_of_page(std::string_view page);

}  // namespace saker::metrics
