// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What happens to messages in front of a sink: filters, redaction, folding.
#include <gmock/gmock.h>

#include "engine/field/field_catalogue.h"
#include "engine/state/state.h"
#include "outputs/filter.h"
#include "outputs/fold.h"
#include "outputs/preparing_sink.h"
#include "outputs/queue.h"
#include "outputs/redact.h"
#include "rules/loader/load_rules.h"
#include "tests/support/event_builder.h"
#include "tests/support/output_fakes.h"

namespace saker {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals
using testing::eventually;
using ::testing::HasSubstr;
using testing::numbered_message;

OutputMessage message_of(std::string rule, Priority priority, std::uint64_t ts_ns = 1,
                         std::string user = "root") {
  Notice notice;
  notice.ts_ns = ts_ns;
  notice.rule = std::move(rule);
  notice.priority = priority;
  notice.message = "text";
  notice.fields["user.name"] = std::move(user);
  notice.fields["evt.num"] = ts_ns;
  return OutputMessage(std::move(notice));
}

TEST(Filter, LooksAtPriorityAndRule) {
  const OutputMessage message = message_of("Read file", Priority::kWarning);
  const struct {
    FilterOptions filter;
    bool is_wanted;
  } cases[] = {
      {{}, true},
      {{.min_priority = Priority::kWarning}, true},
      {{.min_priority = Priority::kError}, false},
      {{.rules = {"Read file"}}, true},
      {{.rules = {"Other", "Read*"}}, true},
      {{.rules = {"*file"}}, true},
      {{.rules = {"R*d*e"}}, true},
      {{.rules = {"*"}}, true},
      {{.rules = {"Read"}}, false},
      {{.rules = {"*files"}}, false},
      {{.tags = {"mitre"}}, false},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    EXPECT_EQ(accepts(cases[i].filter, message), cases[i].is_wanted) << i;
  }
}

TEST(Redactor, HidesSecretsAndNothingElse) {
  const auto redactor = Redactor::create({});
  ASSERT_TRUE(redactor) << redactor.error().message;
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"mysql --password=hunter2 -u x", "mysql --password=[redacted] -u x"},
      {"PASSWORD=a b TOKEN='x y'", "PASSWORD=[redacted] b TOKEN=[redacted]"},
      {"curl --token abc --api-key: k", "curl --token [redacted] --api-key: [redacted]"},
      {"curl -H 'Authorization: Bearer abcdefghij' u",
       "curl -H 'Authorization: Bearer [redacted]' u"},
      {"git clone https://me:s3cret@host/x", "git clone https://me:[redacted]@host/x"},
      {"key AKIAABCDEFGHIJKLMNOP.", "key [redacted]."},
      {"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- rest",
       "[redacted] rest"},
      // Quotes between the key and its value, and around both.
      {R"(-d {"password":"hunter2"})", R"(-d {"password":[redacted]})"},
      {R"({"db_password" : "a\"b c", "user":"x"})", R"({"db_password" : [redacted], "user":"x"})"},
      {"{'password': 'x y', 'user': 'z'}", "{'password': [redacted], 'user': 'z'}"},
      {R"({"token":12345,"user":"x"})", R"({"token":[redacted],"user":"x"})"},
      {R"({\"password\":\"a b\",\"user\":1})", R"({\"password\":[redacted],\"user\":1})"},
      // A quote that is not closed, or that stands within.
      {R"(--password="x y)", "--password=[redacted]"},
      {"--password='x y", "--password=[redacted]"},
      {R"(password="x\)", "password=[redacted]"},
      {R"(--secret a"b c)", "--secret [redacted] c"},
      {R"(password=abc"def" -u x)", "password=[redacted] -u x"},
      {R"(password="abc"def -u x)", "password=[redacted] -u x"},
      {R"(--api-key "a b" -u x)", "--api-key [redacted] -u x"},
      // Ampersands part the pieces of a URL, and nothing else.
      {"--password=hunt&er2 -u x", "--password=[redacted] -u x"},
      {"curl https://h/?token=abc&user=bob&api_key=d",
       "curl https://h/?token=[redacted]&user=bob&api_key=[redacted]"},
      {"/v1/token=abc x", "/v1/token=[redacted] x"},
      {"--password= x -v", "--password= [redacted] -v"},
      {"password:\tx y", "password:\t[redacted] y"},
      {"MYSQL_PWD=x DB_PASS=y PGPASSWORD=z",
       "MYSQL_PWD=[redacted] DB_PASS=[redacted] PGPASSWORD=[redacted]"},
      {"--from-literal=password=x -n y", "--from-literal=password=[redacted] -n y"},
      {"-passin pass:x y", "-passin pass:[redacted] y"},
      {"-H X-Auth-Token: x y", "-H X-Auth-Token: [redacted] y"},
      {"-H Authorization: Digest x y", "-H Authorization: Digest [redacted] y"},
      {"-H Authorization: x", "-H Authorization: [redacted]"},
      {"redis://:x@h", "redis://:[redacted]@h"},
      // What only looks like it.
      {"cat /etc/passwd", "cat /etc/passwd"},
      {"cat /etc/passwd /etc/shadow", "cat /etc/passwd /etc/shadow"},
      {"docker run -v /etc/passwd:/mnt", "docker run -v /etc/passwd:/mnt"},
      {"kubectl get secret web", "kubectl get secret web"},
      {"vi token list", "vi token list"},
      {"docker login --password-stdin host", "docker login --password-stdin host"},
      {"x --ask-password --verbose", "x --ask-password --verbose"},
      {"PWD=/home OLDPWD=/ bypass=1", "PWD=/home OLDPWD=/ bypass=1"},
      {"ls -la /home", "ls -la /home"},
      {"\xff\xfe password=x\xff", "\xff\xfe password=[redacted]"},
      {"", ""},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(redactor->apply(one.text), one.expected);
  }
}

