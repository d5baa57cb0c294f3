#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Saker authors
"""Runs the live tests on another kernel, in QEMU.

Boots Debian's kernel package (downloaded with apt-get once, kept in build/vm) with a root file system
in memory: busybox, the built tests and the libraries that they need. Nothing is installed, nothing of
this machine is written to from within. Emulated, so it also works where there is no KVM.

  scripts/vm_live_tests.py                    every live test
  scripts/vm_live_tests.py -R sensor.file,load    only tests whose name contains one of these
  scripts/vm_live_tests.py --gtest 'A.*:B.C'  only these cases of them
  scripts/vm_live_tests.py --kernel VMLINUZ   another kernel

Prints the output of each test, one line per test at the end, and exits with 0 when all passed, 77 when
it cannot run here. The official rules are tested when SAKER_SHARED_DIR names the reference data.
"""

import argparse
import gzip
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = 77
MARK = "@@saker"
MERGED = ("bin", "sbin", "lib", "lib64")

# Programs that tests start under their own names: links to busybox would all be /usr/bin/busybox.
REAL_PROGRAMS = ("true", "cat", "dash", "env", "id", "sleep")
# Programs whose place a scenario's own program takes (app/demo/sandbox.h); what stands there is never run.
DISGUISES = ("dpkg", "passwd", "ssh", "su")
FOLDERS = ("proc", "sys", "dev", "tmp", "run", "root", "mnt", "home", "var/log", "var/tmp", "var/lib", "var/spool",
           "etc/pam.d", "usr/local/bin", "usr/local/lib", "usr/local/sbin", "usr/libexec")
HELPERS = ("saker", "saker_demo", "saker_official", "saker_evasion")
RULES = ("falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml")

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin 2>/dev/null
export PATH=/bin:/usr/bin TZ=UTC HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
ln -s /proc/self/fd /dev/fd
mount -t devpts pts /dev/pts
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
mount -t cgroup2 cgroup /sys/fs/cgroup
ip link set lo up
export SAKER_SOURCE_DIR=/saker SAKER_BIN=/saker/build/saker SAKER_PATIENCE=10 {environment}
echo "{mark} kernel $(uname -r)"
for test in {tests}; do
  echo "{mark} begin $test"
  timeout {seconds} /saker/build/$test
  echo "{mark} end $test $?"
