// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// libcurl rather than cpp-httplib, whose time-outs are those of single reads: a server that sends a
// byte now and then, be it of the handshake, holds it for ever.
#include "compat/metrics/web_client.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include <curl/curl.h>

namespace saker::metrics {

namespace {

constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 20;

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* context) {
  auto& body = *static_cast<std::string*>(context);
  if (body.size() + size * count > kMaxBodyBytes) {
    return CURL_WRITEFUNC_ERROR;
  }
  body.append(data, size * count);
  return size * count;
}

// Heads count for the same bound: libcurl keeps none of them, but reads all.
std::size_t pass_header(char* /*data*/, std::size_t size, std::size_t count, void* context) {
  auto& left = *static_cast<std::size_t*>(context);
  if (size * count > left) {
    return CURL_WRITEFUNC_ERROR;
  }
  left -= size * count;
  return size * count;
}

}  // namespace

Result<WebReply> fetch(const std::string& url, std::chrono::milliseconds patience) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return fail(ErrorCode::kInvalidArgument, "'" + url + "' is no http or https address");
  }
  // Safe from several threads at once since 7.84. Source: man 3 curl_global_init.
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, HandleDeleter> handle(curl_easy_init());
  if (handle == nullptr) {
    return fail(ErrorCode::kIo, "no memory for a request");
  }
  std::string body;
  std::size_t header_bytes_left = kMaxBodyBytes;
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // it is this machine that is asked
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &pass_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &header_bytes_left);
  const CURLcode result = curl_easy_perform(curl);
  if (result == CURLE_URL_MALFORMAT) {
    return fail(ErrorCode::kInvalidArgument, "'" + url + "' is no address");
  }
  if (result != CURLE_OK) {
    const std::string reason =
        result == CURLE_WRITE_ERROR ? "the page is too large" : curl_easy_strerror(result);
    return fail(ErrorCode::kIo, "no answer from " + url + ": " + reason);
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return WebReply{static_cast<int>(status), std::move(body)};
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
