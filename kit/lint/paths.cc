// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Paths as a program gave them: `../etc/shadow`, `/etc/./shadow` and links mean the same file, but
// compare differently. The resolved fields (fd.name, evt.arg.path, fs.path.name) do not have that.
#include <algorithm>
#include <string_view>

#include "engine/event/catalogue.h"
#include "engine/lang/printer.h"
#include "kit/lint/lint_context.h"
#include "kit/lint/lint_rules.h"

namespace saker::kit {

namespace {

constexpr std::string_view kRawPaths[] = {"fd.nameraw", "fs.path.nameraw", "fs.path.sourceraw",
                                          "fs.path.targetraw", "evt.rawarg."};
constexpr std::string_view kWords[] = {"proc.cmdline", "proc.args", "proc.pcmdline", "evt.args"};

std::string first_path(const Check& check) {
  if (const Literal* literal = check.right_literal()) {
    return literal->text;
  }
  const ListValue* list = check.right_list();
  return list == nullptr || list->items.empty() ? "" : list->items.front().text;
}

bool begins_with_any(std::string_view text, std::span<const std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view p) { return text.starts_with(p); });
}

// The same path, spelled differently: at its beginning, and behind its first folder.
std::vector<std::string> respelled(const std::string& path) {
  const std::size_t slash = path.find('/', 1);
  std::vector<std::string> spellings = {"/." + path};
  if (slash != std::string::npos) {
    spellings.push_back(path.substr(0, slash) + "/." + path.substr(slash));
  }
  return spellings;
}

// An event that can have the field.
std::string event_with(const LintContext& context, const FieldExpr& field) {
  const auto bound = context.fields().bind(field.name, field.has_argument, field.argument);
  for (const EventInfo& info : all_events()) {
    const bool has_param = bound && !bound->param_positions.empty() &&
                           bound->param_positions[index_of(info.type)] >= 0;
    if (has_param && info.is_current() && reaches_rules(info.type)) {
      return std::string(info.name);
    }
  }
  return "openat";
}

// An event with another spelling that the check does not see, although it sees the path itself.
std::optional<Witness> unseen_spelling(LintContext& context, const Node& check,
                                       const std::string& field, const std::string& path) {
  Witness witness;
  const std::string event = event_with(context, *check.check.left.as_field());
  witness.fields = {{"evt.type", false, {event}}, {field, false, {path}}};
  WitnessChecker& checker = context.logic().checker();
  if (!checker.holds(witness, {{&check, true}})) {
    return std::nullopt;
  }
  for (const std::string& spelling : respelled(path)) {
    witness.fields.back().texts = {spelling};
    if (checker.holds(witness, {{&check, false}})) {
      return witness;
    }
  }
  return std::nullopt;
}

}  // namespace

void lints::paths(LintContext& context) {
  context.for_each_own_check([&](const LintContext::OwnCheck& own) {
    const Check& check = own.node->check;
    const FieldExpr* field = check.left.as_field();
    const std::string path = first_path(check);
    // The shell's own names for connections have one spelling.
    const bool is_connection = path.starts_with("/dev/tcp") || path.starts_with("/dev/udp");
    if (field == nullptr || path.size() < 3 || !path.starts_with("/") || is_connection ||
        check.op == CompareOp::kRegex) {
      return;
    }
    const std::string name = print(check.left);
    const bool is_raw = begins_with_any(name, kRawPaths);
    const bool is_word = begins_with_any(name, kWords);
    if (!is_raw && !is_word) {
      return;
    }
    auto witness = unseen_spelling(context, *own.node, name, path);
    if (!witness) {
      return;
    }
    context.report(
        is_raw ? "raw-path" : "path-in-words", own.node->span,
        "'" + name + "' holds the path as it was given: other spellings of " + path + " differ",
        {.item = *own.item,
         .hint = is_raw ? "compare the resolved path: fd.name, fs.path.name or evt.arg.*"
                        : "compare the file that is opened (fd.name), not the words",
         .witness = std::move(witness)});
  });
}

}  // namespace saker::kit