// Patterns that back-tracked, or looked for the end of every quote anew, would take hours.
TEST(Redactor, TakesTimeInProportion) {
  const auto redactor = Redactor::create({});
  ASSERT_TRUE(redactor);
  for (const std::string piece : {"\"password\":\"", "token", "-token ", "password='",
                                  "?token=", "a.-", "\\\"", "bearer ", "://", "://u:"}) {
    std::string text;
    while (text.size() < 200'000) {
      text += piece;
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_LE(redactor->apply(text).size(), text.size() * 4) << piece;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s) << piece;
  }
}

TEST(Redactor, TakesPatternsOfTheUser) {
  const auto redactor = Redactor::create({.patterns = {"x+", "id=(\\d+)"}, .replacement = "#"});
  ASSERT_TRUE(redactor);
  EXPECT_EQ(redactor->apply("axxb id=12,id=3 id="), "a#b id=#,id=# id=");
  const auto broken = Redactor::create({.patterns = {"(a"}});
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, HasSubstr("redaction pattern '(a': missing )"));
}

TEST(Redactor, KeepsTheId) {
  const auto redactor = Redactor::create({});
  Notice notice;
  notice.rule = "r";
  notice.message = "password=x";
  notice.fields["cmd"] = std::string("token=y");
  const OutputMessage message(std::move(notice));
  const OutputMessage hidden = redactor->apply(message);
  EXPECT_EQ(hidden.id(), message.id());
  std::string text;
  hidden.render(text, {});
  EXPECT_THAT(text, HasSubstr("password=[redacted] (cmd=\"token=[redacted]\")"));
}

