// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule files that nobody writes by accident. Each is loaded in a child process and must end in a
// rule set or in a clear error, within the processor time and memory of its row
// (docs/diagnostics.md, Limits).
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/rules/loader/load_text.h"

namespace saker {
namespace {

using testing::test_fields;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSlowed = true;
#else
constexpr bool kIsSlowed = false;
#endif

// What every file keeps to, however it is made. Processor time doubles when the machine is busy.
constexpr double kMaxSeconds = 60;
constexpr long kMaxMegabytes = 1024;

struct HostileFile {
  const char* name;
  std::function<std::string()> text;
  const char* outcome;  // "rules", or the code of the first error
  double max_seconds = 5;
  long max_megabytes = 256;
};

void PrintTo(const HostileFile& file, std::ostream* out) {
  *out << file.name;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

// maker(0) + maker(1) + ...
std::string numbered(int count, const std::function<std::string(const std::string&)>& maker) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += maker(std::to_string(i));
  }
  return out;
}

std::string rule(const std::string& condition, const std::string& name = "R") {
  return "- rule: " + name + "\n  desc: d\n  condition: " + condition +
         "\n  output: o\n  priority: INFO\n";
}

std::string list_of(int items) {
  return "- list: l\n  items: [x" +
         numbered(items, [](const std::string& i) { return ", x" + i; }) + "]\n";
}

// Macro 0 is a check; each further one is made of the one before it.
std::string macro_chain(int count, const std::string& between) {
  std::string out = "- macro: m0\n  condition: evt.type = open\n";
  for (int i = 1; i < count; ++i) {
    const std::string before = "m" + std::to_string(i - 1);
    out += "- macro: m" + std::to_string(i) + "\n  condition: " + before;
    out += between.empty() ? "\n" : between + before + "\n";
  }
  return out + rule("m" + std::to_string(count - 1));
}

std::string alias_bomb(int levels) {
  std::string out = "- list: l\n  items: &i0 [a, a, a, a, a, a, a, a, a, a]\n";
  for (int i = 1; i < levels; ++i) {
    const std::string alias = "*i" + std::to_string(i - 1);
    out += "- list: l" + std::to_string(i) + "\n  items: &i" + std::to_string(i) + " [" + alias +
           repeat(", " + alias, 9) + "]\n";
  }
  return out;
}

std::string with_carriage_returns(std::string text) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) {
    text.insert(at, 1, '\r');
  }
  return text;
}

const std::string kGood = rule("evt.type = open and proc.name = sh");

