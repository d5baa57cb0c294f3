// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Output templates: compiled, and rendered for a few events of different kinds. The first line is
// the rule's output; each further one is an extra field, "key" or "key format".
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/check.h"
#include "engine/lang/parser.h"
#include "engine/ruleset/ruleset.h"
#include "tests/fuzz/alert_checks.h"
#include "tests/fuzz/event_stream.h"
#include "tests/support/event_builder.h"

namespace {

using namespace saker;

const std::shared_ptr<const FieldCatalogue>& fields() {
  static const std::map<std::string, std::string> static_fields{{"site", "north\n\xff"}};
  static const auto catalogue = std::make_shared<const FieldCatalogue>(static_fields);
  return catalogue;
}

// An open, a connect, an execve whose texts are no UTF-8, and an event without a known thread.
const std::string& some_events() {
  using testing::EventBuilder;
  static const std::string events = [] {
    std::string all(1, '\0');  // the form "records back to back"
    const auto add = [&all](EventBuilder builder) {
      const Bytes record = builder.record();
      all.append(reinterpret_cast<const char*>(record.data()), record.size());
    };
    add(EventBuilder(EventType::kSyscallOpenX).tid(10).with("fd", 3).with("name", "/etc/shadow"));
    add(EventBuilder(EventType::kSocketConnectX)
            .tid(11)
            .with("res", -115)
            .with("tuple", testing::socktuple("10.0.0.1", 4000, "::7", 443))
            .with("fd", 4));
    add(EventBuilder(EventType::kSyscallWriteX)
            .tid(10)
            .with("res", 5)
            .with("data", std::string_view("\x00\xff\n\"\\", 5)));
    add(EventBuilder(EventType::kSyscallExecveV19X)
            .tid(10)
            .with("exe", "\xc3\x28\x1b[31m")
            .with("args", testing::pieces({"-a", "\xff\n"})));
    add(EventBuilder(EventType::kSyscallOpenX).tid(99).without("name"));
    return all;
  }();
  return events;
}

void add_extra_fields(OutputTemplate& output, std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t blank = std::min(line.find(' '), line.size());
    const auto added =
        add_extra_field(output, line.substr(0, blank),
                        line.substr(std::min(blank + 1, line.size())), SourceId{0}, *fields());
    SAKER_CHECK(added || !added.error().message.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string_view first = std::string_view(text).substr(0, line_end);
  auto output = compile_output(first, SourceId{0}, *fields());
  if (!output) {
    SAKER_CHECK(!output.error().message.empty());
    SAKER_CHECK(output.error().span.begin <= first.size());
    return 0;
  }
  add_extra_fields(*output, std::string_view(text).substr(std::min(line_end + 1, text.size())));
  static const auto condition = parse_condition("evt.num > 0", SourceId{0}, kMaxRuleDepth);
  RuleSetBuilder builder(fields());
  Rule rule;
  rule.name = "fuzzed";
  rule.output = *std::move(output);
  SAKER_CHECK(builder.add(std::move(rule), **condition).has_value());
  const auto rules = std::move(builder).build();
  fuzz::run_events(as_bytes(some_events()), [&rules](const FieldContext& context) {
    fuzz::check_alert(Alert::make(rules, RuleId{0}, context));
  });
  return 0;
}
