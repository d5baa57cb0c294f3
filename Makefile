# Entry points. Each installs the Debian packages that are missing and may be repeated at any time.
#   make build    the product: build/saker (and build/falco, a link to it)
#   make test     build with tests, run every test that this machine allows, list what was skipped
#   make run      build, then watch this machine (or replay a capture) with the shipped rules
#   make package  build build/package/saker_VERSION_ARCH.deb with its SBOM; make test-package tries it in a fresh Debian
# JOBS=N limits parallel compiling; SAKER_SECONDS=N is how long `make run` watches (default 20).
JOBS ?= $(shell nproc)
export JOBS

.PHONY: build test run package test-package bench asan tsan fuzz format check clean
.DEFAULT_GOAL := build

build:
	scripts/build.sh

test:
	scripts/run_tests.sh

run: build
	scripts/run_demo.sh

package:
	scripts/package.sh

test-package: package
	scripts/test_package.sh

bench:
	scripts/bench.sh

asan tsan:
	scripts/run_tests.sh $@

fuzz:
	scripts/fuzz.sh

format:
	scripts/format.sh --fix

check:
	scripts/check.sh

clean:
	rm -rf build build-*
