#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what the program is made of, as CycloneDX 1.5 JSON: sbom.py PROGRAM VERSION.

Shared libraries are those that the loader finds, named by their Debian packages; header-only libraries, which the
program contains without being linked to them, by their -dev packages.
"""
import hashlib
import json
import os
import re
import subprocess
import sys

HEADER_ONLY = ["nlohmann-json3-dev", "libcli11-dev", "libexpected-dev"]


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout if result.returncode == 0 else ""


def package_of(path):
    """The Debian package that owns a file; its other name where /lib is a link to /usr/lib."""
    for name in (path, os.path.realpath(path), re.sub(r"^/usr(?=/lib)", "", os.path.realpath(path)), "/usr" + path):
        owner = run("dpkg-query", "-S", name).split(": ")[0].split(",")[0]
        if owner:
            return owner.split(":")[0]
    return ""


def direct_libraries(program):
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", program)))


def libraries(program):
    found = re.findall(r"^\s*(\S+) => (/\S+)", run("ldd", program), re.M)
    return sorted(set(found))


def component(package, scope, extra=None):
    version, source, architecture = (run("dpkg-query", "-W", "-f", "${Version}\t${source:Package}\t${Architecture}",
                                         package) or "\t\t").split("\t")
    # Packages of several architectures are unique by that name too.
    version = version or "unknown"
    entry = {
        "type": "library",
        "bom-ref": f"pkg:deb/debian/{package}@{version}",
        "name": package,
        "version": version,
        "scope": "required",
        "purl": f"pkg:deb/debian/{package}@{version}?arch={architecture}",
        "properties": [{"name": "saker:use", "value": scope}, {"name": "saker:source", "value": source}],
    }
    entry.update(extra or {})
    return entry


def main():
    program, version = sys.argv[1:3]
    direct = direct_libraries(program)
    by_package = {}
    for soname, path in libraries(program):
        package = package_of(path)
        if not package:
            continue
        with open(path, "rb") as library:
            digest = hashlib.sha256(library.read()).hexdigest()
        scope = "linked" if soname in direct else "linked by a library"
        known = by_package.setdefault(package, {"scope": scope, "hashes": []})
        known["scope"] = "linked" if "linked" in (scope, known["scope"]) else scope
        known["hashes"].append({"alg": "SHA-256", "content": digest})
    components = [component(name, use["scope"], {"hashes": use["hashes"]}) for name, use in sorted(by_package.items())]
    components += [component(name, "compiled in") for name in HEADER_ONLY if run("dpkg-query", "-W", name)]
    with open(program, "rb") as binary:
        digest = hashlib.sha256(binary.read()).hexdigest()
    reference = f"pkg:generic/saker@{version}"
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": "saker",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [entry["bom-ref"] for entry in components]}],
    }
    json.dump(bom, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
