// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The opt-in formats: made-up facts for every corner, and the alerts of a recorded attack.
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include <gmock/gmock.h>

#include "engine/alert/alert_facts.h"
#include "engine/alert/render_formats.h"
#include "outputs/message.h"
#include "tests/support/json_schema.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string schema(const std::string& name) {
  const char* source = std::getenv("SAKER_SOURCE_DIR");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/docs/schemas/" + name +
                     ".schema.json");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

AlertFacts full_facts() {
  AlertFacts facts{.id = "00112233445566778899aabbccddeeff",
                   .ts_ns = 1'700'000'000'123'456'789,
                   .priority = Priority::kWarning,
                   .rule = "Read \"secrets\"",
                   .source = "syscall",
                   .message = "cat read /etc/shadow\nnext \xff line",
                   .hostname = "web-1",
                   .tags = {"T1003.008", "container", "mitre"}};
  facts.fields = {
      {"container.id", std::string("abc")},
      {"container.image.repository", std::string("docker.io/x")},
      {"container.image.tag", std::string("latest")},
      {"custom", std::string("bytes \xf0\x28 broken")},
      {"evt.arg.flags", std::int64_t{7}},
      {"evt.num", std::uint64_t{12}},
      {"evt.rawres", std::int64_t{-9'007'199'254'740'993}},
      {"evt.type", std::string("openat")},
      {"fd.cip", std::string("10.0.0.1")},
      {"fd.cport", std::int64_t{4711}},
      {"fd.ino", std::numeric_limits<std::uint64_t>::max()},
      {"fd.name", std::string("/etc/shadow")},
      {"fd.sip", std::string("<NA>")},
      {"fd.sport", std::int64_t{443}},
      {"proc.aname[2]", std::string("init")},
      {"proc.cmdline", std::string("cat /etc/shadow")},
      {"proc.cpu", 0.5},
      {"proc.env", std::vector<std::string>{"A=1", "B=\xc3"}},
      {"proc.exepath", std::string("/usr/bin/cat")},
      {"proc.is_exe_writable", false},
      {"proc.name", std::string("cat")},
      {"proc.pid", std::int64_t{42}},
      {"proc.ppid", std::int64_t{1}},
      {"user.name", std::string("root")},
      {"user.uid", std::int64_t{0}},
  };
  return facts;
}

std::string render(const AlertFacts& facts, AlertFormat format) {
  std::string text;
  render_format(text, facts, format);
  return text;
}

constexpr struct {
  AlertFormat format;
  const char* name;
} kFormats[] = {
    {AlertFormat::kNested, "nested"}, {AlertFormat::kEcs, "ecs"}, {AlertFormat::kOcsf, "ocsf"}};

TEST(Formats, FollowTheirSchemas) {
  AlertFacts bare{.id = "00112233445566778899aabbccddeeff", .rule = "r"};
  for (const auto& one : kFormats) {
    for (const AlertFacts& facts : {full_facts(), bare}) {
      const std::string text = render(facts, one.format);
      EXPECT_THAT(testing::schema_violations(schema(one.name), text), IsEmpty()) << text;
      EXPECT_EQ(text.find('\n'), std::string::npos);
    }
  }
}

TEST(Formats, NoticesFollowTheSchemasToo) {
  RenderOptions options{.as_json = true, .hostname = "h"};
  const OutputMessage message = testing::numbered_message(1);
  std::string text;
  message.render(text, options);
  EXPECT_THAT(testing::schema_violations(schema("falco"), text), IsEmpty()) << text;
  for (const auto& one : kFormats) {
    options.format = one.format;
    text.clear();
    message.render(text, options);
    EXPECT_THAT(testing::schema_violations(schema(one.name), text), IsEmpty()) << text;
    EXPECT_EQ(OutputMessage::content_type(options), "application/json");
  }
}

TEST(NestedFormat, PlacesAndTypesDependOnTheNameAlone) {
  const std::string text = render(full_facts(), AlertFormat::kNested);
  EXPECT_THAT(text, HasSubstr("\"aname_2\":\"init\""));
  EXPECT_THAT(text, HasSubstr("\"pid\":42"));
  EXPECT_THAT(text, HasSubstr("\"num\":12"));
  EXPECT_THAT(text, HasSubstr("\"arg_flags\":\"7\""));
  EXPECT_THAT(text, HasSubstr("\"ino_text\":\"18446744073709551615\""));
  EXPECT_THAT(text, HasSubstr("\"rawres_text\":\"-9007199254740993\""));
  EXPECT_THAT(text, HasSubstr("\"other\":{\"custom\":"));
  EXPECT_THAT(text, HasSubstr("\"is_exe_writable\":false"));
  EXPECT_THAT(text, HasSubstr("\"image_tag\":\"latest\""));
}

TEST(EcsFormat, UsesTheCommonNames) {
  const std::string text = render(full_facts(), AlertFormat::kEcs);
  EXPECT_THAT(text, HasSubstr("\"@timestamp\":\"2023-11-14T22:13:20.123456789Z\""));
  EXPECT_THAT(text, HasSubstr("\"command_line\":\"cat /etc/shadow\""));
  EXPECT_THAT(text, HasSubstr("\"source\":{\"ip\":\"10.0.0.1\",\"port\":4711}"));
  EXPECT_THAT(text, HasSubstr("\"user\":{\"id\":\"0\",\"name\":\"root\"}"));
  EXPECT_THAT(text, HasSubstr("\"tag\":[\"latest\"]"));
  // An index of type ip refuses "<NA>".
  EXPECT_THAT(text, HasSubstr("\"destination\":{\"port\":443}"));
  EXPECT_THAT(text, HasSubstr("\"category\":[\"network\",\"file\",\"process\"]"));
}

TEST(OcsfFormat, IsADetectionFinding) {
  const std::string text = render(full_facts(), AlertFormat::kOcsf);
  EXPECT_THAT(text, HasSubstr("\"type_uid\":200401"));
  EXPECT_THAT(text, HasSubstr("\"time\":1700000000123"));
  EXPECT_THAT(text, HasSubstr("\"severity\":\"Medium\""));
  EXPECT_THAT(text, HasSubstr("\"attacks\":[{\"technique\":{\"uid\":\"T1003.008\"}}]"));
  EXPECT_THAT(text,
              HasSubstr("\"file\":{\"name\":\"shadow\",\"path\":\"/etc/shadow\",\"type_id\":0}"));
}

TEST(Formats, HaveNames) {
  EXPECT_EQ(parse_alert_format("ecs"), AlertFormat::kEcs);
  EXPECT_EQ(parse_alert_format("falco"), AlertFormat::kFalco);
  EXPECT_EQ(parse_alert_format("xml"), std::nullopt);
}

}  // namespace
}  // namespace saker
