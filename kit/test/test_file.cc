// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/test/test_file.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "rules/loader/yaml_source.h"

namespace saker::kit {

namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string beside(const std::string& test_file, const std::string& path) {
  return path.starts_with('/') ? path : folder_of(test_file) + path;
}

class TestReader {
public:
  explicit TestReader(const std::string& path) : path_(path) { file_.path = path; }

  Result<TestFile> read(const YamlNode& root) {
    if (!root.is_map()) {
      return wrong(root, "a test file is a map with 'tests'");
    }
    const YamlNode* tests = nullptr;
    for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
      const std::string& key = root.items[i]->text;
      const YamlNode& value = *root.items[i + 1];
      if (key == "rules") {
        for (const std::string& file : words(value)) {
          file_.rule_files.push_back(beside(path_, file));
        }
      } else if (key == "defaults") {
        SAKER_RETURN_IF_ERROR(add_fields(value, defaults_));
      } else if (key == "matching") {
        default_matching_ = value.text;
      } else if (key == "tests") {
        tests = &value;
      } else {
        return wrong(*root.items[i], "unknown key '" + key + "'");
      }
    }
    if (tests == nullptr || !tests->is_sequence()) {
      return wrong(root, "'tests' must be a list");
    }
    for (const YamlNode* test : tests->items) {
      SAKER_RETURN_IF_ERROR(read_test(*test));
    }
    return std::move(file_);
  }

private:
  [[nodiscard]] tl::unexpected<Error> wrong(const YamlNode& node,
                                            const std::string& message) const {
    return fail(ErrorCode::kInvalidArgument,
                path_ + ":" + std::to_string(node.mark.line + 1) + ": " + message);
  }

  // A word or a list of words.
  static std::vector<std::string> words(const YamlNode& node) {
    std::vector<std::string> out;
    if (node.is_scalar()) {
      out.push_back(node.text);
    }
    if (node.is_sequence()) {
      for (const YamlNode* item : node.items) {
        out.push_back(item->text);
      }
    }
    return out;
  }

