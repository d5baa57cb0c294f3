// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lint/lint_table.h"

#include <algorithm>

namespace saker::kit {

namespace {

using enum Severity;

// By code. Lines of `details` are at most 120 bytes: they are the page docs/lints.md.
constexpr LintInfo kLints[] = {
    {"absent-field", kWarning, false,
     "A check asks for a field that none of the rule's events has.",
     "Each event has its own parameters (`saker --list-events`), and `fd.*` exists only for calls "
     "that work on a\n"
     "descriptor. A check on what is not there is always false, so the rule, or this part of it, "
     "does nothing:\n"
     "`evt.type = execve and evt.arg.flags contains O_RDWR`."},
    {"absorbed-item", kWarning, false, "A list item is covered by another item of the list.",
     "`fd.name pmatch (/etc, /etc/ssh)`: everything below /etc/ssh is below /etc too. Leave it "
     "out, or narrow the\n"
     "wider one."},
    {"always-false", kWarning, false, "A condition or a part of it is false for every event.",
     "No event can make it true, whatever its fields hold. A rule that is always false never "
     "alerts; an arm of an\n"
     "`or` that is always false can go. The claim is a proof over all event types and values, not "
     "a guess."},
    {"always-true", kWarning, false, "A condition or a part of it is true for every event.",
     "A part of an `and` that is always true can go; a whole condition that is always true matches "
     "every event."},
    {"contradiction", kWarning, false, "Two parts of an `and` are never true together.",
     "For example `proc.name = sh and proc.name = bash`: meant was probably `or`, or `in (sh, "
     "bash)`. The witness is\n"
     "an event for which one part holds and the other does not."},
    {"dead-arm", kWarning, false, "An arm of an `or` cannot be true where it stands.",
     "The rest of the condition excludes it: in `evt.type = openat and (fd.name = /a or evt.type = "
     "execve)` the second\n"
     "arm is dead. The witness is an event for which the arm alone holds."},
    {"deprecated-append", kWarning, true, "`append: true` is used instead of an override.",
     "Falco warns about it. `--fix` writes `override` with `append` for each key; meaning and "
     "layout "
     "stay."},
    {"deprecated-direction", kWarning, true, "`evt.dir` is used; there are exit events only.",
     "Falco no longer produces enter events, so `evt.dir = <` says nothing: `saker check --fix` "
     "leaves it out."},
    {"deprecated-enabled", kWarning, true, "A lone `enabled` changes a rule without an override.",
     "Falco warns about it. `--fix` adds `override: {enabled: replace}` in block form."},
    {"duplicate-condition", kWarning, false, "Two rules have the same condition.",
     "With `rule_matching: first` only the earlier one ever fires."},
    {"duplicate-item", kWarning, true, "A list has an item twice.",
     "The second one changes nothing; `--fix` removes it unless a comment stands in the way."},
    {"duplicate-list", kNote, false, "Two lists have the same items.",
     "Use one of them, unless they are meant to be changed independently."},
    {"duplicate-macro", kNote, false, "Two macros say the same.",
     "Use one of them, unless they are meant to be overridden independently."},
    {"enter-event", kWarning, false, "A condition asks for enter events, which do not exist.",
     "`evt.dir = >` is never true any more, so the rule never alerts. Exit events have all "
     "parameters."},
    {"exception-without-effect", kWarning, false, "An exception takes nothing away from its rule.",
     "No event that the rule matches fulfils the exception: its fields have other values on these "
     "events, or the rule\n"
     "excludes them already. The witness is an event that the rule still matches."},
    {"expensive-check", kNote, false, "An expensive check stands before a cheap one.",
     "Parts of an `and` are asked in order and the first false one ends it. `regex`, `glob`, "
     "`icontains` and searches\n"
     "in long texts belong behind comparisons that often fail."},
    {"missing-description", kWarning, false, "A rule does not say what it means.",
     "Whoever gets the alert reads `desc` first: what happened, why it matters, what to do, what "
     "is harmless."},
    {"missing-mitre", kNote, false, "A rule names no MITRE ATT&CK tactic or technique.",
     "Tags such as `mitre_persistence` or `T1543.002` let alerts be sorted and coverage be "
     "counted."},
    {"missing-tags", kNote, false, "A rule has no tags.",
     "Tags select rules (`-o rules[].enable.tag=...`) and route alerts."},
    {"null-not-equal", kNote, false, "`!=` on a field that may have no value.",
     "A check on a missing value is false, also `!=`. `container.image.repository != x` does not "
     "match processes without\n"
     "an image. Write `not field = x` if they shall match; add `field exists` if they shall not, "
     "and readers see it."},
    {"null-not-in", kNote, false, "`not ... in` on a field that may have no value.",
     "The check is false without a value, so its negation is true: `not fd.sip in (ours)` matches "
     "events without any\n"
     "address. Add `field exists` if these are not meant."},
    {"output-always-missing", kWarning, false, "An output field is <NA> in every alert.",
     "None of the rule's events has the field. Name another one."},
    {"overlapping-rules", kNote, false, "Some events match two rules.",
     "With `rule_matching: first` the earlier rule takes them. That is often meant (the severe one "
     "first); the witness\n"
     "shows such an event."},
    {"override-without-effect", kWarning, false, "An override or append changes nothing.",
     "The earlier definition has that value, or all of the appended items, already."},
    {"path-in-words", kNote, false, "A path is looked for in the words of a command line.",
     "`proc.cmdline` and `proc.args` hold what was typed: `/etc/./shadow` or a relative path is "
     "the same file. Compare the\n"
     "file that is opened (fd.name) or the program (proc.exepath) where that is possible. The "
     "witness is a spelling that\n"
     "the check does not see."},
    {"priority-misuse", kNote, false, "The priority does not fit what the rule says.",
     "The output names another priority than the rule has, or the rule claims EMERGENCY, which "
     "stands for an unusable\n"
     "machine."},
    {"raw-path", kWarning, false, "A path is compared as the program wrote it.",
     "`fd.nameraw`, `fs.path.nameraw` and `evt.rawarg.*` hold `../etc/shadow` or `/etc/./shadow` "
     "as given, so an attacker\n"
     "chooses a spelling that passes. The witness is one. Resolved fields are fd.name, "
     "fs.path.name and evt.arg.*."},
    {"redundant-arm", kWarning, false, "An arm of an `or` is covered by the others.",
     "`fd.name startswith /etc or fd.name startswith /etc/ssh`: the second changes nothing."},
    {"redundant-check", kNote, false, "A part of an `and` is implied by the rest.",
     "`proc.name in (sh, bash) and proc.name != nginx`: the second changes nothing. Sometimes kept "
     "for readers."},
    {"shadowed-rule", kWarning, false, "Every event of a rule is taken by an earlier one.",
     "With `rule_matching: first` (the default) the rule never fires, because its condition "
     "implies that of an earlier\n"
     "rule. Put the narrower rule first. The witness is an event that both match."},
};

std::string_view severity_text(Severity severity) {
  switch (severity) {
    case kError:
      return "error";
    case kWarning:
      return "warning";
    case kNote:
      return "note";
  }
  return "";
}

}  // namespace

std::span<const LintInfo> all_lints() {
  return kLints;
}

const LintInfo* find_lint(std::string_view code) {
  const auto* found = std::ranges::lower_bound(kLints, code, {}, &LintInfo::code);
  return found != std::end(kLints) && found->code == code ? found : nullptr;
}

std::string lints_markdown() {
  std::string out =
      "# Lints\n"
      "What `saker check` says about rules that load but may not do what their author meant. Made "
      "from the table in\n"
      "`kit/lint/lint_table.cc` by `saker check --list-lints markdown`; a test compares the two. "
      "What loading itself finds is\n"
      "in [diagnostics.md](diagnostics.md). Severity: warnings make `saker check` fail by default, "
      "notes do not\n"
      "(`--fail-on`). A claim about what can happen is a proof or comes with a witness: an event, "
      "as given fields, that the\n"
      "evaluator has confirmed. Fix: `--fix` edits the file and keeps everything else in it. Rules "
      "are "
      "compared with each other in\nsets of up to 500.\n\n"
      "| code | severity | fix | summary |\n|---|---|---|---|\n";
  for (const LintInfo& lint : kLints) {
    out += "| [" + std::string(lint.code) + "](#" + std::string(lint.code) + ") | " +
           std::string(severity_text(lint.severity)) + " | " + (lint.has_fix ? "yes" : "") + " | " +
           std::string(lint.summary) + " |\n";
  }
  for (const LintInfo& lint : kLints) {
    out += "\n## " + std::string(lint.code) + "\n" + std::string(lint.summary) + "\n\n" +
           std::string(lint.details) + "\n";
  }
  return out;
}

}  // namespace saker::kit
