#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Saker authors
"""Writes N different rules that match next to nothing, for measuring how cost grows with the number of rules.

    generate_rules.py N > rules.yaml

The mix follows what large rule sets hold: spawned programs by name, lists of names, path prefixes, suffixes and
substrings, command lines, ancestors, network ends, and exceptions. The same N gives the same file.
"""
import random
import sys

SHAPES = [
    # (weight, condition, exceptions?)
    (20, "evt.type in (execve, execveat) and evt.arg.res = 0 and proc.name in ({names})", False),
    (8, "evt.type in (execve, execveat) and evt.arg.res = 0 and proc.name = {name} and proc.aname[2] in ({names})", False),
    (8, "evt.type in (execve, execveat) and proc.cmdline contains \"{word} --{word2}\"", False),
    (6, "evt.type in (execve, execveat) and proc.pname in ({names}) and not proc.name in ({names2})", True),
    (5, "evt.type in (execve, execveat) and proc.aname in ({names}) and proc.args startswith -{word}", False),
    (18, "evt.type in (open, openat, openat2) and evt.is_open_write = true and fd.name startswith {path}/ and fd.num >= 0", True),
    (10, "evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.name in ({paths}) and not proc.name in ({names})", True),
    (5, "evt.type in (open, openat, openat2) and fd.name endswith .{word} and fd.typechar = 'f'", False),
    (5, "evt.type in (open, openat, openat2) and fd.directory = {path} and not proc.pname in ({names})", False),
    (4, "evt.type in (open, openat, openat2) and fd.name contains /{word}/{word2}", False),
    (5, "evt.type in (rename, renameat, renameat2, unlink, unlinkat) and evt.arg.path startswith {path}", False),
    (3, "evt.type in (connect, sendto) and fd.sport = {port} and proc.name in ({names})", False),
    (3, "evt.type in (connect, sendto) and fd.sip = \"{ip}\" and fd.typechar = 4", False),
]


def word(r):
    syllables = "ka lo mi ren tus vor zel qui bra dex fy gon hul jep nix pos".split()
    return "".join(r.choice(syllables) for _ in range(r.randint(2, 4)))


def path(r):
    return r.choice(["/opt", "/srv", "/var/lib", "/usr/local", "/home", "/etc"]) + "".join(
        "/" + word(r) for _ in range(r.randint(1, 3)))


def rule(r, number):
    def words(n):
        return ", ".join(word(r) for _ in range(n))
    shape = r.choices(SHAPES, weights=[s[0] for s in SHAPES])[0]
    condition = shape[1].format(
        name=word(r), names=words(r.randint(2, 12)), names2=words(r.randint(2, 8)), word=word(r), word2=word(r),
        path=path(r), paths=", ".join(path(r) for _ in range(r.randint(2, 6))), port=r.randint(20000, 60000),
        ip=".".join(str(r.randint(1, 250)) for _ in range(4)))
    out = [f"- rule: Generated rule {number}", f"  desc: Generated rule {number}", f"  condition: >", f"    {condition}"]
    out += [f"  output: generated {number} (file=%fd.name command=%proc.cmdline parent=%proc.pname)",
            f"  priority: {r.choice(['WARNING', 'NOTICE', 'ERROR'])}", "  tags: [generated]"]
    if shape[2]:
        out += ["  exceptions:", "    - name: known", "      fields: [proc.name, fd.name]", "      comps: [=, startswith]",
                "      values:"] + [f"        - [{word(r)}, {path(r)}]" for _ in range(r.randint(1, 4))]
    return "\n".join(out)


def main():
    count = int(sys.argv[1])
    r = random.Random(20261121)
    print("\n".join(rule(r, i) for i in range(count)))


if __name__ == "__main__":
    main()