  Status add_fields(const YamlNode& node, GivenFields& fields) const {
    if (!node.is_map()) {
      return wrong(node, "an event is a map of fields");
    }
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const YamlNode& value = *node.items[i + 1];
      if (value.is_map()) {
        return wrong(value, "a field has a value or a list of values");
      }
      put(fields, GivenField{node.items[i]->text, value.is_null(), words(value)});
    }
    return {};
  }

  static void put(GivenFields& fields, GivenField field) {
    const auto known = std::ranges::find(fields, field.name, &GivenField::name);
    if (known != fields.end()) {
      *known = std::move(field);
    } else {
      fields.push_back(std::move(field));
    }
  }

  static GivenFields merged(const GivenFields& below, const GivenFields& above) {
    GivenFields all = below;
    for (const GivenField& field : above) {
      put(all, field);
    }
    return all;
  }

  Status read_bool(const YamlNode& node, std::optional<bool>& out) const {
    if (node.text != "true" && node.text != "false") {
      return wrong(node, "expected true or false");
    }
    out = node.text == "true";
    return {};
  }

  Status read_number(const YamlNode& node, std::uint64_t& out) const {
    const std::string& text = node.text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) {
      return wrong(node, "expected a number");
    }
    return {};
  }

  Status read_capture(const YamlNode& node, CaptureSlice& capture) const {
    if (node.is_scalar()) {
      capture.file = beside(path_, node.text);
      return {};
    }
    const YamlNode* file = node.find("file");
    if (file == nullptr) {
      return wrong(node, "a capture is a file, or a map with 'file', 'from', 'to'");
    }
    capture.file = beside(path_, file->text);
    if (const YamlNode* from = node.find("from"); from != nullptr) {
      SAKER_RETURN_IF_ERROR(read_number(*from, capture.first_event));
    }
    if (const YamlNode* to = node.find("to"); to != nullptr) {
      SAKER_RETURN_IF_ERROR(read_number(*to, capture.last_event));
    }
    return {};
  }

  Status read_fires(const YamlNode& node, RuleTest& test) const {
    if (node.is_scalar() && (node.text == "true" || node.text == "false")) {
      return read_bool(node, test.fires_subject);
    }
    test.fires = words(node);
    return {};
  }

  Status read_output(const YamlNode& node, RuleTest& test) const {
    if (!node.is_map()) {
      return wrong(node, "'output' is a map of fields and their texts");
    }
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      test.output.emplace_back(node.items[i]->text, node.items[i + 1]->text);
    }
    return {};
  }

  // Keys of a test and of a case. `fields`: of `event` or `with`.
  Status read_key(const std::string& key, const YamlNode& value, RuleTest& test) {
    if (key == "name") {
      test.name = value.text;
    } else if (key == "rule" || key == "macro" || key == "list") {
      test.subject = key == "rule"    ? TestSubject::kRules
                     : key == "macro" ? TestSubject::kMacro
                                      : TestSubject::kList;
      test.subject_name = value.text;
    } else if (key == "jsonl") {
      for (const std::string& file : words(value)) {
        test.jsonl.push_back(beside(path_, file));
      }
    } else if (key == "capture") {
      return read_capture(value, test.capture);
    } else if (key == "matching") {
      if (value.text != "first" && value.text != "all") {
        return wrong(value, "'matching' is first or all");
      }
      test.matches_first = value.text == "first";
    } else if (key == "is") {
      return read_bool(value, test.is);
    } else if (key == "fires") {
      return read_fires(value, test);
    } else if (key == "not_fires") {
      test.not_fires = words(value);
    } else if (key == "count") {
      test.count = 0;
      return read_number(value, *test.count);
    } else if (key == "order") {
      test.order = words(value);
    } else if (key == "priority") {
      test.priority = value.text;
    } else if (key == "output") {
      return read_output(value, test);
    } else if (key == "output_contains") {
      test.output_contains = value.text;
    } else if (key == "golden") {
      test.golden = beside(path_, value.text);
    } else if (key == "has") {
      test.has = words(value);
    } else if (key == "has_not") {
      test.has_not = words(value);
    } else {
      return wrong(value, "unknown key '" + key + "'");
    }
    return {};
  }

  Status read_test(const YamlNode& node) {
    if (!node.is_map()) {
      return wrong(node, "a test is a map");
    }
    RuleTest test;
    test.file = path_;
    test.line = node.mark.line + 1;
    test.matches_first = default_matching_ == "first";
    std::vector<GivenFields> events;
    const YamlNode* cases = nullptr;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const std::string& key = node.items[i]->text;
      const YamlNode& value = *node.items[i + 1];
      if (key == "event") {
        SAKER_RETURN_IF_ERROR(add_fields(value, events.emplace_back()));
      } else if (key == "events") {
        for (const YamlNode* event : value.items) {
          SAKER_RETURN_IF_ERROR(add_fields(*event, events.emplace_back()));
        }
      } else if (key == "cases") {
        cases = &value;
      } else {
        SAKER_RETURN_IF_ERROR(read_key(key, value, test));
      }
    }
    for (const GivenFields& event : events) {
      test.events.push_back(merged(defaults_, event));
    }
    return cases == nullptr ? add(std::move(test), node) : read_cases(*cases, test);
  }

  // Each case is the test with fields of its own (`with`) and expectations of its own.
  Status read_cases(const YamlNode& cases, const RuleTest& base) {
    if (!cases.is_sequence()) {
      return wrong(cases, "'cases' is a list");
    }
    for (std::size_t c = 0; c < cases.items.size(); ++c) {
      const YamlNode& node = *cases.items[c];
      if (!node.is_map()) {
        return wrong(node, "a case is a map");
      }
      RuleTest test = base;
      test.name.clear();
      test.line = node.mark.line + 1;
      GivenFields with;
      for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const std::string& key = node.items[i]->text;
        if (key == "with") {
          SAKER_RETURN_IF_ERROR(add_fields(*node.items[i + 1], with));
        } else {
          SAKER_RETURN_IF_ERROR(read_key(key, *node.items[i + 1], test));
        }
      }
      if (test.events.empty() && test.capture.file.empty() && test.jsonl.empty()) {
        test.events.push_back(defaults_);
      }
      for (GivenFields& event : test.events) {
        event = merged(event, with);
      }
      const std::string label = test.name.empty() ? "case " + std::to_string(c + 1) : test.name;
      test.name = (base.name.empty() ? base.subject_name : base.name) + ", " + label;
      SAKER_RETURN_IF_ERROR(add(std::move(test), node));
    }
    return {};
  }

  Status add(RuleTest test, const YamlNode& node) {
    const bool has_events =
        !test.events.empty() || !test.jsonl.empty() || !test.capture.file.empty();
    if (test.subject != TestSubject::kList && !has_events) {
      return wrong(node, "the test has no event");
    }
    const bool is_about_rules = test.fires_subject || !test.fires.empty() ||
                                !test.not_fires.empty() || test.count || !test.order.empty() ||
                                !test.golden.empty() || !test.priority.empty() ||
                                !test.output.empty() || !test.output_contains.empty();
    if ((test.subject == TestSubject::kRules && !is_about_rules) ||
        (test.subject == TestSubject::kMacro && !test.is) ||
        (test.subject == TestSubject::kList && test.has.empty() && test.has_not.empty())) {
      return wrong(node, "the test expects nothing");
    }
    if (test.fires_subject && test.subject_name.empty()) {
      return wrong(node, "'fires: true' needs 'rule'");
    }
    if (test.name.empty()) {
      test.name = test.subject_name.empty() ? "test" : test.subject_name;
      test.name += ", line " + std::to_string(test.line);
    }
    file_.tests.push_back(std::move(test));
    return {};
  }

  const std::string& path_;
  TestFile file_;
  GivenFields defaults_;
  std::string default_matching_;
};

}  // namespace

Result<TestFile> parse_test_file(const std::string& path, const std::string& text) {
  const auto yaml = YamlFile::parse(text);
  if (!yaml) {
    return fail(
        ErrorCode::kInvalidArgument,
        path + ":" + std::to_string(yaml.error().mark.line + 1) + ": " + yaml.error().message);
  }
  if (yaml->documents().size() != 1) {
    return fail(ErrorCode::kInvalidArgument, path + ": a test file is one YAML document");
  }
  return TestReader(path).read(*yaml->documents().front());
}

}  // namespace saker::kit
