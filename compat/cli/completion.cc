// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/completion.h"

#include <algorithm>
#include <array>

#include "compat/cli/flags.h"

namespace saker::cli {

namespace {

// Values that name files or folders.
bool takes_path(const FlagInfo& flag) {
  constexpr std::array<std::string_view, 2> kNames = {"PATH", "FILE"};
  return std::ranges::count(kNames, flag.value_name) > 0;
}

std::vector<std::string> names_of(const FlagInfo& flag) {
  std::vector<std::string> names;
  if (flag.short_name != 0) {
    names.push_back(std::string("-") + flag.short_name);
  }
  if (!flag.long_name.empty()) {
    names.push_back("--" + std::string(flag.long_name));
  }
  return names;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    text += text.empty() ? "" : between;
    text += word;
  }
  return text;
}

std::vector<std::string> all_flag_names() {
  std::vector<std::string> names;
  for (const FlagInfo& flag : all_flags()) {
    for (std::string& name : names_of(flag)) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::vector<std::string> flag_names_with_path() {
  std::vector<std::string> names;
  for (const FlagInfo& flag : all_flags()) {
    if (takes_path(flag)) {
      for (std::string& name : names_of(flag)) {
        names.push_back(std::move(name));
      }
    }
  }
  return names;
}

std::vector<std::string> command_names(std::span<const Subcommand> commands) {
  std::vector<std::string> names;
  for (const Subcommand& command : commands) {
    names.emplace_back(command.name);
  }
  return names;
}

// Words behind a subcommand: its own, and the flags where they may follow.
std::string words_behind(const Subcommand& command) {
  std::string words(command.words);
  if (command.rewrite != nullptr) {
    words += words.empty() ? "" : " ";
    words += joined(all_flag_names(), " ");
  }
  return words;
}

std::string bash_script(std::span<const Subcommand> commands) {
  std::string out =
      "# bash completion of saker and falco; made by `saker completion bash`\n"
      "_saker() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local flags=\"" +
      joined(all_flag_names(), " ") + "\" words=\n  case $previous in\n    " +
      joined(flag_names_with_path(), "|") +
      ")\n      COMPREPLY=($(compgen -f -- \"$current\"))\n      return ;;\n  esac\n"
      "  if [ \"${COMP_WORDS[0]##*/}\" = falco ]; then\n    words=$flags\n"
      "  elif [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"" +
      joined(command_names(commands), " ") + " $flags\"\n  else\n    case ${COMP_WORDS[1]} in\n";
  for (const Subcommand& command : commands) {
    out += "      " + std::string(command.name) + ") words=\"" + words_behind(command) + "\" ;;\n";
  }
  return out +
         "      *) words=$flags ;;\n    esac\n  fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\") $(compgen -f -- \"$current\"))\n"
         "}\ncomplete -o filenames -F _saker saker falco\n";
}

// Inside single quotes of zsh's and fish's scripts.
std::string in_quotes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out;
}

// Brackets and colons mean something in _arguments.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : in_quotes(text)) {
    if (c == '[' || c == ']' || c == ':') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string zsh_script(std::span<const Subcommand> commands) {
  std::string out =
      "#compdef saker falco\n# zsh completion; made by `saker completion zsh`\n"
      "_saker_flags() {\n  _arguments -s \\\n";
  for (const FlagInfo& flag : all_flags()) {
    for (const std::string& name : names_of(flag)) {
      out += "    '*" + name;
      const bool is_optional = !flag.value_when_omitted.empty();
      if (!flag.value_name.empty() && name.starts_with("--")) {
        out += is_optional ? "=-" : "=";
      }
      out += "[" + zsh_text(flag.meaning) + "]";
      if (!flag.value_name.empty()) {
        out += is_optional ? "::" : ":";
        out += std::string(flag.value_name) + (takes_path(flag) ? ":_files" : ": ");
      }
      out += "' \\\n";
    }
  }
  out +=
      "    '*:file:_files'\n}\n_saker() {\n  if [[ $service == falco ]] || (( CURRENT > 2 )); "
      "then\n"
      "    case $words[2] in\n";
  for (const Subcommand& command : commands) {
    if (command.rewrite == nullptr) {
      out += "      " + std::string(command.name) + ") compadd -- " + std::string(command.words) +
             "; _files; return ;;\n";
    }
  }
  out += "    esac\n    _saker_flags\n    return\n  fi\n  local -a commands=(\n";
  for (const Subcommand& command : commands) {
    out += "    '" + std::string(command.name) + ":" + zsh_text(command.meaning) + "'\n";
  }
  return out + "  )\n  _describe command commands\n  _saker_flags\n}\n_saker \"$@\"\n";
}

std::string fish_script(std::span<const Subcommand> commands) {
  std::string out = "# fish completion; made by `saker completion fish`\n";
  for (const Subcommand& command : commands) {
    const std::string name(command.name);
    out += "complete -c saker -n __fish_use_subcommand -a " + name + " -d '" +
           in_quotes(command.meaning) + "'\n";
    if (!command.words.empty()) {
      out += "complete -c saker -n '__fish_seen_subcommand_from " + name + "' -a '" +
             in_quotes(command.words) + "'\n";
    }
  }
  for (const std::string_view program : {"saker", "falco"}) {
    for (const FlagInfo& flag : all_flags()) {
      out += "complete -c " + std::string(program);
      if (flag.short_name != 0) {
        out += std::string(" -s ") + flag.short_name;
      }
      if (!flag.long_name.empty()) {
        out += " -l " + std::string(flag.long_name);
      }
      const bool needs_value = !flag.value_name.empty() && flag.value_when_omitted.empty();
      out += takes_path(flag) ? " -r -F" : needs_value ? " -x" : "";
      out += " -d '" + in_quotes(flag.meaning) + "'\n";
    }
  }
  return out;
}

}  // namespace

Result<std::string> completion_script(std::string_view shell,
                                      std::span<const Subcommand> commands) {
  if (shell == "bash") {
    return bash_script(commands);
  }
  if (shell == "zsh") {
    return zsh_script(commands);
  }
  if (shell == "fish") {
    return fish_script(commands);
  }
  return fail(ErrorCode::kInvalidArgument, "usage: saker completion bash|zsh|fish");
}

}  // namespace saker::cli
