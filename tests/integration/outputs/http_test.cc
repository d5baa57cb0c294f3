// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The HTTP sink against a server with bad manners.
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <set>

#include <gmock/gmock.h>

#include "outputs/http/http_transport.h"
#include "tests/support/delivery_fixture.h"
#include "tests/support/http_test_server.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;
using ::testing::HasSubstr;
using testing::HttpReply;
using testing::HttpRequest;
using testing::HttpTestServer;
using Manner = HttpReply::Manner;

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string input = packed;
  std::string out(100'000, '\0');
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): zlib counts unsigned bytes
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the same
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

class HttpSink : public testing::DeliveryFixture {
protected:
  void start_http(HttpTestServer::Handler handler, HttpOptions options = {}) {
    server_ = std::make_unique<HttpTestServer>(std::move(handler));
    options.url = server_->url();
    start(std::make_unique<HttpTransport>(options), encoder_);
  }

  EncoderOptions encoder_;
  std::unique_ptr<HttpTestServer> server_;
};

TEST_F(HttpSink, PostsEachAlertOnOneConnection) {
  encoder_.render.as_json = true;
  start_http([](const HttpRequest&) { return HttpReply{}; },
             {.user_agent = "agent/1", .headers = {{"Authorization", "Bearer x"}}});
  write(0, 20);
  end();
  EXPECT_EQ(observer_.delivered_count(), 20U);
  const auto requests = server_->requests();
  ASSERT_EQ(requests.size(), 20U);
  for (std::uint64_t i = 0; i < 20; ++i) {
    HttpRequest request = requests[i];
    EXPECT_EQ(request.line, "POST /alerts HTTP/1.1");
    EXPECT_EQ(request.headers["content-type"], "application/json");
    EXPECT_EQ(request.headers["user-agent"], "agent/1");
    EXPECT_EQ(request.headers["authorization"], "Bearer x");
    EXPECT_EQ(request.headers["x-saker-alert-id"], to_text(testing::numbered_message(i).id()));
    EXPECT_EQ(request.headers.count("te"), 0U);
    EXPECT_THAT(request.body, HasSubstr("\"rule\":\"Test rule\""));
  }
}

TEST_F(HttpSink, TextIsPlain) {
  start_http([](const HttpRequest&) { return HttpReply{}; }, {.compress_uploads = true});
  write(0, 1);
  end();
  HttpRequest request = server_->requests().at(0);
  EXPECT_EQ(request.headers["content-type"], "text/plain");
  EXPECT_THAT(request.body, HasSubstr("Warning message 0"));
  // What Falco's option does: it asks for compressed answers.
  EXPECT_THAT(request.headers["te"], HasSubstr("gzip"));
  EXPECT_EQ(request.headers.count("content-encoding"), 0U);
}

TEST_F(HttpSink, CanCompressBodies) {
  start_http([](const HttpRequest&) { return HttpReply{}; }, {.gzip_body = true});
  write(7, 1);
  end();
  HttpRequest request = server_->requests().at(0);
  EXPECT_EQ(request.headers["content-encoding"], "gzip");
  EXPECT_THAT(gunzip(request.body), HasSubstr("message 7"));
}

TEST_F(HttpSink, BadMannersLoseNothing) {
  for (const Manner manner :
       {Manner::kHang, Manner::kReset, Manner::kCloseInRequest, Manner::kCloseInAnswer}) {
    std::atomic<int> bad_count{3};
    const std::size_t before = observer_.delivered_count();
    start_http(
        [&](const HttpRequest&) {
          return bad_count-- > 0 ? HttpReply{.manner = manner} : HttpReply{};
        },
        {.timeout = 150ms});
    write(0, 10);
    end();
    EXPECT_EQ(observer_.delivered_count() - before, 10U);
    EXPECT_EQ(left_.waiting + left_.set_aside, 0U);
    std::vector<std::string> ids;
    for (HttpRequest request : server_->requests()) {
      if (ids.empty() || ids.back() != request.headers["x-saker-alert-id"]) {
        ids.push_back(request.headers["x-saker-alert-id"]);
      }
    }
    EXPECT_EQ(ids.size(), 10U) << "in order, duplicates next to each other";
  }
}

TEST_F(HttpSink, ABrokenBodyRepeatsNothing) {
  start_http([](const HttpRequest&) { return HttpReply{.manner = Manner::kCloseInAnswer}; });
  write(0, 5);
  end();
  EXPECT_EQ(observer_.delivered_count(), 5U);
  EXPECT_EQ(left_.waiting + left_.set_aside, 0U);
  EXPECT_EQ(server_->requests().size(), 5U);
  EXPECT_TRUE(log_.has("the server answered 200, but not completely")) << log_.all();
}

