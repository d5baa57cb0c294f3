// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A sink with a spool in a folder of its own, started and ended as an output queue does it.
#pragma once

#include <memory>

#include <gmock/gmock.h>

#include "outputs/delivery/delivering_sink.h"
#include "outputs/spool/memory_store.h"
#include "outputs/spool/spool.h"
#include "tests/support/output_fakes.h"
#include "tests/support/temp_dir.h"

namespace saker::testing {

class DeliveryFixture : public ::testing::Test {
protected:
  void start(std::unique_ptr<Transport> transport, EncoderOptions encoder = {}) {
    auto spool = Spool::open({.path = dir_.file("spool.db")}, [](const std::string&) {});
    ASSERT_TRUE(spool) << spool.error().message;
    DeliveryOptions options;
    options.first_pause = std::chrono::milliseconds(5);
    options.longest_pause = std::chrono::milliseconds(100);
    options.max_tries = 4;
    sink_ = std::make_unique<DeliveringSink>(DeliveringSink::Parts{
        std::move(*spool), std::move(transport), std::move(encoder), options, log_.sink()});
    const Status status = sink_->open(observer_, stop_);
    ASSERT_TRUE(status) << status.error().message;
  }
  void write(std::uint64_t first, std::uint64_t count) {
    const auto messages = numbered_messages(first, count);
    ASSERT_EQ(sink_->write(messages).taken, count);
  }
  void end(std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    ASSERT_TRUE(sink_->drain(std::chrono::steady_clock::now() + patience));
    left_ = sink_->counts();
    sink_.reset();
  }

  TempDir dir_;
  LogLines log_;
  CountingObserver observer_;
  TestStop stop_;
  std::unique_ptr<DeliveringSink> sink_;
  StoreCounts left_;
};

}  // namespace saker::testing
