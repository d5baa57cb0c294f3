// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// One HTTP connection that posts bodies to one URL. The library (libcurl) stays in http_client.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "outputs/http/http_options.h"
#include "outputs/sink.h"

namespace saker {

struct HttpAnswer {
  int status = 0;
  std::chrono::seconds retry_after{0};  // header Retry-After in seconds; 0: none
  std::string trouble;                  // why the body did not come as announced
};

class HttpClient {
public:
  // The options have been checked.
  [[nodiscard]] static Result<HttpClient> create(const HttpOptions& options);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // Returns the answer, with whatever status, once it is complete; or its head, when the request
  // was sent in full and only the answer's body is broken. Ends early when `stop` is set.
  [[nodiscard]] Result<HttpAnswer> post(std::string_view body,
                                        const std::vector<RecordHeader>& headers,
                                        const StopSignal& stop);

private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
