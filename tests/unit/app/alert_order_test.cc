// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/alert_order.h"

#include <gtest/gtest.h>

namespace saker::app {
namespace {

OutputMessage alert(std::uint64_t number) {
  return OutputMessage(Notice{.ts_ns = number,
                              .priority = Priority::kNotice,
                              .rule = "r",
                              .message = std::to_string(number),
                              .fields = {}});
}

class Order : public ::testing::Test {
protected:
  void add(std::size_t worker, std::uint64_t number) { order.add(worker, number, alert(number)); }

  std::vector<std::uint64_t> seen;
  AlertOrder order{2, [this](const OutputMessage& message) { seen.push_back(message.ts_ns()); }};
};

TEST_F(Order, WaitsForTheSlowerWorker) {
  add(0, 5);
  order.advance(0, 10);
  EXPECT_EQ(seen, std::vector<std::uint64_t>{});
  add(1, 3);
  add(1, 7);
  order.advance(1, 6);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{3, 5}));
  order.advance(1, 10);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{3, 5, 7}));
}

TEST_F(Order, KeepsTheOrderOfOneEventsAlerts) {
  add(1, 4);
  add(1, 4);
  add(0, 2);
  order.advance(1, 9);
  order.advance(0, 9);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{2, 4, 4}));
}

TEST_F(Order, AWorkerThatIsDoneHoldsNobodyUp) {
  order.finish(0);
  add(1, 8);
  order.advance(1, 8);
  EXPECT_EQ(seen, std::vector<std::uint64_t>{8});
}

}  // namespace
}  // namespace saker::app
