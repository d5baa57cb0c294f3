// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Includes cpp-httplib and OpenSSL. The library parses requests and writes answers; connections
// are ours, since its own have a time limit per read only, which a client that sends a byte now and
// then can stretch for ever.
#include "compat/metrics/web_server.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "compat/metrics/web_listener.h"

namespace saker::metrics {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxRequestBytes = 16384;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kBusy = 503;

struct SslDelete {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslDelete>;

// Waits for the socket. False: the time is over, or nothing more can come.
bool wait_for(int fd, short events, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      return false;
    }
    pollfd entry{.fd = fd, .events = events, .revents = 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
    if (ready > 0 || (ready < 0 && errno != EINTR && errno != EAGAIN)) {
      return ready > 0;
    }
  }
}

bool is_worth_another_try(int error_number) {
  return error_number == EAGAIN || error_number == EINTR;
}

// The bytes of one connection, plain or TLS.
class BoundedStream final : public httplib::Stream {
public:
  BoundedStream(int fd, SSL* ssl, Clock::time_point deadline)
      : fd_(fd), ssl_(ssl), deadline_(deadline) {}

  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  [[nodiscard]] socket_t socket() const override { return fd_; }

  bool shake_hands() {
    return ssl_ == nullptr || again([this] { return ::SSL_accept(ssl_); }) > 0;
  }

  ssize_t read(char* to, std::size_t size) override {
    if (begin_ == end_) {
      const ssize_t got = fill();
      if (got <= 0) {
        return got;
      }
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::copy_n(buffer_ + begin_, count, to);
    begin_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* from, std::size_t size) override {
    if (ssl_ != nullptr) {
      return again([&] { return ::SSL_write(ssl_, from, static_cast<int>(size)); });
    }
    while (wait_for(fd_, POLLOUT, deadline_)) {
      const ssize_t sent = ::send(fd_, from, size, MSG_NOSIGNAL);
      if (sent >= 0 || !is_worth_another_try(errno)) {
        return sent;
      }
    }
    return -1;
  }

private:
  // The library reads byte by byte.
  ssize_t fill() {
    if (total_ >= kMaxRequestBytes) {
      return -1;
    }
    const ssize_t got = ssl_ == nullptr
                            ? receive()
                            : again([this] { return ::SSL_read(ssl_, buffer_, sizeof buffer_); });
    begin_ = 0;
    end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    total_ += end_;
    return got;
  }

  ssize_t receive() {
    while (wait_for(fd_, POLLIN, deadline_)) {
      const ssize_t got = ::recv(fd_, buffer_, sizeof buffer_, 0);
      if (got >= 0 || !is_worth_another_try(errno)) {
        return got;
      }
    }
    return -1;
  }

  // Repeats a TLS call until it is through or the time is over.
  template <typename Call>
  int again(Call call) {
    while (true) {
      ::ERR_clear_error();
      const int result = call();
      if (result > 0) {
        return result;
      }
      const int error = ::SSL_get_error(ssl_, result);
      const bool wants_write = error == SSL_ERROR_WANT_WRITE;
      if ((!wants_write && error != SSL_ERROR_WANT_READ) ||
          !wait_for(fd_, wants_write ? POLLOUT : POLLIN, deadline_)) {
        return -1;
      }
    }
  }

  int fd_;
  SSL* ssl_;
  Clock::time_point deadline_;
  char buffer_[2048] = {};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t total_ = 0;
};

// Parses requests and writes the answers of the pages.
class PageServer final : public httplib::Server {
public:
  PageServer(const WebServerOptions& options, SslContext context, std::vector<WebPage> pages)
      : options_(options), context_(std::move(context)), pages_(std::move(pages)) {
    free_places_ = options_.threadiness != 0 ? options_.threadiness
                                             : std::max(1U, std::thread::hardware_concurrency());
    set_payload_max_length(0);
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
      return HandlerResponse::Handled;
    });
  }