// Alerts of the rules A, B and C about an opened file.
class AlertMaker {
public:
  AlertMaker() {
    std::string text;
    for (const char* name : {"A", "B", "C"}) {
      text += std::string("- {rule: ") + name +
              ", desc: x, condition: evt.type = openat, output: \"%fd.name %evt.num\", priority: "
              "ERROR}\n";
    }
    rules_ = load_rules(std::vector<RuleFile>{{"test.yaml", text}}, {},
                        std::make_shared<const FieldCatalogue>())
                 .rules;
  }
  OutputMessage make(char rule, std::uint64_t number, std::string_view file = "/x") {
    testing::EventBuilder builder(EventType::kSyscallOpenatV2X);
    builder.tid(4711).with("fd", 3).with("dirfd", -100).with("name", file);
    const EventView event = builder.view();
    const Applied& applied = state_.apply(event);
    const FieldContext context{
        .event = event, .applied = applied, .state = state_, .arena = arena_, .number = number};
    OutputMessage message(
        Alert::make(rules_, RuleId{static_cast<std::uint32_t>(rule - 'A')}, context));
    arena_.clear();
    return message;
  }

private:
  std::shared_ptr<const RuleSet> rules_;
  Counters counters_;
  State state_{{}, counters_};
  Arena arena_;
};

TEST(Folder, LetsTheFirstThroughAndCountsTheRest) {
  AlertMaker alerts;
  Folder folder({.window = 1000ms});
  const SteadyTime start{};
  EXPECT_EQ(folder.next_end(), SteadyTime::max());
  EXPECT_FALSE(folder.fold(alerts.make('A', 1), start));
  EXPECT_TRUE(folder.fold(alerts.make('A', 2), start + 10ms));
  EXPECT_FALSE(folder.fold(alerts.make('A', 3, "/other"), start + 20ms));
  EXPECT_FALSE(folder.fold(alerts.make('B', 4), start + 30ms));
  EXPECT_TRUE(folder.fold(alerts.make('A', 5), start + 40ms));
  EXPECT_TRUE(folder.close_windows(start + 999ms).empty());
  const auto summaries = folder.close_windows(start + 1000ms);
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_EQ(summaries[0].folded_count, 2U);
  EXPECT_EQ(summaries[0].message.priority(), Priority::kError);
  const Notice& notice = *summaries[0].message.notice();
  EXPECT_EQ(std::get<std::uint64_t>(notice.fields.at("count")), 2U);
  EXPECT_EQ(std::get<std::string>(notice.fields.at("first_alert_id")),
            to_text(alerts.make('A', 1).id()));
  EXPECT_EQ(std::get<std::string>(notice.fields.at("last_alert_id")),
            to_text(alerts.make('A', 5).id()));
  // The window is over: the next one goes out again.
  EXPECT_FALSE(folder.fold(alerts.make('A', 6), start + 1001ms));
  EXPECT_TRUE(folder.close_windows(start + 5000ms).empty());
}

TEST(Folder, KeysAndTheirNumberAreConfigurable) {
  AlertMaker alerts;
  Folder by_rule({.window = 1000ms, .fields = {"no.such"}, .max_keys = 2});
  const SteadyTime now{};
  EXPECT_FALSE(by_rule.fold(alerts.make('A', 1, "/x"), now));
  EXPECT_TRUE(by_rule.fold(alerts.make('A', 2, "/y"), now));
  EXPECT_FALSE(by_rule.fold(alerts.make('B', 3), now));
  // No room for a third window: nothing is lost, nothing is folded.
  EXPECT_FALSE(by_rule.fold(alerts.make('C', 4), now));
  EXPECT_FALSE(by_rule.fold(alerts.make('C', 5), now));
}

TEST(Folder, NoticesAreNeverFolded) {
  Folder folder({.fields = {"proc.name"}});
  for (std::uint64_t i = 0; i < 3; ++i) {
    EXPECT_FALSE(folder.fold(message_of("Saker internal: x", Priority::kError, i), {}));
  }
}

class CollectingSink final : public Sink {
public:
  explicit CollectingSink(std::atomic<std::size_t>& count) : count_(count) {}
  std::string_view name() const override { return "collecting"; }
  Status open(DeliveryObserver& observer, const StopSignal&) override {
    observer_ = &observer;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    count_ += batch.size();
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime) override { return {}; }

private:
  std::atomic<std::size_t>& count_;
  DeliveryObserver* observer_ = nullptr;
};

