#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks how the program was linked and compiled, with readelf: hardening_test.py SOURCES PROGRAM."""
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCES, PROGRAM = sys.argv[1:3]


def readelf(*options):
    return subprocess.run(["readelf", "-W", *options, PROGRAM], capture_output=True, text=True, check=True).stdout


class Hardening(unittest.TestCase):
    def test_is_position_independent(self):
        self.assertIn("DYN (Position-Independent Executable", readelf("-h"))

    def test_relocations_are_read_only_before_main(self):
        segments = readelf("-l")
        dynamic = readelf("-d")
        self.assertRegex(segments, r"GNU_RELRO")
        self.assertRegex(dynamic, r"BIND_NOW|Flags: .*NOW")
        self.assertNotIn("TEXTREL", dynamic)

    def test_no_memory_is_writable_and_executable(self):
        stack = re.search(r"GNU_STACK.*", readelf("-l"))
        self.assertIsNotNone(stack)
        self.assertRegex(stack.group(), r"\sRW\s")
        for line in re.findall(r"^\s*LOAD.*", readelf("-l"), re.MULTILINE):
            self.assertNotRegex(line, r"\sRWE\s")

    def test_libraries_come_from_the_system_only(self):
        self.assertNotRegex(readelf("-d"), r"RPATH|RUNPATH")

    def test_stack_protector_and_fortify(self):
        symbols = readelf("--dyn-syms")
        self.assertIn("__stack_chk_fail", symbols)
        # FORTIFY's checked forms; without it there is none of them.
        self.assertGreaterEqual(len(set(re.findall(r"__(?:memcpy|printf|fprintf|snprintf|syslog)_chk", symbols))), 3)

    def test_names_no_folder_of_its_build(self):
        # Debug information is not shipped (scripts/package.sh); what stays must be the same everywhere.
        with tempfile.NamedTemporaryFile() as stripped:
            subprocess.run(["objcopy", "--strip-debug", PROGRAM, stripped.name], check=True)
            with open(stripped.name, "rb") as file:
                content = file.read()
        self.assertGreater(len(content), 1 << 20)
        self.assertFalse((SOURCES + "/").encode() in content, "a path of the build is in the program")


if __name__ == "__main__":
    if shutil.which("readelf") is None or shutil.which("objcopy") is None:
        print("skipped: no binutils")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