  // One request of a connection; called by several threads.
  void serve(int fd) {
    const Clock::time_point deadline = Clock::now() + options_.connection_time;
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    std::unique_ptr<SSL, SslDelete> ssl;
    if (context_ != nullptr) {
      ssl.reset(::SSL_new(context_.get()));
      if (ssl == nullptr || ::SSL_set_fd(ssl.get(), fd) != 1) {
        return;
      }
    }
    BoundedStream stream(fd, ssl.get(), deadline);
    if (!stream.shake_hands()) {
      return;
    }
    bool is_closed = false;
    // Ranges are not served: pages are small, and the library would call a part of one whole (200).
    process_request(stream, true, is_closed,
                    [](httplib::Request& request) { request.ranges.clear(); });
    if (ssl != nullptr) {
      ::SSL_shutdown(ssl.get());
    }
  }

private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    if (request.method != "GET" && request.method != "HEAD") {
      response.status = kMethodNotAllowed;
      response.set_header("Allow", "GET, HEAD");
      return;
    }
    const auto page = std::find_if(pages_.begin(), pages_.end(), [&](const WebPage& candidate) {
      return candidate.path == request.path;
    });
    if (page == pages_.end()) {
      response.status = kNotFound;
      return;
    }
    if (page->is_costly && !take_place()) {
      response.status = kBusy;
      return;
    }
    WebAnswer made = page->answer();
    if (page->is_costly) {
      give_place();
    }
    response.status = made.status;
    response.set_content(made.body, made.content_type);
  }

  bool take_place() {
    std::unique_lock lock(places_mutex_);
    const bool is_free =
        has_place_.wait_for(lock, options_.connection_time, [this] { return free_places_ > 0; });
    free_places_ -= is_free ? 1 : 0;
    return is_free;
  }

  void give_place() {
    const std::lock_guard lock(places_mutex_);
    ++free_places_;
    has_place_.notify_one();
  }

  WebServerOptions options_;
  SslContext context_;
  std::vector<WebPage> pages_;
  std::mutex places_mutex_;
  std::condition_variable has_place_;
  std::uint64_t free_places_ = 1;
};

class RunningServer final : public WebServer {
public:
  RunningServer(std::unique_ptr<PageServer> pages, std::unique_ptr<WebListener> listener)
      : pages_(std::move(pages)), listener_(std::move(listener)) {}

  [[nodiscard]] std::uint16_t port() const override { return listener_->port(); }

private:
  std::unique_ptr<PageServer> pages_;
  std::unique_ptr<WebListener> listener_;  // uses the pages
};

Result<SslContext> make_context(const std::string& file) {
  SslContext context(::SSL_CTX_new(::TLS_server_method()));
  if (context == nullptr) {
    return fail(ErrorCode::kIo, "webserver: cannot set up TLS");
  }
  ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE);
  if (::SSL_CTX_use_certificate_chain_file(context.get(), file.c_str()) != 1 ||
      ::SSL_CTX_use_PrivateKey_file(context.get(), file.c_str(), SSL_FILETYPE_PEM) != 1) {
    const char* reason = ::ERR_reason_error_string(::ERR_peek_last_error());
    return fail(ErrorCode::kInvalidArgument, "webserver: cannot use the certificate and key in " +
                                                 file + ": " +
                                                 (reason == nullptr ? "not readable" : reason));
  }
  return context;
}

bool is_address(const std::string& text) {
  in6_addr unused{};
  return ::inet_pton(AF_INET, text.c_str(), &unused) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &unused) == 1;
}

// What start() needs before it listens: null without TLS.
Result<SslContext> prepare(const WebServerOptions& options) {
  if (!is_address(options.listen_address)) {
    return fail(ErrorCode::kInvalidArgument,
                "Error reading config file: webserver listen address "
                "\"" +
                    options.listen_address + "\" is not a valid IP address");
  }
  return options.tls_file.empty() ? SslContext() : make_context(options.tls_file);
}

}  // namespace

Status WebServer::check(const WebServerOptions& options) {
  const auto context = prepare(options);
  return context ? Status() : tl::unexpected(context.error());
}

Result<std::unique_ptr<WebServer>> WebServer::start(const WebServerOptions& options,
                                                    std::vector<WebPage> pages) {
  SAKER_ASSIGN_OR_RETURN(SslContext context, prepare(options));
  auto server = std::make_unique<PageServer>(options, std::move(context), std::move(pages));
  auto listener = WebListener::open(options.listen_address, options.port, options.max_connections,
                                    [served = server.get()](int fd) { served->serve(fd); });
  if (!listener) {
    return fail(listener.error().code, "webserver: " + listener.error().message);
  }
  return std::unique_ptr<WebServer>(
      std::make_unique<RunningServer>(std::move(server), std::move(*listener)));
}

}  // namespace saker::metrics
