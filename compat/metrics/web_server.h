// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A small read-only HTTP server for health, versions and metrics. A connection carries one request
// and lives a few seconds at most, whatever the client does: a slow one holds a thread of its own
// for that long and keeps nobody else waiting. Adapter: the only place that knows cpp-httplib.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::metrics {

struct WebAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
};

// A path and what answers it; called from any of the server's threads.
struct WebPage {
  std::string path;
  std::function<WebAnswer()> answer;
  // Only `threadiness` at a time are made of costly ones; the others never wait for those.
  bool is_costly = false;
};

struct WebServerOptions {
  std::string listen_address = "0.0.0.0";  // an IP literal
  std::uint16_t port = 8765;               // 0: any free one
  std::uint64_t threadiness = 0;           // pages that are made at the same time; 0: one per CPU
  std::string tls_file;                    // PEM with certificate and key; empty: no TLS
  std::chrono::milliseconds connection_time{5000};  // from accept to close
  std::size_t max_connections = 512;                // the oldest ends when more come
};

class WebServer {
public:
  virtual ~WebServer() = default;

  // Binds, then serves from threads of its own until destroyed. Fails with a text for the user.
  [[nodiscard]] static Result<std::unique_ptr<WebServer>> start(const WebServerOptions& options,
                                                                std::vector<WebPage> pages);

  // What start() would refuse, without listening.
  [[nodiscard]] static Status check(const WebServerOptions& options);

  [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace saker::metrics
