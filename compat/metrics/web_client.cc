// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/web_client.h"

#include <httplib.h>

#include <cstdlib>

namespace saker::metrics {

Result<WebReply> fetch(const std::string& url, std::chrono::seconds patience) {
  const std::size_t host = url.find("://");
  const std::size_t path = host == std::string::npos ? host : url.find('/', host + 3);
  const std::string origin = url.substr(0, path);
  if (!origin.starts_with("http://") && !origin.starts_with("https://")) {
    return fail(ErrorCode::kInvalidArgument, "'" + url + "' is no http or https address");
  }
  httplib::Client client(origin);
  if (!client.is_valid()) {
    return fail(ErrorCode::kInvalidArgument, "'" + url + "' is no address");
  }
  client.enable_server_certificate_verification(false);
  client.set_connection_timeout(patience.count());
  client.set_read_timeout(patience.count());
  const httplib::Result result = client.Get(path == std::string::npos ? "/" : url.substr(path));
  if (!result) {
    return fail(ErrorCode::kIo,
                "no answer from " + url + ": " + httplib::to_string(result.error()));
  }
  return WebReply{result->status, result->body};
}

std::map<std::string, std::uint64_t> ledger_of_page(std::string_view page) {
  constexpr std::string_view kBegin = "saker_ledger_total{counter=\"";
  std::map<std::string, std::uint64_t> ledger;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    const std::size_t value = line.rfind(' ');
    if (!line.starts_with(kBegin) || value == std::string_view::npos) {
      continue;
    }
    const std::string number(line.substr(value + 1));
    line.remove_prefix(kBegin.size());
    ledger[std::string(line.substr(0, line.find('"')))] =
        std::strtoull(number.c_str(), nullptr, 10);
  }
  return ledger;
}

}  // namespace saker::metrics
