// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Paths as a program gave them: `../etc/shadow`, `/etc/./shadow` and links mean the same file, but
// compare differently. The resolved fields (fd.name, evt.arg.path, fs.path.name) do not have that.
#include <algorithm>
#include <string_view>

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

// The same path, spelled differently.
std::string respelled(const std::string& path) {
  const std::size_t slash = path.find('/', 1);
  return slash == std::string::npos ? "/." + path
                                    : path.substr(0, slash) + "/." + path.substr(slash);
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
    Witness witness;
    witness.fields = {{"evt.type", false, {"openat"}}, {name, false, {respelled(path)}}};
    if (!context.logic().checker().holds(witness, {{own.node, false}})) {
      return;
    }
    context.report(
        is_raw ? "raw-path" : "path-in-words", own.node->span,
        "'" + name + "' holds the path as it was given: other spellings of " + path + " pass by",
        {.item = *own.item,
         .hint = is_raw ? "compare the resolved path: fd.name, fs.path.name or evt.arg.*"
                        : "compare the file that is opened (fd.name), not the words",
         .witness = std::move(witness)});
  });
}

}  // namespace saker::kit