TEST_F(HttpSink, ABrokenBodyChangesNoRefusal) {
  start_http([](const HttpRequest&) {
    return HttpReply{.manner = Manner::kCloseInAnswer, .status = 400};
  });
  write(0, 2);
  end();
  EXPECT_EQ(left_.set_aside, 2U);
}

// Standard output is a full pipe: deliveries go on, and the end is not held up.
TEST_F(HttpSink, EchoWaitsForNobody) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::fcntl(ends[1], F_SETPIPE_SZ, 4096);
  const UniqueFd reader(ends[0]);
  const UniqueFd before(::dup(STDOUT_FILENO));
  ASSERT_GE(::dup2(ends[1], STDOUT_FILENO), 0);
  ::close(ends[1]);
  start_http([](const HttpRequest&) { return HttpReply{.body = std::string(200'000, 'e')}; },
             {.echo = true, .timeout = 20s});
  const auto began = std::chrono::steady_clock::now();
  write(0, 5);
  end();
  ASSERT_GE(::dup2(before.get(), STDOUT_FILENO), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  EXPECT_EQ(observer_.delivered_count(), 5U);
  char byte = 0;
  EXPECT_EQ(::read(reader.get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'e');
}

TEST_F(HttpSink, AnswersDecide) {
  struct Case {
    int status;
    std::size_t delivered;
    std::size_t set_aside;
    std::size_t requests;
  };
  const std::string second = to_text(testing::numbered_message(1).id());
  for (const Case& one :
       {Case{400, 2, 1, 3}, Case{413, 2, 1, 3}, Case{500, 2, 1, 6}, Case{302, 2, 1, 6}}) {
    const std::size_t delivered = observer_.delivered_count();
    const std::size_t failed = observer_.failed_count();
    start_http([&](const HttpRequest& request) {
      const bool is_second = request.headers.at("x-saker-alert-id") == second;
      return HttpReply{.status = is_second ? one.status : 200};
    });
    const std::uint64_t aside_before = sink_->counts().set_aside;
    write(0, 3);
    end();
    EXPECT_EQ(observer_.delivered_count() - delivered, one.delivered) << one.status;
    EXPECT_EQ(observer_.failed_count() - failed, one.set_aside) << one.status;
    EXPECT_EQ(left_.set_aside - aside_before, one.set_aside) << one.status;
    EXPECT_EQ(server_->requests().size(), one.requests) << one.status;
  }
  EXPECT_TRUE(log_.has("set aside: the server answered 500"));
}

TEST_F(HttpSink, AnOverloadedServerIsWaitedFor) {
  std::atomic<int> count{0};
  start_http([&](const HttpRequest&) {
    const int number = count++;
    return number < 8 ? HttpReply{.status = number % 2 == 0 ? 503 : 429} : HttpReply{};
  });
  write(0, 3);
  end();
  EXPECT_EQ(observer_.delivered_count(), 3U);
  EXPECT_EQ(left_.set_aside, 0U);
}

TEST_F(HttpSink, AnAnswerCannotHoldAlertsBack) {
  std::atomic<int> number{0};
  std::string many;
  for (int i = 0; i < 2000; ++i) {
    many += "X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
  }
  start_http([&](const HttpRequest&) {
    const int now = number++;
    return now == 0
               ? HttpReply{.status = 500, .extra_headers = "Retry-After: 9223372036854775807\r\n"}
           : now == 1 ? HttpReply{.status = 503, .extra_headers = "Retry-After: -5\r\n"}
           : now == 2 ? HttpReply{.status = 200, .extra_headers = many}  // no whole answer
                      : HttpReply{};
  });
  write(0, 3);
  end();
  EXPECT_EQ(observer_.delivered_count(), 3U);
  EXPECT_EQ(observer_.failed_count(), 0U);
  EXPECT_GE(number, 6);
}

TEST_F(HttpSink, AHangingServerDoesNotHoldUpTheEnd) {
  start_http([](const HttpRequest&) { return HttpReply{.manner = Manner::kHang}; },
             {.timeout = 60s});
  write(0, 3);
  const auto began = std::chrono::steady_clock::now();
  end(300ms);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
  EXPECT_EQ(left_.waiting, 3U);
}

TEST_F(HttpSink, NobodyListensAndThenSomebodyDoes) {
  int port = 0;
  {
    const HttpTestServer gone([](const HttpRequest&) { return HttpReply{}; });
    port = gone.port();
  }
  start(std::make_unique<HttpTransport>(
      HttpOptions{.url = "http://127.0.0.1:" + std::to_string(port)}));
  write(0, 5);
  ASSERT_TRUE(eventually([&] { return log_.has("alerts wait"); }));
  end(100ms);
  EXPECT_EQ(left_.waiting, 5U);

  start_http([](const HttpRequest&) { return HttpReply{}; });
  end();
  EXPECT_EQ(server_->requests().size(), 5U);
}

}  // namespace
}  // namespace saker
