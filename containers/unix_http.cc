// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The one file of this folder that includes libcurl.
#include "containers/unix_http.h"

#include <sys/socket.h>

#include <algorithm>

#include <curl/curl.h>

namespace saker::containers {

namespace {

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

constexpr std::string_view kGrpcStatus = "grpc-status:";
// Of one answer's head and trailers together; libcurl 7.88 keeps all that come.
constexpr std::size_t kMaxHeaderBytes = 64U << 10;

}  // namespace

struct UnixHttp::Impl {
  std::string socket_path;
  HttpBounds bounds;
  const std::atomic<bool>& stop;
  std::unique_ptr<CURL, HandleDeleter> handle;
  HttpReply reply;
  std::size_t header_bytes = 0;
  bool is_too_large = false;
  bool is_wrong_peer = false;
  curl_socket_t socket = CURL_SOCKET_BAD;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* context) {
    auto& self = *static_cast<Impl*>(context);
    if (self.reply.body.size() + size * count > self.bounds.max_body_bytes) {
      self.is_too_large = true;
      return 0;
    }
    self.reply.body.append(data, size * count);
    return size * count;
  }

  // Trailers come the same way.
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* context) {
    auto& self = *static_cast<Impl*>(context);
    std::string_view line(data, size * count);
    self.header_bytes += line.size();
    if (self.header_bytes > kMaxHeaderBytes) {
      self.is_too_large = true;
      return 0;
    }
    if (line.starts_with(kGrpcStatus)) {
      line.remove_prefix(kGrpcStatus.size());
      const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
      line.remove_prefix(begin);
      self.reply.grpc_status = line.substr(0, line.find_last_not_of("\r\n ") + 1);
    }
    return size * count;
  }

  static curl_socket_t open_socket(void* context, curlsocktype /*purpose*/,
                                   curl_sockaddr* address) {
    auto& self = *static_cast<Impl*>(context);
    self.socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    return self.socket;
  }

  // Once connected, before anything is asked. Whoever may write into the socket's folder could
  // pass on somebody else's socket.
  static int look_at_peer(void* context, char* /*peer_ip*/, char* /*local_ip*/, int /*peer_port*/,
                          int /*local_port*/) {
    auto& self = *static_cast<Impl*>(context);
    ucred peer{};
    socklen_t size = sizeof(peer);
    self.is_wrong_peer = self.bounds.peer_user &&
                         (::getsockopt(self.socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
                          (peer.uid != 0 && peer.uid != *self.bounds.peer_user));
    return self.is_wrong_peer ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
  }

  [[nodiscard]] std::chrono::milliseconds time_left() const {
    const auto now = std::chrono::steady_clock::now();
    return deadline <= now ? std::chrono::milliseconds(0)
                           : std::min(bounds.timeout,
                                      std::chrono::ceil<std::chrono::milliseconds>(deadline - now));
  }

  static int look_at_stop(void* context, curl_off_t /*down_total*/, curl_off_t /*down*/,
                          curl_off_t /*up_total*/, curl_off_t /*up*/) {
    return static_cast<Impl*>(context)->stop.load(std::memory_order_relaxed) ? 1 : 0;
  }

  void set_options(const std::string& path) {
    CURL* curl = handle.get();
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
    curl_easy_setopt(curl, CURLOPT_URL, ("http://localhost" + path).c_str());
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(time_left().count()));
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, &look_at_peer);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &look_at_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  }

  tl::expected<HttpReply, HttpFault> perform() {
    reply = HttpReply{};
    header_bytes = 0;
    is_too_large = false;
    is_wrong_peer = false;
    const CURLcode result = curl_easy_perform(handle.get());
    switch (result) {
      case CURLE_OK: {
        long status = 0;
        curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
        return std::move(reply);
      }
      case CURLE_COULDNT_CONNECT:
        return tl::unexpected(HttpFault::kNoServer);
      case CURLE_OPERATION_TIMEDOUT:
        return tl::unexpected(HttpFault::kTimeout);
      case CURLE_ABORTED_BY_CALLBACK:
        return tl::unexpected(is_wrong_peer ? HttpFault::kBroken : HttpFault::kStopped);
      default:
        return tl::unexpected(is_too_large ? HttpFault::kTooLarge : HttpFault::kBroken);
    }
  }
};

UnixHttp::UnixHttp(std::string socket_path, HttpBounds bounds, const std::atomic<bool>& stop) {
  // Safe from several threads at once since 7.84. Source: man 3 curl_global_init.
  curl_global_init(CURL_GLOBAL_DEFAULT);
  impl_.reset(new Impl{.socket_path = std::move(socket_path),
                       .bounds = bounds,
                       .stop = stop,
                       .handle = {},
                       .reply = {}});
  impl_->handle.reset(curl_easy_init());
}

UnixHttp::UnixHttp(UnixHttp&&) noexcept = default;
UnixHttp::~UnixHttp() = default;

void UnixHttp::set_deadline(std::chrono::steady_clock::time_point deadline) {
  impl_->deadline = deadline;
}

tl::expected<HttpReply, HttpFault> UnixHttp::get(const std::string& path) {
  if (impl_->handle == nullptr) {
    return tl::unexpected(HttpFault::kBroken);
  }
  if (impl_->time_left().count() == 0) {  // which libcurl takes for no limit
    return tl::unexpected(HttpFault::kTimeout);
  }
  impl_->set_options(path);
  return impl_->perform();
}

tl::expected<HttpReply, HttpFault> UnixHttp::post_grpc(const std::string& path,
                                                       std::string_view body) {
  std::unique_ptr<curl_slist, ListDeleter> headers(
      curl_slist_append(nullptr, "Content-Type: application/grpc"));
  if (impl_->handle == nullptr || headers == nullptr) {
    return tl::unexpected(HttpFault::kBroken);
  }
  if (impl_->time_left().count() == 0) {
    return tl::unexpected(HttpFault::kTimeout);
  }
  curl_slist_append(headers.get(), "TE: trailers");
  impl_->set_options(path);
  CURL* curl = impl_->handle.get();
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
                   static_cast<long>(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  return impl_->perform();
}

}  // namespace saker::containers
