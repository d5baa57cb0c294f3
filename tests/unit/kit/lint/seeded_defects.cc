// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/unit/kit/lint/seeded_defects.h"

namespace saker::kit::testing {

namespace {

#define RULE_KEYS                                                                          \
  "  desc: A program does what the test is about.\n  output: seen %evt.type\n  priority: " \
  "WARNING\n"                                                                              \
  "  tags: [mitre_execution]\n"
#define RULE(name, condition) "- rule: " name "\n  condition: " condition "\n" RULE_KEYS

// clang-format off
constexpr SeededDefect kDefects[] = {
    // Contradictions.
    {"contradiction", "two names", "evt.type = openat and proc.name = sh and proc.name = bash",
     "evt.type = openat and proc.name in (sh, bash)"},
    {"contradiction", "two events", "evt.type = openat and evt.type = execve and proc.name = sh",
     "evt.type in (openat, execve) and proc.name = sh"},
    {"contradiction", "set without the value", "evt.type = openat and proc.name in (sh, bash) and proc.name = zsh",
     "evt.type = openat and proc.name in (sh, bash, zsh)"},
    {"contradiction", "empty range", "evt.type = openat and proc.pid > 10 and proc.pid < 5",
     "evt.type = openat and proc.pid > 5 and proc.pid < 10"},
    {"contradiction", "two folders", "evt.type = openat and fd.name startswith /etc and fd.name startswith /usr",
     "evt.type = openat and (fd.name startswith /etc or fd.name startswith /usr)"},
    {"contradiction", "value without the ending", "evt.type = openat and fd.name = /etc/passwd and fd.name endswith shadow",
     "evt.type = openat and fd.name endswith passwd"},
    {"contradiction", "a check and its negation", "evt.type = openat and proc.name = sh and not proc.name = sh",
     "evt.type = openat and proc.name = sh"},
    {"contradiction", "value without the regex", "evt.type = openat and proc.name = sh and proc.name regex 'b[a-z]+h'",
     "evt.type = openat and proc.name regex 'b[a-z]+h'"},
    {"contradiction", "missing and compared", "evt.type = openat and not fd.name exists and fd.name = /etc/passwd",
     "evt.type = openat and fd.name = /etc/passwd"},
    // Parts that are always false or true.
    {"always-false", "a port below zero", "evt.type = connect and (fd.sport < 0 or fd.sport = 80)",
     "evt.type = connect and (fd.sport < 10 or fd.sport = 80)"},
    {"always-false", "an arm with two names", "evt.type = openat and ((proc.name = sh and proc.name = bash) or user.uid = 0)",
     "evt.type = openat and (proc.name in (sh, bash) or user.uid = 0)"},
    {"always-false", "unsatisfiable macro",
     "- macro: both\n  condition: (proc.name = sh and proc.name = bash or evt.type = openat and evt.type = execve)\n"
     RULE("R", "evt.type = openat and both"),
     "- macro: both\n  condition: (proc.name = sh or proc.name = bash)\n" RULE("R", "evt.type = openat and both")},
    {"always-true", "equal or not", "evt.type = openat and (proc.name = sh or not proc.name = sh)",
     "evt.type = openat and (proc.name = sh or not proc.exepath = /bin/sh)"},
    {"always-true", "every number", "evt.type = openat and (proc.pid <= 5 or not proc.pid <= 5)",
     "evt.type = openat and (proc.pid <= 5 or proc.pid >= 9)"},
    {"always-true", "covers every name", "evt.type = openat and not (proc.name = sh and proc.name = bash)",
     "evt.type = openat and not (proc.name = sh or proc.name = bash)"},
    // Enter events and evt.dir.
    {"enter-event", "alone", "evt.type = execve and evt.dir = > and proc.name = sh", "evt.type = execve and proc.name = sh"},
    {"enter-event", "first", "evt.dir = > and evt.type = openat", "evt.type = openat"},
    {"enter-event", "quoted", "evt.type = connect and evt.dir = '>'", "evt.type = connect"},
    {"deprecated-direction", "at the end", "evt.type = execve and proc.name = sh and evt.dir = <",
     "evt.type = execve and proc.name = sh"},
    {"deprecated-direction", "in the middle", "evt.type = execve and evt.dir = < and proc.name = sh",
     "evt.type = execve and proc.name = sh"},
    {"deprecated-direction", "in a macro",
     "- macro: started\n  condition: (evt.type = execve and evt.dir = <)\n" RULE("R", "started and proc.name = sh"),
     "- macro: started\n  condition: (evt.type = execve)\n" RULE("R", "started and proc.name = sh")},
    {"deprecated-append", "list", "- list: l\n  items: [a]\n- list: l\n  items: [b]\n  append: true\n" RULE("R", "evt.type = openat and proc.name in (l)"),
     "- list: l\n  items: [a]\n- list: l\n  items: [b]\n  override:\n    items: append\n" RULE("R", "evt.type = openat and proc.name in (l)")},
    {"deprecated-append", "rule", RULE("R", "evt.type = openat") "- rule: R\n  append: true\n  condition: and proc.name = sh\n",
     RULE("R", "evt.type = openat") "- rule: R\n  override:\n    condition: append\n  condition: and proc.name = sh\n"},
    {"deprecated-enabled", "off", RULE("R", "evt.type = openat") "- rule: R\n  enabled: false\n",
     RULE("R", "evt.type = openat") "- rule: R\n  enabled: false\n  override:\n    enabled: replace\n"},
    // Dead and redundant parts.
    {"dead-arm", "other event", "evt.type = openat and (fd.name = /a or evt.type = execve)",
     "evt.type in (openat, execve) and (fd.name = /a or evt.type = execve)"},
    {"dead-arm", "other name", "evt.type = openat and proc.name = sh and (proc.name = bash or fd.name = /a)",
     "evt.type = openat and proc.name in (sh, bash) and (proc.name = bash or fd.name = /a)"},
    {"dead-arm", "other folder", "evt.type = openat and fd.name startswith /etc and (fd.name = /usr/a or fd.name = /etc/a)",
     "evt.type = openat and fd.name startswith /etc and (fd.name = /etc/b or proc.name = a)"},
    {"redundant-arm", "inner folder", "evt.type = openat and (fd.name startswith /etc or fd.name startswith /etc/ssh)",
     "evt.type = openat and (fd.name startswith /etc or fd.name startswith /usr)"},
    {"redundant-arm", "name in the set", "evt.type = openat and (proc.name in (sh, bash) or proc.name = sh)",
     "evt.type = openat and (proc.name in (sh, bash) or proc.name = zsh)"},
    {"redundant-arm", "ending", "evt.type = openat and (fd.name contains shadow or fd.name endswith /shadow)",
     "evt.type = openat and (fd.name contains shadow or fd.name endswith /passwd)"},
    {"redundant-arm", "smaller number", "evt.type = openat and (proc.pid < 10 or proc.pid < 5)",
     "evt.type = openat and (proc.pid < 10 or proc.pid > 50)"},
    {"redundant-check", "equal excludes unequal", "evt.type = openat and proc.name = sh and proc.name != bash",
     "evt.type = openat and proc.name = sh"},
    {"redundant-check", "narrower set", "evt.type = openat and proc.name in (sh, bash) and proc.name in (sh, bash, zsh)",
     "evt.type = openat and proc.name in (sh, bash)"},
    {"redundant-check", "twice", "evt.type = openat and proc.name = sh and user.uid = 0 and proc.name = sh",
     "evt.type = openat and proc.name = sh and user.uid = 0"},
    {"redundant-check", "larger bound", "evt.type = openat and proc.pid > 10 and proc.pid > 5",
     "evt.type = openat and proc.pid > 10"},
    // Rules beside each other.
    {"shadowed-rule", "narrower rule behind", RULE("A", "evt.type = openat and fd.name startswith /etc")
     RULE("B", "evt.type = openat and fd.name = /etc/shadow"),
     RULE("A", "evt.type = openat and fd.name startswith /etc") RULE("B", "evt.type = openat and fd.name = /usr/a")},
    {"shadowed-rule", "one more check", RULE("A", "evt.type = execve and proc.name = sh")
     RULE("B", "evt.type = execve and proc.name = sh and user.uid = 0"),
     RULE("A", "evt.type = execve and proc.name = sh") RULE("B", "evt.type = openat and proc.name = bash")},
    {"shadowed-rule", "fewer events", RULE("A", "evt.type in (openat, execve) and user.uid = 0")
     RULE("B", "evt.type = execve and user.uid = 0"),
     RULE("A", "evt.type = openat and user.uid = 0") RULE("B", "evt.type = execve and user.uid = 0")},
    {"duplicate-condition", "another name", RULE("A", "evt.type = openat and user.uid = 0")
     RULE("B", "evt.type = openat and user.uid = 0"),
     RULE("A", "evt.type = openat and user.uid = 0") RULE("B", "evt.type = openat and user.uid = 1")},
    {"duplicate-condition", "another order", RULE("A", "evt.type = openat and user.uid = 0")
     RULE("B", "user.uid = 0 and evt.type = openat"),
     RULE("A", "evt.type = openat and user.uid = 0") RULE("B", "user.uid = 2 and evt.type = openat")},
    {"overlapping-rules", "two fields", RULE("A", "evt.type = openat and fd.name = /a") RULE("B", "evt.type = openat and proc.name = sh"),
     RULE("A", "evt.type = openat and fd.name = /a") RULE("B", "evt.type = openat and fd.name = /b")},
    // Lists.
    {"duplicate-item", "flow", "- list: l\n  items: [a, b, a]\n" RULE("R", "evt.type = openat and proc.name in (l)"),
     "- list: l\n  items: [a, b]\n" RULE("R", "evt.type = openat and proc.name in (l)")},
    {"duplicate-item", "block", "- list: l\n  items:\n    - a\n    - b\n    - a\n" RULE("R", "evt.type = openat and proc.name in (l)"),
     "- list: l\n  items:\n    - a\n    - b\n" RULE("R", "evt.type = openat and proc.name in (l)")},
    {"duplicate-item", "in a condition", "evt.type = openat and proc.name in (sh, bash, sh)",
     "evt.type = openat and proc.name in (sh, bash)"},
    {"absorbed-item", "folder inside", "evt.type = openat and fd.name pmatch (/etc, /etc/ssh)",
     "evt.type = openat and fd.name pmatch (/etc, /usr)"},
    {"absorbed-item", "folder of a list", "- list: l\n  items: [/var/log, /var]\n" RULE("R", "evt.type = openat and fd.name pmatch (l)"),
     "- list: l\n  items: [/var/log, /etc]\n" RULE("R", "evt.type = openat and fd.name pmatch (l)")},
    {"duplicate-list", "another order", "- list: l\n  items: [a, b]\n- list: m\n  items: [b, a]\n"
     RULE("R", "evt.type = openat and (proc.name in (l) or proc.pname in (m))"),
     "- list: l\n  items: [a, b]\n- list: m\n  items: [b, c]\n" RULE("R", "evt.type = openat and (proc.name in (l) or proc.pname in (m))")},
    {"duplicate-macro", "same text", "- macro: m\n  condition: (proc.name = a and user.uid = 0)\n- macro: n\n  condition: (proc.name = a and user.uid = 0)\n"
     RULE("R", "evt.type = openat and m") RULE("S", "evt.type = execve and n"),
     "- macro: m\n  condition: (proc.name = a and user.uid = 0)\n- macro: n\n  condition: (proc.name = a and user.uid = 1)\n"
     RULE("R", "evt.type = openat and m") RULE("S", "evt.type = execve and n")},
    {"unused-list", "unused", "- list: l\n  items: [a]\n" RULE("R", "evt.type = openat and proc.name = a"),
     "- list: l\n  items: [a]\n" RULE("R", "evt.type = openat and proc.name in (l)")},
    {"unused-macro", "unused", "- macro: m\n  condition: proc.name = a\n" RULE("R", "evt.type = openat and proc.name = a"),
     "- macro: m\n  condition: proc.name = a\n" RULE("R", "evt.type = openat and m")},
    // Fields without a value.
    {"absent-field", "parameter of another event", "evt.type = execve and evt.arg.domain contains AF_INET",
     "evt.type = socket and evt.arg.domain contains AF_INET"},
    {"absent-field", "raw parameter", "evt.type = openat and evt.rawarg.sig = 9", "evt.type = kill and evt.rawarg.sig = 9"},
    {"output-always-missing", "parameter", "- rule: R\n  condition: evt.type = execve\n  desc: A program starts somewhere.\n"
     "  output: seen %evt.arg.domain\n  priority: WARNING\n  tags: [T1059]\n", "evt.type = execve"},
    {"null-not-equal", "image", "evt.type = openat and container.image.repository != nginx",
     "evt.type = openat and container.image.repository exists and container.image.repository != nginx"},
    {"null-not-equal", "descriptor", "evt.type = close and fd.name != /tmp/a",
     "evt.type = close and fd.name exists and fd.name != /tmp/a"},
    {"null-not-in", "address", "evt.type = connect and not fd.sip in (10.0.0.1)",
     "evt.type = connect and fd.sip exists and not fd.sip in (10.0.0.1)"},
    {"raw-path", "descriptor", "evt.type = openat and fd.nameraw = /etc/shadow", "evt.type = openat and fd.name = /etc/shadow"},
    {"path-in-words", "command line", "evt.type = execve and proc.cmdline contains /etc/shadow", "evt.type = execve and proc.cmdline contains shadow"},
    {"raw-path", "raw argument", "evt.type = unlink and evt.rawarg.path startswith /etc/", "evt.type = unlink and evt.arg.path startswith /etc/"},
    // Exceptions and overrides.
    {"exception-without-effect", "another name",
     RULE("R", "evt.type = openat and proc.name = sh") "  exceptions:\n    - name: x\n      fields: proc.name\n      comps: in\n      values: [bash]\n",
     RULE("R", "evt.type = openat and proc.name in (sh, bash)") "  exceptions:\n    - name: x\n      fields: proc.name\n      comps: in\n      values: [bash]\n"},
    {"exception-without-effect", "one row of two",
     RULE("R", "evt.type = openat and fd.name startswith /etc") "  exceptions:\n    - name: x\n      fields: [proc.name, fd.name]\n      comps: [=, startswith]\n      values:\n        - [a, /etc/a]\n        - [b, /usr/b]\n",
     RULE("R", "evt.type = openat and fd.name startswith /etc") "  exceptions:\n    - name: x\n      fields: [proc.name, fd.name]\n      comps: [=, startswith]\n      values:\n        - [a, /etc/a]\n        - [b, /etc/b]\n"},
    {"override-without-effect", "same condition", RULE("R", "evt.type = openat and user.uid = 0") "- rule: R\n  condition: evt.type = openat and user.uid = 0\n  override:\n    condition: replace\n",
     RULE("R", "evt.type = openat and user.uid = 0") "- rule: R\n  condition: evt.type = openat and user.uid = 1\n  override:\n    condition: replace\n"},
    {"override-without-effect", "known items", "- list: l\n  items: [a, b]\n" RULE("R", "evt.type = openat and proc.name in (l)") "- list: l\n  items: [c]\n  override:\n    items: append\n- list: l\n  items: [c]\n  override:\n    items: append\n",
     "- list: l\n  items: [a, b]\n" RULE("R", "evt.type = openat and proc.name in (l)") "- list: l\n  items: [c]\n  override:\n    items: append\n"},
    {"override-without-effect", "enabled already", RULE("R", "evt.type = openat") "- rule: R\n  enabled: true\n  override:\n    enabled: replace\n",
     RULE("R", "evt.type = openat") "- rule: R\n  priority: ERROR\n  override:\n    priority: replace\n"},
    // Cost and words.
    {"expensive-check", "regex first", "evt.type = execve and proc.cmdline regex '.*[a-z]+x.*' and proc.name = sh",
     "evt.type = execve and proc.name = sh and proc.cmdline regex '.*[a-z]+x.*'"},
    {"expensive-check", "glob first", "evt.type = openat and fd.name glob '/home/*/.ssh/*' and user.uid = 0",
     "evt.type = openat and user.uid = 0 and fd.name glob '/home/*/.ssh/*'"},
    {"missing-description", "the name again", "- rule: Something happened\n  desc: something happened\n  condition: evt.type = openat\n  output: a\n  priority: INFO\n  tags: [T1059]\n",
     "- rule: Something happened\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: INFO\n  tags: [T1059]\n"},
    {"missing-tags", "none", "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: INFO\n",
     "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: INFO\n  tags: [T1059.004]\n"},
    {"missing-mitre", "other tags", "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: INFO\n  tags: [host]\n",
     "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: INFO\n  tags: [host, mitre_discovery]\n"},
    {"priority-misuse", "output says more", "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: \"CRITICAL: a\"\n  priority: INFO\n  tags: [T1059]\n",
     "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: \"Critical file a\"\n  priority: INFO\n  tags: [T1059]\n"},
    {"priority-misuse", "emergency", "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: EMERGENCY\n  tags: [T1059]\n",
     "- rule: R\n  desc: A file was opened, which is rare here.\n  condition: evt.type = openat\n  output: a\n  priority: CRITICAL\n  tags: [T1059]\n"},
};
// clang-format on

#undef RULE
#undef RULE_KEYS

}  // namespace

std::span<const SeededDefect> seeded_defects() {
  return kDefects;
}

std::string rule_file_of(std::string_view text) {
  if (text.starts_with("- ")) {
    return std::string(text);
  }
  return "- rule: R\n  desc: A program does what the test is about.\n  condition: >\n    " +
         std::string(text) +
         "\n  output: seen %evt.type\n  priority: WARNING\n  tags: [mitre_execution]\n";
}

}  // namespace saker::kit::testing
