// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The one file that includes libcurl.
#include "outputs/http/http_client.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include <curl/curl.h>

#include "outputs/write_bytes.h"

namespace saker {

namespace {

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, HandleDeleter>;

bool append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) {
    return false;
  }
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

// Answers on standard output. Deliveries go on when nobody reads that: the rest of the answer is
// left out, and of later ones what cannot be written at once.
class Echo final : private StopSignal {
public:
  void begin(const StopSignal& stop) {
    stop_ = &stop;
    patience_end_ = Clock::now() + (is_stuck_ ? Clock::duration::zero() : kPatience);
    is_stuck_ = false;
  }
  void write(std::string_view bytes) {
    is_stuck_ = is_stuck_ || !write_bytes(STDOUT_FILENO, bytes, *this, "standard output");
  }

private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kPatience{500};

  [[nodiscard]] bool is_set() const override {
    return stop_->is_set() || Clock::now() >= patience_end_;
  }

  const StopSignal* stop_ = nullptr;
  Clock::time_point patience_end_;
  bool is_stuck_ = false;
};

std::size_t echo_answer(char* data, std::size_t size, std::size_t count, void* context) {
  static_cast<Echo*>(context)->write({data, size * count});
  return size * count;
}

std::size_t ignore_answer(char* /*data*/, std::size_t size, std::size_t count, void* /*context*/) {
  return size * count;
}

// What has come of an answer's head: of a proxy's or an interim answer's first, then of the last.
struct Head {
  std::size_t bytes = 0;
  bool is_complete = false;
};

// Of one answer; libcurl 7.88 keeps all that come.
constexpr std::size_t kMaxHeaderBytes = 64U << 10;

std::size_t look_at_header(char* data, std::size_t size, std::size_t count, void* context) {
  const std::string_view line(data, size * count);
  auto& head = *static_cast<Head*>(context);
  head.bytes += line.size();
  head.is_complete =
      (head.is_complete && !line.starts_with("HTTP/")) || line == "\r\n" || line == "\n";
  return head.bytes <= kMaxHeaderBytes ? line.size() : 0;
}

int look_at_stop(void* context, curl_off_t /*down_total*/, curl_off_t /*down*/,
                 curl_off_t /*up_total*/, curl_off_t /*up*/) {
  const auto* const* stop = static_cast<const StopSignal* const*>(context);
  return *stop != nullptr && (*stop)->is_set() ? 1 : 0;
}

}  // namespace

struct HttpClient::Impl {
  Handle handle;
  const StopSignal* stop = nullptr;
  Head head;
  Echo echo;
  char error[CURL_ERROR_SIZE] = "";

  void set_trust(const HttpOptions& options) {
    CURL* curl = handle.get();
    if (options.insecure) {
      curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    const std::string& file = !options.ca_cert.empty() ? options.ca_cert : options.ca_bundle;
    if (!file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    } else if (!options.ca_path.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, nullptr);
      curl_easy_setopt(curl, CURLOPT_CAPATH, options.ca_path.c_str());
    }
    if (options.mtls) {
      curl_easy_setopt(curl, CURLOPT_SSLCERT, options.client_cert.c_str());
      curl_easy_setopt(curl, CURLOPT_SSLKEY, options.client_key.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  }

  void set_options(const HttpOptions& options) {
    CURL* curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_URL, options.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, options.keep_alive ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_TRANSFER_ENCODING, options.compress_uploads ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, options.echo ? echo_answer : ignore_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &echo);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, look_at_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_at_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
    set_trust(options);
  }
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create(const HttpOptions& options) {
  // Safe from several threads at once since 7.84. Source: man 3 curl_global_init.
  if (const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT); result != CURLE_OK) {
    return fail(ErrorCode::kIo, std::string("cannot start libcurl: ") + curl_easy_strerror(result));
  }
  auto impl = std::make_unique<Impl>();
  impl->handle.reset(curl_easy_init());
  if (impl->handle == nullptr) {
    return fail(ErrorCode::kIo, "cannot start libcurl");
  }
  impl->set_options(options);
  return HttpClient(std::move(impl));
}

Result<HttpAnswer> HttpClient::post(std::string_view body, const std::vector<RecordHeader>& headers,
                                    const StopSignal& stop) {
  CURL* curl = impl_->handle.get();
  impl_->stop = &stop;
  impl_->error[0] = '\0';
  impl_->head = {};
  impl_->echo.begin(stop);
  List list;
  // Without it libcurl waits a second for "100 Continue" before large bodies.
  bool is_complete = append(list, "Expect:");
  for (const RecordHeader& header : headers) {
    is_complete = is_complete && append(list, header.name + ": " + header.value);
  }
  if (!is_complete) {
    return fail(ErrorCode::kIo, "out of memory");
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  const CURLcode result = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, nullptr);
  impl_->stop = nullptr;
  HttpAnswer answer;
  if (result != CURLE_OK) {
    const char* const text = impl_->error[0] != '\0' ? impl_->error : curl_easy_strerror(result);
    curl_off_t sent = 0;
    curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (!impl_->head.is_complete || std::cmp_less(sent, body.size())) {
      return fail(ErrorCode::kIo, text);
    }
    answer.trouble = text;
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
  constexpr curl_off_t kLongestWish = 86400;  // a day; more must not overflow sums of times
  answer.status = static_cast<int>(status);
  answer.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(retry_after, 0, kLongestWish));
  return answer;
}

}  // namespace saker
