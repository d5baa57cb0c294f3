#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that what the documents name is there.

    check_docs.py    prints one line per problem; exit status 1 when there is any

* every relative link in a Markdown file leads to a file;
* every `make TARGET` in a document is a target of the Makefile;
* every scripts/... and every top-level folder that the README names exists;
* every shipped rule has its keys, a MITRE technique and a name of its own;
* every scenario of the demonstration names rules that exist.
"""
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULE_FILE = ROOT / "rules/default/saker_rules.yaml"


def documents():
    for path in sorted(ROOT.rglob("*.md")):
        if not path.relative_to(ROOT).parts[0].startswith(("build", ".")):
            yield path


def check_links(path, text):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not (path.parent / target).exists():
            yield f"{path.relative_to(ROOT)}: link to {target}, which is not there"


def check_commands(path, text, targets):
    for target in re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE):
        if target not in targets:
            yield f"{path.relative_to(ROOT)}: 'make {target}' is no target of the Makefile"
    for script in re.findall(r"\bscripts/[a-z_]+\.(?:sh|py)\b", text):
        if not (ROOT / script).exists():
            yield f"{path.relative_to(ROOT)}: {script} is not there"


def check_map(text):
    for folder in re.findall(r"^([a-z]+)/ ", text, re.MULTILINE):
        if not (ROOT / folder).is_dir():
            yield f"README.md: the map names {folder}/, which is not there"
    for header in re.findall(r"`((?:engine|rules|bpf|compat|outputs|app)/[a-z_/]+\.h)`", text):
        if not (ROOT / header).exists():
            yield f"README.md: {header} is not there"


def check_rules(names):
    items = yaml.safe_load(RULE_FILE.read_text(encoding="utf-8"))
    for item in items:
        name = item.get("rule")
        if name is None:
            continue
        if name in names:
            yield f"rule '{name}' is defined twice"
        names.add(name)
        missing = [key for key in ("desc", "condition", "output", "priority", "tags") if not item.get(key)]
        if missing:
            yield f"rule '{name}' lacks {', '.join(missing)}"
        if not any(re.fullmatch(r"T\d{4}(\.\d{3})?", str(tag)) for tag in item.get("tags", [])):
            yield f"rule '{name}' names no MITRE technique"
        if len(item.get("desc", "")) < 120:
            yield f"rule '{name}': desc says too little (what, why, what to do)"


def check_scenarios(names):
    for path in sorted((ROOT / "app/demo").glob("*_scenarios.cc")):
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"\.expected = \{([^}]*)\}", text):
            for rule in re.findall(r'"([^"]+)"', block):
                if rule not in names:
                    yield f"{path.relative_to(ROOT)}: expects rule '{rule}', which is not shipped"


def main():
    targets = set(re.findall(r"^([a-z ]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    targets = {name for line in targets for name in line.split()}
    problems = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        problems += check_links(path, text)
        problems += check_commands(path, text, targets)
    problems += check_map((ROOT / "README.md").read_text(encoding="utf-8"))
    names = set()
    problems += check_rules(names)
    problems += check_scenarios(names)
    for problem in problems:
        print(problem)
    print(f"docs: {len(names)} shipped rules, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