TEST(PreparingSink, FoldsInAQueueAndTheCountsAddUp) {
  AlertMaker alerts;
  std::atomic<std::size_t> sent{0};
  testing::LogLines log;
  auto sink = std::make_unique<PreparingSink>(std::make_unique<CollectingSink>(sent), std::nullopt,
                                              FoldOptions{.window = 100ms});
  auto queue = OutputQueue::start(std::move(sink), {.filter = {.min_priority = Priority::kWarning}},
                                  log.sink());
  ASSERT_TRUE(queue);
  for (std::uint64_t i = 0; i < 50; ++i) {
    (*queue)->push(alerts.make('A', i));
    (*queue)->push(message_of("quiet", Priority::kDebug, i));
  }
  // The summary comes by itself when the window ends.
  ASSERT_TRUE(eventually([&] { return sent == 2; }));
  (*queue)->push(alerts.make('A', 100));
  (*queue)->push(alerts.make('A', 101));
  (*queue)->drain(std::chrono::steady_clock::now() + 5s);
  EXPECT_EQ(sent, 4U);
  const QueueStats& stats = (*queue)->stats();
  EXPECT_EQ(stats.filtered, 50U);
  EXPECT_EQ(stats.pushed, 52U);
  EXPECT_EQ(stats.delivered, 52U);
}

// Full for so many writes, as a store is whose receiver is slow.
class FullAtFirstSink final : public Sink {
public:
  FullAtFirstSink(int refusals, std::atomic<std::size_t>& count)
      : refusals_(refusals), count_(count) {}
  std::string_view name() const override { return "full"; }
  Status open(DeliveryObserver& observer, const StopSignal&) override {
    observer_ = &observer;
    return {};
  }
  WriteResult write(std::span<const OutputMessage> batch) override {
    if (refusals_-- > 0) {
      return {0, fail(ErrorCode::kLimit, "full"), true};
    }
    count_ += batch.size();
    observer_->delivered(batch.size());
    return WriteResult::all(batch.size());
  }
  Status drain(SteadyTime) override { return {}; }

private:
  int refusals_;
  std::atomic<std::size_t>& count_;
  DeliveryObserver* observer_ = nullptr;
};

TEST(PreparingSink, TheEndWaitsForASlowReceiver) {
  std::atomic<std::size_t> sent{0};
  testing::CountingObserver observer;
  const testing::TestStop stop;
  PreparingSink sink(std::make_unique<FullAtFirstSink>(4, sent), *Redactor::create({}),
                     std::nullopt);
  ASSERT_TRUE(sink.open(observer, stop));
  EXPECT_EQ(sink.write(testing::numbered_messages(0, 10)).taken, 10U);
  EXPECT_EQ(sent, 0U);
  ASSERT_TRUE(sink.drain(std::chrono::steady_clock::now() + 10s));
  EXPECT_EQ(sent, 10U);
  EXPECT_EQ(observer.failed_count(), 0U);
}

TEST(PreparingSink, TheEndHasADeadlineAndAStopSignal) {
  for (const bool is_stopped : {false, true}) {
    std::atomic<std::size_t> sent{0};
    testing::CountingObserver observer;
    testing::TestStop stop;
    PreparingSink sink(std::make_unique<FullAtFirstSink>(1'000'000, sent), *Redactor::create({}),
                       std::nullopt);
    ASSERT_TRUE(sink.open(observer, stop));
    EXPECT_EQ(sink.write(testing::numbered_messages(0, 10)).taken, 10U);
    if (is_stopped) {
      stop.set();
    }
    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(sink.drain(began + (is_stopped ? 60s : 0s)));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    EXPECT_EQ(observer.failed_count(), 10U);
  }
}

}  // namespace
}  // namespace saker