done
poweroff -f
"""


def skip(reason):
    print(f"SKIP: {reason}")
    sys.exit(SKIPPED)


def find_kernel(folder):
    """The newest kernel in `folder`, downloaded when there is none."""
    found = sorted(folder.glob("vmlinuz-*"))
    if found:
        return found[-1]
    folder.mkdir(parents=True, exist_ok=True)
    depends = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], text=True, capture_output=True)
    packages = re.findall(r"Depends: (linux-image-\S+)", depends.stdout)
    if not packages:
        skip("no kernel package (apt-cache depends linux-image-amd64)")
    with tempfile.TemporaryDirectory() as work:
        download = subprocess.run(["apt-get", "download", packages[0]], cwd=work, capture_output=True)
        archives = list(pathlib.Path(work).glob("*.deb"))
        if download.returncode != 0 or not archives:
            skip(f"{packages[0]} cannot be downloaded")
        subprocess.run(["dpkg-deb", "-x", archives[0], f"{work}/x"], check=True)
        for image in pathlib.Path(work, "x/boot").glob("vmlinuz-*"):
            shutil.copy(image, folder)
    return sorted(folder.glob("vmlinuz-*"))[-1]


class Archive:
    """A cpio archive as the kernel unpacks it (newc)."""

    def __init__(self):
        self.data = bytearray()
        self.names = set()

    def add(self, name, mode, content=b""):
        name = name.strip("/")
        if name.split("/")[0] in MERGED and not stat.S_ISLNK(mode):
            name = f"usr/{name}"  # /bin is a link to /usr/bin, as in Debian
        if not name or name in self.names:
            return
        parent = os.path.dirname(name)
        if parent:
            self.add(parent, stat.S_IFDIR | 0o755)
        self.names.add(name)
        self._entry(name, mode, content)

    def _entry(self, name, mode, content):
        fields = [len(self.names), mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        self.data += b"070701" + b"".join(b"%08X" % field for field in fields)
        self.data += name.encode() + b"\0"
        self.data += bytes(-len(self.data) % 4)
        self.data += content
        self.data += bytes(-len(self.data) % 4)

    def add_file(self, path, name=None, mode=0o755):
        self.add(name or str(path), stat.S_IFREG | mode, pathlib.Path(path).read_bytes())

    def finish(self):
        self._entry("TRAILER!!!", 0, b"")
        return bytes(self.data)


def libraries_of(program):
    text = subprocess.run(["ldd", program], text=True, capture_output=True).stdout
    return re.findall(r"(/\S+) \(0x", text)


def shared_rules():
    """The official rule files, where the reference data are."""
    shared = pathlib.Path(os.environ.get("SAKER_SHARED_DIR") or ROOT.parent / "shared")
    return [path for name in RULES if (path := shared / "data/rules" / name).is_file()]


def make_root(programs, tests, options):
    archive = Archive()
    for folder in MERGED:
        archive.add(folder, stat.S_IFLNK | 0o777, f"usr/{folder}".encode())
        archive.add(f"usr/{folder}", stat.S_IFDIR | 0o755)
    for name in REAL_PROGRAMS:
        program = shutil.which(name)
        archive.add_file(program, f"usr/bin/{name}")
        for library in libraries_of(program):
            archive.add_file(library)
    archive.add("usr/bin/sh", stat.S_IFLNK | 0o777, b"dash")
    for name in DISGUISES:
        archive.add_file(shutil.which("true"), f"usr/bin/{name}")
    for folder in FOLDERS:
        archive.add(folder, stat.S_IFDIR | 0o755)
    archive.add_file(shutil.which("busybox"), "bin/busybox")
    official = shared_rules()
    for rules in official:
        archive.add_file(rules, f"shared/data/rules/{rules.name}", 0o644)
    environment = "SAKER_SHARED_DIR=/shared" if official else ""
    if options.gtest:
        environment += f" GTEST_FILTER='{options.gtest}'"
    init = INIT.format(mark=MARK, tests=" ".join(tests), seconds=options.seconds, environment=environment)
    archive.add("init", stat.S_IFREG | 0o755, init.encode())
    archive.add("etc/passwd", stat.S_IFREG | 0o644,
                b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")
    archive.add("etc/group", stat.S_IFREG | 0o644, b"root:x:0:\nnogroup:x:65534:\n")
    archive.add("etc/shadow", stat.S_IFREG | 0o640, b"root:*:19000:0:99999:7:::\n")
    archive.add("etc/hostname", stat.S_IFREG | 0o644, b"saker-test\n")
    archive.add("etc/hosts", stat.S_IFREG | 0o644, b"127.0.0.1 localhost\n")
    archive.add_file(ROOT / "docs/evasion.md", "saker/docs/evasion.md", 0o644)
    for rules in (ROOT / "rules/default").glob("*.yaml"):
        archive.add_file(rules, f"saker/rules/default/{rules.name}", 0o644)
    with tempfile.TemporaryDirectory() as work:
        for program in programs:
            stripped = pathlib.Path(work) / program.name
            subprocess.run(["strip", "-o", stripped, program], check=True)
            archive.add_file(stripped, f"saker/build/{program.name}")
            for library in libraries_of(program):
                archive.add_file(library)
    # The generator of tests/live/load starts it by the path that it was built at.
    tiny = options.build / "tests/live/load/tiny"
    if tiny.is_file():
        archive.add_file(tiny, str(tiny.resolve()))
    return archive.finish()


def run_machine(kernel, initrd, limit):
    command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1536",
               "-nodefaults", "-nographic", "-serial", "stdio", "-no-reboot", "-kernel", kernel, "-initrd", initrd,
               "-append", "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check"]
    machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace")
    lines = []
    timer = subprocess.Popen(["sleep", str(limit)])
    try:
        for line in machine.stdout:
            line = line.rstrip()
            lines.append(line)
            print(line, flush=True)
            if timer.poll() is not None:
                print(f"vm_live_tests: the machine did not end within {limit} s")
                break
    finally:
        for process in (timer, machine):
            if process.poll() is None:
                process.kill()
            process.wait()
    return lines


def report(lines, tests):
    results = dict(re.findall(rf"{MARK} end (\S+) (\d+)", "\n".join(lines)))
    kernel = re.search(rf"{MARK} kernel (\S+)", "\n".join(lines))
    print(f"\nLive tests on {kernel.group(1) if kernel else 'a kernel that did not boot'}:")
    words = {"0": "passed", str(SKIPPED): "skipped", "143": "timed out"}
    failed = 0
    for test in tests:
        result = results.get(test)
        failed += result not in ("0", str(SKIPPED))
        print(f"  {test}: {words.get(result, 'failed' if result else 'not run')}")
    return 1 if failed or not kernel else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-R", dest="filter", default="", help="only tests whose name contains one of these (a,b)")
    parser.add_argument("--gtest", default="", help="GoogleTest filter for all of them")
    parser.add_argument("--kernel", help="kernel image instead of Debian's")
    parser.add_argument("--build", default=ROOT / "build", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--seconds", default=1800, type=int, help="limit of one test")
    parser.add_argument("--limit", default=10800, type=int, help="limit of the whole run in seconds")
    options = parser.parse_args()
    for tool in ("qemu-system-x86_64", "busybox", "strip", "ldd"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed")
    found = sorted(path for path in options.build.rglob("test_live_*") if os.access(path, os.X_OK) and path.is_file())
    parts = options.filter.replace(".", "_").split(",")
    chosen = [path for path in found if any(part in path.name for part in parts)]
    if not chosen:
        skip("no live tests are built (SAKER_BUILD_TESTS=ON)")
    extras = [path for name in HELPERS for path in [options.build / name] if path.is_file()]
    kernel = options.kernel or find_kernel(options.build / "vm")
    tests = [path.name for path in chosen]
    with tempfile.NamedTemporaryFile(suffix=".cpio.gz") as initrd:
        initrd.write(gzip.compress(make_root(chosen + extras, tests, options), compresslevel=1))
        initrd.flush()
        lines = run_machine(kernel, initrd.name, options.limit)
    sys.exit(report(lines, tests))


if __name__ == "__main__":
    main()
