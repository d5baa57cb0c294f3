// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A small HTTP server on a loopback port whose bad manners a test chooses: it answers any status,
// hangs, resets the connection, or closes it in the middle of an answer.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace saker::testing {

struct HttpRequest {
  std::string line;                            // "POST /path HTTP/1.1"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct HttpReply {
  enum class Manner { kAnswer, kHang, kReset, kCloseInRequest, kCloseInAnswer };
  Manner manner = Manner::kAnswer;
  int status = 200;
  std::string extra_headers;  // each with CRLF
  std::string body = "ok";
};

class HttpTestServer {
public:
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  explicit HttpTestServer(Handler handler);
  HttpTestServer(const HttpTestServer&) = delete;
  HttpTestServer& operator=(const HttpTestServer&) = delete;
  ~HttpTestServer();

  [[nodiscard]] std::string url() const;
  [[nodiscard]] int port() const { return port_; }
  // Complete requests, in order of arrival.
  [[nodiscard]] std::vector<HttpRequest> requests();

private:
  void accept_all();
  void serve(int connection);
  bool reply(int connection, const HttpReply& reply);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> is_ending_{false};
  std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace saker::testing
