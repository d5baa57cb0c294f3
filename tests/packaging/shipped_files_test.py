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


class ChartTemplate:
    """As much of Go's templates as our chart uses: fields, if, range, and a few functions."""

    ACTION = re.compile(r"\{\{(-?) *(.*?) *(-?)\}\}", re.S)

    def __init__(self, text):
        self.parts, at = [], 0
        for match in self.ACTION.finditer(text):
            self.parts.append(("text", text[at:match.start()].rstrip() if match[1] else text[at:match.start()]))
            self.parts.append(("action", match[2]))
            at = match.end()
            if match[3]:
                at += len(text[at:]) - len(text[at:].lstrip())
        self.parts.append(("text", text[at:]))

    def render(self, values):
        self.at = 0
        return self.block(values, True)

    def block(self, scope, runs):
        out = ""
        while self.at < len(self.parts):
            kind, text = self.parts[self.at]
            self.at += 1
            if kind == "text":
                out += text if runs else ""
            elif text == "end":
                return out
            elif text.startswith("if "):
                out += self.block(scope, runs and bool(self.value(text[3:], scope)))
            elif text.startswith("range "):
                out += self.loop(text, scope, runs)
            elif runs:
                out += str(self.value(text, scope))
        return out

    def loop(self, text, scope, runs):
        index, item, items = re.fullmatch(r"range (\$\w+), (\$\w+) := (.*)", text).groups()
        begin, out = self.at, ""
        for number, one in enumerate(self.value(items, scope) if runs else []):
            self.at = begin
            out += self.block({**scope, index: number, item: one}, True)
        if self.at == begin:
            self.block(scope, False)
        return out

    def value(self, text, scope):
        result = None
        for number, stage in enumerate(text.split(" | ")):
            words = re.findall(r'"[^"]*"|\S+', stage)
            arguments = [self.word(word, scope) for word in words[0 if self.is_value(words[0]) else 1:]]
            arguments += [result] if number else []
            result = arguments[0] if self.is_value(words[0]) else self.function(words[0], arguments)
        return result

    @staticmethod
    def is_value(word):
        return word[0] in '.$"' or word.isdigit()

    @staticmethod
    def word(word, scope):
        if word[0] == '"':
            return word[1:-1]
        if word.isdigit():
            return int(word)
        if word[0] == "$":
            return scope[word]
        for key in word[1:].split("."):
            scope = scope[key]  # a misspelled value is an error here; Go's templates print nothing
        return scope

    @staticmethod
    def function(name, arguments):
        if name == "toYaml":
            return yaml.safe_dump(arguments[0], default_flow_style=False).strip()
        if name == "nindent":
            return "\n" + "\n".join(" " * arguments[0] + line for line in arguments[1].split("\n"))
        if name == "quote":
            return json.dumps(str(arguments[0]))
        if name == "printf":
            return arguments[0] % tuple(arguments[1:])
        raise ValueError("the chart uses a function that this test does not know: " + name)


def strategic(left, right):
    """`left` with the values of `right` over it, as helm merges values."""
    if not isinstance(left, dict) or not isinstance(right, dict):
        return right
    return {key: strategic(left[key], right[key]) if key in left and key in right
            else right.get(key, left.get(key)) for key in {**left, **right}}


