// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What leaves the product, for events of any bytes (event_stream.h): alerts and notices, as they
// are and with their secrets taken out, in each format, and as records of a spool. The first byte
// chooses options; the rest are events, and its text is a notice's as well.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/check.h"
#include "engine/lang/parser.h"
#include "engine/ruleset/ruleset.h"
#include "outputs/message_encoder.h"
#include "outputs/redact.h"
#include "tests/fuzz/alert_checks.h"
#include "tests/fuzz/event_stream.h"

namespace {

using namespace saker;

// No base64 text and no time holds it, and no two fields side by side make it.
constexpr std::string_view kSecret = "S3-CR3T";

// Texts, bytes, lists, addresses, numbers, times; what stands between them keeps them apart.
constexpr std::string_view kOutputs[] = {
    "%proc.name | %proc.cmdline | %proc.env | %proc.aname[1] | %proc.exepath | %proc.cwd",
    "%evt.args | %evt.arg[0] | %evt.rawarg.name | %evt.buffer | %evt.res | %evt.time | %evt.info",
    "%fd.name | %fd.sip | %fd.cip | %fd.directory | %fs.path.name | %fd.num | %evt.datetime",
    "%container.id | %container.name | %container.image | %k8s.pod.name | %user.name | %group.name",
    "a\x01line\nand \xff %evt.type %toupper(proc.name) %evt.num",
};

std::shared_ptr<const RuleSet> make_rules() {
  const auto fields = std::make_shared<const FieldCatalogue>();
  const auto condition = parse_condition("evt.num > 0", SourceId{0}, kMaxRuleDepth);
  RuleSetBuilder builder(fields);
  for (const std::string_view text : kOutputs) {
    Rule rule;
    rule.name = "rule \"" + std::to_string(text.size()) + "\"\n";
    rule.tags = {"a tag\n", "\xff"};
    auto output = compile_output(text, SourceId{0}, *fields);
    SAKER_CHECK(output.has_value());
    rule.output = *std::move(output);
    SAKER_CHECK(builder.add(std::move(rule), **condition).has_value());
  }
  return std::move(builder).build();
}

const Redactor& redactor() {
  static const Redactor instance = [] {
    RedactionOptions options;
    options.patterns = default_redaction_patterns();
    options.patterns.emplace_back(kSecret);
    auto made = Redactor::create(options);
    SAKER_CHECK(made.has_value());
    return *std::move(made);
  }();
  return instance;
}

RenderOptions options_of(unsigned bits, AlertFormat format) {
  RenderOptions options;
  options.format = format;
  options.as_json = (bits & 1U) != 0;
  options.include_output = (bits & 2U) != 0;
  options.include_message = (bits & 4U) != 0;
  options.include_output_fields = (bits & 8U) != 0;
  options.include_tags = (bits & 16U) != 0;
  options.iso_time = (bits & 32U) != 0;
  options.buffer_as_base64 = (bits & 64U) != 0;
  options.hostname = "fuzz \"host\"\n\xff";
  return options;
}

void check_record(const DeliveryRecord& record, const RenderOptions& options, bool hides_secret) {
  SAKER_CHECK(std::none_of(record.payload.begin(), record.payload.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  SAKER_CHECK((!options.as_json && options.format == AlertFormat::kFalco) ||
              nlohmann::json::accept(record.payload));
  SAKER_CHECK(record.destination == legal_topic(record.destination) && record.id.size() == 32);
  SAKER_CHECK(unpack_headers(pack_headers(record.headers)) == record.headers);
  for (const std::string& text : {record.payload, record.key, record.destination}) {
    SAKER_CHECK(!hides_secret || text.find(kSecret) == std::string::npos);
  }
}

// In one of the formats, by turns: all of them at each event would leave time for few inputs.
void check_message(const OutputMessage& message, unsigned bits, std::size_t turn) {
  constexpr AlertFormat kFormats[] = {AlertFormat::kFalco, AlertFormat::kNested, AlertFormat::kEcs,
                                      AlertFormat::kOcsf};
  const OutputMessage redacted = redactor().apply(message);
  SAKER_CHECK(redacted.id() == message.id());
  const RenderOptions options = options_of(bits, kFormats[(bits + turn) % std::size(kFormats)]);
  MessageEncoder encoder({.render = options,
                          .topic = "%source-%priority-%rule",
                          .key = "proc.name",
                          .has_all_headers = (bits & 128U) != 0});
  check_record(encoder.encode(message), options, false);
  check_record(encoder.encode(redacted), options, true);
}

Notice notice_of(std::string_view text) {
  Notice notice;
  notice.ts_ns = 1'700'000'000'000'000'000;
  notice.rule = "Falco internal: fuzz";
  notice.message = text;
  notice.fields["text"] = std::string(text.substr(0, text.size() / 2));
  notice.fields["count"] = std::uint64_t{text.size()};
  // Numbers have no form of their own for what is no number; JSON has none either.
  notice.fields["ratio"] = text.empty() ? 0.5 : 1.0 / static_cast<double>(text[0]);
  notice.fields["is_long"] = text.size() > 100;
  return notice;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const RuleSet> rules = make_rules();
  if (size == 0) {
    return 0;
  }
  const unsigned bits = data[0];
  const Bytes rest(reinterpret_cast<const std::byte*>(data + 1), size - 1);
  check_message(OutputMessage(notice_of({reinterpret_cast<const char*>(data + 1),
                                         std::min<std::size_t>(size - 1, 256)})),
                bits, size);
  std::size_t next = bits % std::size(kOutputs);
  fuzz::run_events(rest, [&](const FieldContext& context) {
    Alert alert = Alert::make(rules, RuleId{static_cast<std::uint32_t>(next)}, context);
    next = (next + 1) % std::size(kOutputs);
    if ((context.number & 3U) == 0) {
      alert.set_container_pending();
    }
    check_message(OutputMessage(std::move(alert)), bits, context.number);
  });
  return 0;
}
