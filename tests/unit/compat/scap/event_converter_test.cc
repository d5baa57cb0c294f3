// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/event_converter.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compat/scap/container_json.h"
#include "tests/unit/compat/scap/capture_bytes.h"

namespace saker::scap {
namespace {

using ::testing::HasSubstr;
using enum EventType;

// One capture of the events given, converted.
Drained convert(const std::vector<std::pair<EventType, std::vector<std::string>>>& events) {
  CaptureBytes capture;
  capture.section();
  for (const auto& [type, params] : events) {
    capture.event(type, params);
  }
  return drain_memory(capture.bytes());
}

TEST(EventConverter, LeavesCurrentEventsAlone) {
  const Drained result =
      convert({{kSyscallCloseX, {i64(0), i64(3)}}, {kProcinfoE, {u64(1), u64(2)}}});
  ASSERT_EQ(result.events.size(), 2U) << result.error;
  EXPECT_EQ(result.count(Counter::kScapEventsConverted), 0U);
  EXPECT_EQ(result.count(Counter::kScapEventsDropped), 0U);
}

TEST(EventConverter, TakesParametersOverFromTheEnterEvent) {
  const Drained result = convert({{kSyscallReadE, {i64(5), u32(100)}},
                                  {kSyscallReadX, {i64(3), "abc"}},
                                  {kSyscallReadX, {i64(4), "abcd"}}});
  ASSERT_EQ(result.events.size(), 2U) << result.error;
  EXPECT_EQ(result.events[0].number, 1U) << "enter events that are dropped do not count";
  EXPECT_EQ(result.events[0].param(1), "abc");
  EXPECT_EQ(result.events[0].param(2), i64(5));
  EXPECT_EQ(result.events[0].param(3), u32(100));
  EXPECT_EQ(result.events[1].param(2), i64(0)) << "a used enter event is forgotten";
  EXPECT_EQ(result.events[1].param(3), u32(0));
  EXPECT_EQ(result.count(Counter::kScapEventsConverted), 2U);
  EXPECT_EQ(result.count(Counter::kScapEventsDropped), 1U);
}

TEST(EventConverter, KeepsEnterEventsOfThreadsApart) {
  CaptureBytes capture;
  capture.section()
      .event(kSyscallReadE, {i64(5), u32(1)}, {.tid = 1})
      .event(kSyscallReadE, {i64(6), u32(1)}, {.tid = 2})
      .event(kSyscallReadX, {i64(0), ""}, {.tid = 1})
      .event(kSyscallReadX, {i64(0), ""}, {.tid = 2});
  const Drained result = drain_memory(capture.bytes());
  ASSERT_EQ(result.events.size(), 2U) << result.error;
  EXPECT_EQ(result.events[0].param(2), i64(5));
  EXPECT_EQ(result.events[1].param(2), i64(6));
}

TEST(EventConverter, ChangesTypesThroughSeveralSteps) {
  // clone_11 becomes clone_16, clone_17, clone_20.
  const Drained result = convert({{kSyscallCloneV11X,
                                   {i64(77), text("bash"), "", i64(1), i64(2), i64(3), text("/"),
                                    i64(1024), u32(0), u32(10), u32(20)}}});
  ASSERT_EQ(result.events.size(), 1U) << result.error;
  const DrainedEvent& event = result.events[0];
  EXPECT_EQ(event.type(), kSyscallCloneV20X);
  EXPECT_EQ(event.param_count(), event_info(event.type()).params.size());
  EXPECT_EQ(event.param(0), i64(77));
  EXPECT_EQ(event.param(1), text("bash"));
}

TEST(EventConverter, DefaultsHaveTheWidthOfTheirParameter) {
  const Drained result = convert({{kSocketAcceptX, {i64(4), "tuple", u8(1)}},
                                  {kSyscallSetuidX, {i64(0)}},
                                  {kSocketConnectE, {i64(9)}}});
  ASSERT_EQ(result.events.size(), 3U) << result.error;
  EXPECT_EQ(result.events[0].type(), kSocketAcceptV5X);
  EXPECT_EQ(result.events[0].param(2), u8(1));
  EXPECT_EQ(result.events[0].param(3), u32(0));
  EXPECT_EQ(result.events[0].param(4), u32(0));
  EXPECT_EQ(result.events[1].param(1), "") << "the rule asks for nothing without an enter event";
  EXPECT_EQ(result.events[2].param(1), "") << "an address has no width";
}

TEST(EventConverter, RefusesTheEnterEventOfAnotherCall) {
  const Drained result =
      convert({{kSyscallWriteE, {i64(5), u32(100)}}, {kSyscallReadX, {i64(3), "abc"}}});
  EXPECT_THAT(result.error, HasSubstr("the enter event of thread 7 is a PPME_SYSCALL_WRITE_E"));
  EXPECT_THAT(result.error, HasSubstr("in the event block at offset"));
}

TEST(EventConverter, RefusesParameterCountsWithoutARule) {
  EXPECT_THAT(convert({{kSyscallReadX, {i64(3)}}}).error,
              HasSubstr("no conversion for a PPME_SYSCALL_READ_X event with 1 parameters"));
  EXPECT_THAT(convert({{kSyscallCloseX, {i64(0), i64(3), i64(4)}}}).error,
              HasSubstr("no conversion for a PPME_SYSCALL_CLOSE_X event with 3 parameters"));
}

TEST(EventConverter, DropsTypesWithoutMeaning) {
  const Drained result = convert({{kSyscallBrkV1E, {u32(1)}}, {kSyscallCloseX, {i64(0), i64(3)}}});
  ASSERT_EQ(result.events.size(), 1U) << result.error;
  std::size_t unused = 0;
  for (const EventInfo& info : all_events()) {
    if (info.has(event_flag::kUnused)) {
      ++unused;
      const Drained dropped = convert({{info.type, {}}, {kSyscallCloseX, {i64(0), i64(3)}}});
      EXPECT_EQ(dropped.events.size(), 1U) << info.identifier << dropped.error;
      EXPECT_EQ(dropped.count(Counter::kEventsUnused), 1U);
    }
  }
  EXPECT_EQ(unused, 35U);
}

TEST(EventConverter, MakesJsonOfOldContainerEvents) {
  const Drained result = convert(
      {{kContainerE, {text("3ad7b26ded6d"), u32(0), text("a \"b\"\\\n"), text("nginx:latest")}}});
  ASSERT_EQ(result.events.size(), 1U) << result.error;
  EXPECT_EQ(result.events[0].type(), kContainerJsonV2E);
  EXPECT_EQ(result.events[0].param(0),
            text(R"({"container":{"id":"3ad7b26ded6d","type":0,"name":"a \"b\"\\\u000a",)"
                 R"("image":"nginx:latest"}})"));
}

TEST(EventConverter, RefusesResultsThatDoNotFit) {
  // The old event fits in a block, with what it takes over from its enter event it does not.
  const std::string big(40000, 'x');
  const Drained result = convert(
      {{kSyscallMountE, {u32(0)}}, {kSyscallMountX, {i64(0), text(big), text(""), text("")}}});
  EXPECT_EQ(result.events.size(), 1U) << result.error;
  const Drained too_big = convert(
      {{kSyscallRenameatE, {}},
       {kContainerE, {text(big), u32(0), text(big.substr(0, 25000)), text(big.substr(0, 470))}}});
  EXPECT_THAT(too_big.error, HasSubstr("more than 65536 bytes"));
}

// Whatever the table says, a chain of rules must end with an event that the catalogue accepts.
TEST(ConversionRules, AllLeadToCurrentEventsOrTheStore) {
  std::size_t passed = 0;
  std::size_t dropped = 0;
  for (const ConversionRule& rule : all_conversion_rules()) {
    const std::vector<std::string> params(rule.param_count, "");
    const Drained result = convert({{rule.type, params}});
    const std::string_view name = event_info(rule.type).identifier;
    EXPECT_EQ(result.error, "") << name;
    for (const DrainedEvent& event : result.events) {
      // Two enter events that are no longer produced still pass: later parts use them.
      EXPECT_TRUE(event_info(event.type()).is_current() || event.type() == kSyscallExecveV19E ||
                  event.type() == kSyscallExecveatE)
          << name;
      EXPECT_EQ(event.param_count(), event_info(event.type()).params.size()) << name;
      ++passed;
    }
    dropped += result.events.empty() ? 1U : 0U;
    for (const ParamSource& source : rule.params()) {
      if (source.kind == ParamSource::Kind::kOld) {
        EXPECT_LT(source.index, rule.param_count) << name;
      }
    }
  }
  EXPECT_EQ(all_conversion_rules().size(), 253U);
  EXPECT_EQ(passed + dropped, 253U);
}

TEST(EnterStore, IsBoundedInThreadsAndBytes) {
  EnterStore store;
  const std::string small = "record";
  for (std::size_t tid = 0; tid < EnterStore::kMaxThreads; ++tid) {
    ASSERT_TRUE(store.put(static_cast<std::int64_t>(tid), as_bytes(small)));
  }
  EXPECT_FALSE(store.put(-5, as_bytes(small)));
  EXPECT_TRUE(store.get(-5).empty());
  store.forget(3);
  EXPECT_TRUE(store.put(-5, as_bytes(small)));
  EXPECT_EQ(store.thread_count(), EnterStore::kMaxThreads);
  store.clear();

  const std::string big(65536, 'x');
  std::int64_t tid = 0;
  while (store.put(tid, as_bytes(big))) {
    ++tid;
    ASSERT_LT(tid, 10000);
  }
  EXPECT_LE(store.used_bytes(), EnterStore::kMaxBytes);
  EXPECT_TRUE(store.put(1, as_bytes(big))) << "a thread's own slot serves again";
  store.forget(0);
  EXPECT_TRUE(store.put(tid, as_bytes(big)));
  EXPECT_EQ(as_text(store.get(tid)), big);
}

TEST(EnterStore, FullOneIsCounted) {
  CaptureBytes capture;
  capture.section();
  for (std::uint64_t tid = 0; tid <= EnterStore::kMaxThreads; ++tid) {
    capture.event(kSyscallReadE, {i64(5), u32(1)}, {.tid = tid});
  }
  capture.close_event();
  const Drained result = drain_memory(capture.bytes());
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.count(Counter::kScapEnterDroppedFull), 1U);
}

}  // namespace
}  // namespace saker::scap