class Chart(unittest.TestCase):
    FOLDER = PACKAGING / "helm/saker"
    MORE = {"rules": {"mine.yaml": "- list: a\n  items: [b]\n"}, "secretName": "kafka", "runtimeFolders": ["/run/a", "/run/b"],
            "config": {"kafka_output": {"password": "env:KAFKA_PASSWORD"}}, "imagePullSecrets": [{"name": "registry"}]}

    def setUp(self):
        self.values = yaml.safe_load((self.FOLDER / "values.yaml").read_text(encoding="utf-8"))

    def documents(self, **more):
        scope = {"Values": strategic(self.values, more), "Release": {"Name": "mysaker", "Namespace": "watch"}}
        found = {}
        for path in sorted((self.FOLDER / "templates").glob("*.yaml")):
            text = ChartTemplate(path.read_text(encoding="utf-8")).render(scope)
            self.assertNotIn("{{", text)
            document = yaml.safe_load(text)
            if document is not None:
                found[path.stem] = document
        return found

    def test_has_its_files(self):
        chart = yaml.safe_load((self.FOLDER / "Chart.yaml").read_text(encoding="utf-8"))
        self.assertEqual((chart["apiVersion"], chart["name"], chart["type"]), ("v2", "saker", "application"))
        self.assertRegex(chart["version"], r"^\d+\.\d+\.\d+$")
        schema = json.loads((self.FOLDER / "values.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(set(schema["properties"]) - {"global"}, set(self.values))
        ChartTemplate((self.FOLDER / "templates/NOTES.txt").read_text(encoding="utf-8")).render(
            {"Values": self.values, "Release": {"Name": "a", "Namespace": "b"}})

    def test_renders_with_its_values_and_with_others(self):
        plain = self.documents()
        self.assertEqual({d["kind"] for d in plain.values()}, {"ServiceAccount", "ConfigMap", "Service", "DaemonSet"})
        self.assertNotIn("rules", plain)
        full = self.documents(**self.MORE)
        self.assertEqual(full["rules"]["data"], self.MORE["rules"])
        self.assertNotIn("service", self.documents(service={"enabled": False}))
        for documents in (plain, full):
            for document in documents.values():
                self.assertEqual(document["metadata"]["namespace"], "watch")
                self.assertTrue(document["metadata"]["name"].startswith("mysaker"))
            pod = documents["daemonset"]["spec"]["template"]["spec"]
            names = [volume["name"] for volume in pod["volumes"]]
            self.assertEqual(len(names), len(set(names)))
            self.assertEqual(set(names), {mount["name"] for mount in pod["containers"][0]["volumeMounts"]})
            labels = documents["daemonset"]["spec"]["template"]["metadata"]["labels"]
            self.assertEqual(labels, documents["daemonset"]["spec"]["selector"]["matchLabels"])
            self.assertEqual(labels, documents["service"]["spec"]["selector"])
        self.assertEqual(full["daemonset"]["spec"]["template"]["spec"]["containers"][0]["envFrom"],
                         [{"secretRef": {"name": "kafka"}}])

    def test_has_the_rights_of_the_plain_manifest(self):
        text = (PACKAGING / "kubernetes/saker.yaml").read_text(encoding="utf-8")
        plain = next(d for d in yaml.safe_load_all(text) if d["kind"] == "DaemonSet")["spec"]["template"]["spec"]
        pod = self.documents()["daemonset"]["spec"]["template"]["spec"]
        for key in ("hostPID", "automountServiceAccountToken", "priorityClassName", "tolerations", "nodeSelector"):
            self.assertEqual(pod[key], plain[key], key)
        self.assertFalse({"hostNetwork", "hostIPC"} & set(pod))
        for key in ("securityContext", "resources", "readinessProbe", "livenessProbe", "env", "ports"):
            self.assertEqual(pod["containers"][0][key], plain["containers"][0][key], key)
        paths = {volume["hostPath"]["path"] for volume in pod["volumes"] if "hostPath" in volume}
        self.assertEqual(paths, {volume["hostPath"]["path"] for volume in plain["volumes"] if "hostPath" in volume})

    def test_configuration_is_one(self):
        with tempfile.TemporaryDirectory() as folder:
            for more in ({}, self.MORE):
                path = pathlib.Path(folder) / "cluster.yaml"
                path.write_text(self.documents(**more)["configmap"]["data"]["cluster.yaml"], encoding="utf-8")
                result = run(PROGRAM, "-c", str(path), "--dry-run", "-o", "log_stderr=true", "-o", "webserver.enabled=false",
                             "-r", str(SOURCES / "rules/default"))
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn("schema validation: ok", result.stderr)

    def test_helm_agrees(self):
        if not shutil.which("helm"):
            self.skipTest("no helm")
        result = run("helm", "lint", "--strict", str(self.FOLDER))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        with tempfile.TemporaryDirectory() as folder:
            values = pathlib.Path(folder) / "values.yaml"
            values.write_text(yaml.safe_dump(self.MORE), encoding="utf-8")
            result = run("helm", "template", "mysaker", str(self.FOLDER), "--namespace", "watch", "--values", str(values))
        self.assertEqual(result.returncode, 0, result.stderr)
        theirs = [document for document in yaml.safe_load_all(result.stdout) if document]
        ours = list(self.documents(**self.MORE).values())
        order = lambda document: (document["kind"], document["metadata"]["name"])
        self.assertEqual(sorted(theirs, key=order), sorted(ours, key=order))


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
