#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every #include against docs/layers.toml ("who may include whom").

    check_layers.py [ROOT]      prints one line per violation; exit status 1 when there is any
    check_layers.py --selftest  checks the checker on made-up sources

Our own headers are included with quotes and their full path from the root; everything else with angle
brackets. Only the Python standard library is needed.
"""
import fnmatch
import pathlib
import re
import sys
import tomllib

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
SUFFIXES = {".h", ".cc", ".c", ".inc", ".def"}


class Layers:
    def __init__(self, table):
        self.modules = table["module"]
        self.third_party = table["third_party"]
        self.system_folders = set(table["system"]["folders"])
        self.forbidden_in_pure = table["purity"]["forbidden"]
        self.allowed_in_pure = set(table["purity"].get("allowed", []))

    def module_of(self, path):
        """The module with the longest folder that holds `path`, or None."""
        found = [m for m in self.modules if path.startswith(m + "/")]
        return max(found, key=len) if found else None

    def check(self, path, line, quoted, header):
        """Returns what is wrong with one include of file `path`, or None."""
        module = self.module_of(path)
        if module is None:
            return f"{path}:{line}: the file belongs to no module of docs/layers.toml"
        if quoted:
            return self._check_ours(path, line, module, header)
        return self._check_foreign(path, line, module, header)

    def _check_ours(self, path, line, module, header):
        target = self.module_of(header)
        if target is None:
            # Generated and neighbouring files of the same folder (kernel C, tables) have no path.
            if "/" not in header and module in ("bpf/kernel", "bpf/user"):
                return None
            return f'{path}:{line}: "{header}" is no path from the root into a module'
        allowed = self.modules[module].get("may_include", [])
        if target != module and "*" not in allowed and target not in allowed:
            return f'{path}:{line}: {module} may not include {target} ("{header}")'
        return None

    def _check_foreign(self, path, line, module, header):
        for name, library in self.third_party.items():
            if any(fnmatch.fnmatch(header, h) for h in library["headers"]):
                if any(fnmatch.fnmatch(path, g) for g in library["only_in"]):
                    return None
                return f"{path}:{line}: {name} (<{header}>) only in: {', '.join(library['only_in'])}"
        if "/" in header and header.split("/")[0] not in self.system_folders:
            return f"{path}:{line}: <{header}> is not known to docs/layers.toml"
        is_forbidden = any(fnmatch.fnmatch(header, f) for f in self.forbidden_in_pure)
        is_excused = f"{path} {header}" in self.allowed_in_pure
        if self.modules[module].get("is_pure") and is_forbidden and not is_excused:
            return f"{path}:{line}: {module} is pure and may not include <{header}>"
        return None


def includes(text):
    """Yields (line number, is quoted, header)."""
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) is not None, match.group(1) or match.group(2)


def check_tree(root, layers):
    problems, files = [], 0
    tops = sorted({m.split("/")[0] for m in layers.modules})
    for top in tops:
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in SUFFIXES or not file.is_file():
                continue
            files += 1
            path = file.relative_to(root).as_posix()
            for number, quoted, header in includes(file.read_text(encoding="utf-8")):
                problem = layers.check(path, number, quoted, header)
                if problem:
                    problems.append(problem)
    return files, problems


def selftest(layers):
    cases = [  # file, include line, is it allowed
        ("engine/state/state.cc", '#include "engine/event/event_view.h"', True),
        ("engine/lang/parser.cc", '#include "engine/field/value.h"', False),
        ("bpf/user/loader.cc", '#include "engine/ruleset/ruleset.h"', False),
        ("outputs/queue.cc", '#include "engine/event/event_view.h"', False),
        ("app/main.cc", '#include "outputs/queue.h"', True),
        ("engine/lang/parser.cc", '#include "parser.h"', False),
        ("engine/lang/parser.h", "#include <re2/re2.h>", False),
        ("engine/lang/parser.h", "#include <string>", True),
        ("engine/lang/parser.h", "#include <unistd.h>", False),
        ("app/main.cc", "#include <unistd.h>", True),
        ("app/main.cc", "#include <boost/any.hpp>", False),
        ("tests/unit/a_test.cc", "  #  include <gtest/gtest.h>", True),
        ("elsewhere/a.cc", "#include <string>", False),
    ]
    wrong = 0
    for path, text, allowed in cases:
        found = [layers.check(path, n, q, h) for n, q, h in includes(text)]
        if len(found) != 1 or (found[0] is None) != allowed:
            wrong += 1
            print(f"selftest: {path}: {text}: expected {'allowed' if allowed else 'refused'}, got {found}")
    print(f"selftest: {len(cases) - wrong} of {len(cases)} cases right")
    return wrong == 0


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    with open(root / "docs/layers.toml", "rb") as file:
        layers = Layers(tomllib.load(file))
    if sys.argv[1:] == ["--selftest"]:
        return 0 if selftest(layers) else 1
    if len(sys.argv) > 1:
        root = pathlib.Path(sys.argv[1])
    files, problems = check_tree(root, layers)
    for problem in problems:
        print(problem)
    print(f"layers: {files} files, {len(problems)} violations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
