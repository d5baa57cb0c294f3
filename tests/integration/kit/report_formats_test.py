#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Saker authors
"""What `saker check` and `saker test` write for other tools, read by such tools: SARIF against the published schema,
JUnit by an XML parser. Without the module jsonschema the SARIF part is skipped (exit status 77)."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

try:
    import jsonschema
except ImportError:
    jsonschema = None

SAKER = os.environ["SAKER_BIN"]
SOURCE = pathlib.Path(os.environ["SAKER_SOURCE_DIR"])
SHARED = pathlib.Path(os.environ.get("SAKER_SHARED_DIR", SOURCE / ".." / "shared"))
SCHEMA = pathlib.Path(__file__).parent / "data" / "sarif-schema-2.1.0.json"

AWKWARD = """- list: l\u00e4st
  items: [a, "<b>&\\"'", a]

- macro: m
  condition: (evt.type = open and evt.dir = <)

- rule: "Quote ' < & \\" and \u00e9"
  desc: x
  condition: m and proc.name = "]]>" and proc.name = other
  output: o %fd.name
  priority: INFO

- rule: unknown field
  desc: x
  condition: evt.type = open and proc.nmae = x
  output: o
  priority: INFO
"""

TESTS = """rules: [rules.yaml]
tests:
  - {rule: R, name: "passes <&>", event: {proc.name: sh}, fires: true}
  - {rule: R, name: "fails \\u0001 ]]>", event: {proc.name: "<&>"}, fires: true}
"""
RULE = "- rule: R\n  desc: d\n  condition: evt.type = execve and proc.name = sh\n  output: o\n  priority: INFO\n"


def run(*arguments):
    return subprocess.run([SAKER, *map(str, arguments)], capture_output=True, timeout=240, check=False).stdout


def rule_files(folder):
    """Files with findings of every kind: of loading, of lints, none, and no YAML at all."""
    texts = {"awkward.yaml": AWKWARD, "broken.yaml": "- rule: [\n", "clean.yaml": RULE, "empty.yaml": "",
             "bytes.yaml": "- list: l\n  items: [a, a] # \udcff\n"}
    for name, text in texts.items():
        path = pathlib.Path(folder, name)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        yield path
    yield from sorted((SOURCE / "rules" / "default").glob("*.yaml"))
    yield from sorted((SHARED / "data" / "rules").glob("*.yaml"))


class ReportFormats(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    @unittest.skipIf(jsonschema is None, "needs the Python module jsonschema (python3-jsonschema)")
    def test_sarif_fits_the_published_schema(self):
        validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
        results = 0
        for path in rule_files(self.folder):
            with self.subTest(path.name):
                log = json.loads(run("check", "--format", "sarif", path).decode("utf-8"))
                self.assertEqual([f"{list(e.path)}: {e.message}" for e in validator.iter_errors(log)], [])
                rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
                self.assertEqual(len(rules), len(set(rules)))
                for result in log["runs"][0]["results"]:
                    self.assertEqual(rules[result["ruleIndex"]], result["ruleId"])
                    self.assertTrue(result["partialFingerprints"])
                    results += 1
        self.assertGreater(results, 5)

    def test_sarif_fingerprints_outlive_moved_lines(self):
        path = self.folder / "moved.yaml"
        seen = []
        for text in (AWKWARD, "# a comment\n\n" + AWKWARD):
            path.write_text(text, encoding="utf-8")
            log = json.loads(run("check", "--format", "sarif", path))
            seen.append(sorted(json.dumps(r["partialFingerprints"], sort_keys=True) for r in log["runs"][0]["results"]))
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(len(seen[0]), len(set(seen[0])))

    def test_junit_of_check_and_test_loads_in_a_parser(self):
        for path in rule_files(self.folder):
            with self.subTest(path.name):
                self.count_cases(run("check", "--format", "junit", path))
        (self.folder / "rules.yaml").write_text(RULE, encoding="utf-8")
        tests = self.folder / "r_test.yaml"
        tests.write_text(TESTS, encoding="utf-8")
        cases, failures = self.count_cases(run("test", "--format", "junit", tests))
        self.assertEqual((cases, failures), (2, 1))

    def count_cases(self, text):
        """Parses, and compares the counts of every suite with what is in it."""
        root = xml.fromstring(text)
        self.assertIn(root.tag, ("testsuites", "testsuite"))
        total = [0, 0]
        for suite in root.iter("testsuite"):
            cases = suite.findall("testcase")
            failures = [case for case in cases if case.find("failure") is not None]
            self.assertEqual(int(suite.get("tests")), len(cases))
            self.assertEqual(int(suite.get("failures")), len(failures))
            total[0] += len(cases)
            total[1] += len(failures)
        return tuple(total)


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    if not program.result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if program.result.skipped else 0)