const HostileFile kFiles[] = {
    // The encoding of the text.
    {"empty", [] { return ""; }, "rules"},
    {"only blanks", [] { return "  \n\n   \n"; }, "rules"},
    {"byte order mark", [] { return "\xEF\xBB\xBF" + kGood; }, "rules"},
    {"UTF-16", [] { return std::string("\xFF\xFE-\0 \0r\0:\0", 10); }, "rules"},
    {"CRLF", [] { return with_carriage_returns(kGood); }, "rules"},
    {"lone carriage returns", [] { return std::string("- rule: R\r  desc: d\r"); }, "yaml-syntax"},
    {"invalid UTF-8", [] { return rule("evt.type = open and proc.name = \"\xff\xc3\x28\""); },
     "rules"},
    {"NUL bytes", [] { return std::string("- list: l\n  items: [a\0b]\n", 26); }, "yaml-syntax"},
    {"only NUL bytes", [] { return std::string(100'000, '\0'); }, "yaml-syntax"},
    {"tabs as indentation", [] { return std::string("- rule: R\n\tdesc: d\n"); }, "yaml-syntax"},
    {"tabs in a condition", [] { return rule("evt.type\t=\topen\tand\tproc.name = sh"); }, "rules"},
    {"control characters", [] { return "- list: \x01\x02\n  items: [\x7f]\n"; }, "rules"},
    {"binary",
     [] {
       return repeat(std::string("\x7f"
                                 "ELF\x02\x01\x01\0\xff\xfe%@`|>",
                                 16),
                     4000);
     },
     "yaml-syntax"},
    // YAML as Falco reads it; SemanticsOfYaml has what comes of it.
    {"anchors", [] { return "- list: &n l\n  items: &i [a]\n- list: m\n  items: *i\n"; }, "rules"},
    {"merge keys are no merge",
     [] { return "- &a\n  rule: R\n  desc: d\n- <<: *a\n  output: o\n"; }, "missing-key"},
    {"several documents", [] { return kGood + "---\n" + rule("evt.type = open", "S"); }, "rules"},
    {"50,000 documents",
     [] {
       return numbered(
           50'000, [](const std::string& i) { return "---\n- list: l" + i + "\n  items: []\n"; });
     },
     "rules", 5, 256},
    {"a comma before a dash", [] { return std::string(",- x"); }, "yaml-syntax"},
    {"many of them", [] { return repeat(",- x\n", 50'000); }, "yaml-syntax"},
    {"a tag", [] { return "- !!python/object:os.system rule: R\n"; }, "missing-key"},
    {"an unknown alias", [] { return "- list: l\n  items: *none\n"; }, "yaml-syntax"},
    {"an alias in itself", [] { return "- &a [*a]\n"; }, "yaml-syntax"},
    // Bombs.
    {"aliases that multiply", [] { return alias_bomb(9); }, "too-large"},
    {"aliases that double",
     [] {
       std::string out = "- &a0 [x]\n";
       for (int i = 1; i < 64; ++i) {
         const std::string b = std::to_string(i - 1);
         out += "- &a" + std::to_string(i) + " [*a" + b + ", *a" + b + "]\n";
       }
       return out;
     },
     "too-large"},
    {"100,000 brackets", [] { return repeat("[", 100'000); }, "too-large"},
    {"100,000 closed brackets", [] { return "- " + repeat("[", 100'000) + repeat("]", 100'000); },
     "too-large"},
    {"100,000 braces", [] { return repeat("{a: ", 100'000); }, "too-large"},
    {"100,000 dashes", [] { return repeat("- ", 100'000); }, "too-large"},
    {"deep indentation",
     [] {
       std::string out;
       for (int i = 0; i < 3000; ++i) {
         out += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
       }
       return out;
     },
     "too-large"},
    {"an unclosed quote of 10 MB", [] { return "- list: \"" + repeat("x", 10'000'000); },
     "yaml-syntax", 10, 256},
    {"a comment of 30 MB", [] { return "# " + repeat("x", 30'000'000) + "\n" + kGood; }, "rules",
     10, 256},
    {"more than a file may have", [] { return repeat("#\n", 33 << 20); }, "too-large", 5, 512},
    // Conditions.
    {"a word of 1 MB", [] { return rule(repeat("x", 1'000'000)); }, "undefined-macro"},
    {"1 MB of checks",
     [] {
       return rule("evt.type = open" + numbered(35'000, [](const std::string& i) {
                     return " and proc.name != p" + i;
                   }));
     },
     "rules", 10},
    {"4 MB of checks",
     [] { return rule("evt.type = open" + repeat(" or proc.name != x", 320'000)); }, "too-large",
     15, 700},
    {"500,000 parentheses",
     [] { return rule(repeat("(", 500'000) + "evt.type = open" + repeat(")", 500'000)); },
     "syntax"},
    {"500,000 times not", [] { return rule(repeat("not ", 500'000) + "evt.type = open"); },
     "rules"},
    {"nesting that is allowed",
     [] { return rule(repeat("(", 150) + "evt.type = open" + repeat(")", 150)); }, "rules"},
    {"a constant of 1 MB",
     [] { return rule("evt.type = open and proc.name = " + repeat("x", 1'000'000)); },
     "invalid-condition"},
    {"an unclosed quote",
     [] { return rule("evt.type = open and proc.name = '" + repeat("x ", 500'000)); }, "syntax"},
    {"a regular expression of 1 MB",
     [] { return rule("evt.type = open and fd.name regex '" + repeat("(a|b)*c", 140'000) + "'"); },
     "invalid-condition"},
    {"a regular expression that grows",
     [] { return rule("evt.type = open and fd.name regex \"((a{1,100}){1,100}){1,100}\""); },
     "invalid-regex"},
    {"60,000 unknown fields",
     [] { return rule("evt.type = open" + repeat(" and proc.nmae = a", 60'000)); }, "unknown-field",
     10},
    // Macros and lists.
    {"a chain of 1,000 macros", [] { return macro_chain(1000, ""); }, "rules"},
    {"a chain of 100,000 macros", [] { return macro_chain(100'000, ""); }, "too-large", 20, 700},
    {"macros that double", [] { return macro_chain(64, " and "); }, "too-large", 10, 700},
    {"a macro in itself", [] { return "- macro: m\n  condition: m\n" + rule("m"); },
     "undefined-macro"},
    {"a cycle of macros",
     [] { return "- macro: a\n  condition: b\n- macro: b\n  condition: a\n" + rule("a"); },
     "undefined-macro"},
    {"a list in itself",
     [] { return "- list: l\n  items: [l, l]\n" + rule("evt.type = open and proc.name in (l)"); },
     "rules"},
    {"lists that double",
     [] {
       return numbered(64,
                       [](const std::string& i) {
                         const std::string next = "l" + std::to_string(std::stoi(i) + 1);
                         return "- list: l" + i + "\n  items: [" + next + ", " + next + "]\n";
                       }) +
              rule("evt.type = open and proc.name in (l0)");
     },
     "too-large", 10, 700},
    {"1,000,000 items", [] { return list_of(1'000'000); }, "rules", 20, 700},
    {"1,000,000 items in a condition",
     [] { return list_of(1'000'000) + rule("evt.type = open and proc.name in (l)"); }, "too-large",
     20, 900},
    {"an item of 30 MB", [] { return "- list: l\n  items: [" + repeat("x", 30'000'000) + "]\n"; },
     "rules", 20, 512},
    // Many of something.
    {"100,000 rules",
     [] {
       return numbered(100'000, [](const std::string& i) {
         return rule("evt.type = open and proc.name = p" + i, "R" + i);
       });
     },
     "rules", 30, 900},
    {"100,000 rules with a mistake each",
     [] {
       return numbered(100'000, [](const std::string& i) {
         return rule("evt.type = opne and proc.name = p" + i, "R" + i);
       });
     },
     "unknown-event-type", 20, 700},
    {"100,000 times one rule", [] { return repeat(kGood, 100'000); }, "rules", 20, 700},
    {"100,000 exception values",
     [] {
       return kGood + "  exceptions:\n  - {name: e, fields: proc.name, values: [x" +
              numbered(100'000, [](const std::string& i) { return ", x" + i; }) + "]}\n";
     },
     "rules", 20, 900},
    {"100,000 unknown keys",
     [] {
       return kGood + numbered(100'000, [](const std::string& i) { return "  k" + i + ": v\n"; });
     },
     "rules", 20, 512},
};

// How the child ended: "rules" or a code, and the counts of errors behind it.
std::string load(const HostileFile& file) {
  const RuleFile files[] = {{"hostile.yaml", file.text()}};
  const LoadResult loaded = load_rules(files, {}, test_fields());
  std::string rendered;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    rendered += render_text(diagnostic, loaded.sources);
  }
  if (loaded.rules != nullptr) {
    return "rules";
  }
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    if (diagnostic.severity == Severity::kError) {
      return std::string(to_text(diagnostic.code)) + "\n" + rendered.substr(0, 600);
    }
  }
  return "no rules and no error";
}

struct ChildEnd {
  std::string told;
  int status = 0;
  double seconds = 0;
  long megabytes = 0;
};

ChildEnd load_in_child(const HostileFile& file) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit seconds{.rlim_cur = 2 * static_cast<rlim_t>(kMaxSeconds),
                         .rlim_max = 2 * static_cast<rlim_t>(kMaxSeconds)};
    setrlimit(RLIMIT_CPU, &seconds);
    if (!kIsSlowed) {
      const rlim_t bytes = rlim_t{4} << 30;
      const rlimit memory{.rlim_cur = bytes, .rlim_max = bytes};
      setrlimit(RLIMIT_AS, &memory);
    }
    // Nothing of GoogleTest must run on in the child.
    try {
      const std::string told = load(file);
      _exit(write(ends[1], told.data(), told.size()) >= 0 ? 0 : 1);
    } catch (...) {
      _exit(2);
    }
  }
  close(ends[1]);
  ChildEnd end;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    end.told.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  rusage used{};
  wait4(child, &end.status, 0, &used);
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  end.seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  end.megabytes = used.ru_maxrss / 1024;
  return end;
}

class Hostile : public ::testing::TestWithParam<HostileFile> {};

TEST_P(Hostile, EndsInAResultWithinItsLimits) {
  const HostileFile& file = GetParam();
  const ChildEnd end = load_in_child(file);
  ASSERT_TRUE(WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0)
      << "status " << end.status << " after " << end.seconds << " s";
  EXPECT_EQ(end.told.substr(0, end.told.find('\n')), file.outcome) << end.told;
  std::printf("%-40s %6.2f s %5ld MB  %s\n", file.name, end.seconds, end.megabytes, file.outcome);
  EXPECT_LE(file.max_seconds, kMaxSeconds);
  EXPECT_LE(file.max_megabytes, kMaxMegabytes);
  if (!kIsSlowed) {
    EXPECT_LE(end.seconds, file.max_seconds);
    EXPECT_LE(end.megabytes, file.max_megabytes);
  }
}

std::string name_of(const ::testing::TestParamInfo<HostileFile>& info) {
  std::string name;
  for (const char c : std::string_view(info.param.name)) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += c;
    } else if (c == ' ' || c == '-') {
      name += '_';
    }
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, Hostile, ::testing::ValuesIn(kFiles), name_of);

}  // namespace
}  // namespace saker
