#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks packaging/ with the tools that are here: shipped_files_test.py SOURCES PROGRAM."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

SOURCES = pathlib.Path(sys.argv[1])
PROGRAM = sys.argv[2]
PACKAGING = SOURCES / "packaging"
CAPABILITIES = {"BPF", "PERFMON", "SYS_PTRACE", "SYS_RESOURCE", "DAC_READ_SEARCH"}


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


class Configuration(unittest.TestCase):
    def test_loads_without_a_word(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (PACKAGING / "falco.yaml").read_text(encoding="utf-8").replace("/etc/falco", folder)
            path = pathlib.Path(folder) / "falco.yaml"
            path.write_text(text, encoding="utf-8")
            rules = pathlib.Path(folder) / "falco_rules.yaml"
            rules.write_text("".join(p.read_text(encoding="utf-8") for p in
                                     sorted((SOURCES / "rules/default").glob("*.yaml"))), encoding="utf-8")
            shutil.copy(PACKAGING / "falco_rules.local.yaml", folder)
            result = run(PROGRAM, "-c", str(path), "--dry-run", "-o", "syslog_output.enabled=false")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("schema validation: ok", result.stderr)
            self.assertNotIn("warning", result.stderr.lower())


class Kubernetes(unittest.TestCase):
    def setUp(self):
        text = (PACKAGING / "kubernetes/saker.yaml").read_text(encoding="utf-8")
        self.documents = {document["kind"]: document for document in yaml.safe_load_all(text)}

    def test_has_its_parts_in_one_namespace(self):
        self.assertEqual(set(self.documents), {"Namespace", "ServiceAccount", "ConfigMap", "DaemonSet"})
        for kind, document in self.documents.items():
            if kind != "Namespace":
                self.assertEqual(document["metadata"]["namespace"], "saker")

    def test_has_the_least_rights(self):
        pod = self.documents["DaemonSet"]["spec"]["template"]["spec"]
        self.assertFalse(pod["automountServiceAccountToken"])
        self.assertNotIn("hostNetwork", pod)
        for container in pod["containers"]:
            context = container["securityContext"]
            self.assertFalse(context["privileged"])
            self.assertFalse(context["allowPrivilegeEscalation"])
            self.assertTrue(context["readOnlyRootFilesystem"])
            self.assertEqual(context["capabilities"]["drop"], ["ALL"])
            self.assertLessEqual(set(context["capabilities"]["add"]), CAPABILITIES)
            self.assertIn("memory", container["resources"]["limits"])

    def test_mounts_name_volumes(self):
        pod = self.documents["DaemonSet"]["spec"]["template"]["spec"]
        volumes = {volume["name"] for volume in pod["volumes"]}
        mounts = {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]}
        self.assertEqual(volumes, mounts)

    def test_selector_fits_the_labels(self):
        spec = self.documents["DaemonSet"]["spec"]
        self.assertEqual(spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"])

    def test_configuration_is_one(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "cluster.yaml"
            path.write_text(self.documents["ConfigMap"]["data"]["cluster.yaml"], encoding="utf-8")
            result = run(PROGRAM, "-c", str(path), "--dry-run", "-o", "log_stderr=true",
                         "-r", str(SOURCES / "rules/default"))
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("schema validation: ok", result.stderr)

    def test_kubectl_can_build_it(self):
        if not shutil.which("kubectl"):
            self.skipTest("no kubectl")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(PACKAGING / "kubernetes/saker.yaml", folder)
            kustomization = pathlib.Path(folder) / "kustomization.yaml"
            kustomization.write_text("resources: [saker.yaml]\n", encoding="utf-8")
            result = run("kubectl", "kustomize", folder)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(len(list(yaml.safe_load_all(result.stdout))), 4)


class Unit(unittest.TestCase):
    def setUp(self):
        self.text = (PACKAGING / "debian/saker.service").read_text(encoding="utf-8")

    def test_gives_the_capabilities_that_doctor_asks_for(self):
        line = re.search(r"^CapabilityBoundingSet=(.*)$", self.text, re.M).group(1)
        given = {name.removeprefix("CAP_") for name in line.split()}
        self.assertLessEqual(CAPABILITIES, given)
        self.assertNotIn("SYS_ADMIN", given)
        checks = (SOURCES / "app/doctor/system_checks.cc").read_text(encoding="utf-8")
        for name in re.findall(r'"CAP_(\w+)"', checks):
            self.assertIn(name, given)

    def test_is_understood_and_hardened(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "saker.service"
            path.write_text(self.text.replace("/usr/bin/saker", PROGRAM).replace("man:saker(8)", "https://example.org"),
                            encoding="utf-8")
            result = run("systemd-analyze", "verify", "--man=no", str(path))
            self.assertNotIn("saker.service", result.stderr)
            result = run("systemd-analyze", "security", "--offline=true", str(path))
            exposure = re.search(r"exposure level for .*: ([0-9.]+)", result.stdout)
            if exposure:
                self.assertLess(float(exposure.group(1)), 4.0)


class Image(unittest.TestCase):
    def test_instructions(self):
        text = (PACKAGING / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
        words = [line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")]
        self.assertLessEqual(set(words), {"ARG", "FROM", "COPY", "WORKDIR", "RUN", "EXPOSE", "ENTRYPOINT", "CMD"})
        for instruction in ("ENTRYPOINT", "CMD"):
            json.loads(re.search(rf"^{instruction} (.*)$", text, re.M).group(1))


class Sbom(unittest.TestCase):
    def test_names_what_is_linked(self):
        result = run("python3", str(SOURCES / "scripts/sbom.py"), PROGRAM, "1.2.3")
        self.assertEqual(result.returncode, 0, result.stderr)
        bom = json.loads(result.stdout)
        self.assertEqual(bom["bomFormat"], "CycloneDX")
        self.assertEqual(bom["metadata"]["component"]["version"], "1.2.3")
        names = " ".join(component["name"] for component in bom["components"])
        for library in ("librdkafka", "libbpf", "libsqlite3", "libcurl", "libyaml-cpp", "libre2", "libc6"):
            self.assertIn(library, names)
        for component in bom["components"]:
            self.assertTrue(component["purl"].startswith("pkg:deb/debian/"))
            self.assertNotEqual(component["version"], "unknown")


if __name__ == "__main__":
    if not os.access(PROGRAM, os.X_OK):
        print("SKIP: the program is not built")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]], verbosity=1)
