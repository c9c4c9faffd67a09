.PHONY: check generate

# Everything that is looked at before the tests run.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo xtask generate --check
	cargo xtask support --check
	cargo xtask tidy

# What is written from the API models: the generated crates and the support table.
generate:
	cargo xtask generate
	cargo xtask support

.PHONY: run test test-rust test-clients prerequisites prerequisites-clients

# What a person runs first: the release binary on loopback, with its data beside the checkout.
run: prerequisites
	cargo build --locked --release --package alcazar-server
	target/release/alcazar serve --listen 127.0.0.1:4566 --data-dir ./alcazar-data

# Every test: those in Rust, then real clients from outside against the binary.
test: test-rust test-clients

test-rust: prerequisites
	@if cargo nextest --version >/dev/null 2>&1; \
	then set -x; cargo nextest run --locked --workspace; \
	else set -x; cargo test --locked --workspace; fi

# ALCAZAR_BIN names another binary to test; PYTEST_ARGS narrows what is run, e.g. PYTEST_ARGS='-k aliases'.
CLIENTS := tests/clients
VENV := .venv
PYTHON ?= python3
PYTEST_ARGS ?= -n 2
ALCAZAR_BIN ?= $(CURDIR)/target/debug/alcazar
export ALCAZAR_BIN

test-clients: prerequisites prerequisites-clients $(VENV)/.installed $(CLIENTS)/js/node_modules/.installed
	cargo build --locked --package alcazar-server
	$(VENV)/bin/python -m pytest --rootdir $(CLIENTS) -c $(CLIENTS)/pytest.ini $(CLIENTS) $(PYTEST_ARGS)
	node --test $(CLIENTS)/js/*.test.mjs

# The clients are installed once, and again when what is wanted has changed.
$(VENV)/.installed: $(CLIENTS)/requirements.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

$(CLIENTS)/js/node_modules/.installed: $(CLIENTS)/js/package.json $(CLIENTS)/js/package-lock.json
	cd $(CLIENTS)/js && npm ci
	touch $@

# Each line says what is missing and what to do about it.
prerequisites:
	@command -v cargo >/dev/null || { echo 'alcazar needs Rust: install it with rustup' >&2; exit 1; }
	@command -v cc >/dev/null || { echo 'alcazar needs a C compiler for its cryptography: apt-get install gcc libc6-dev' >&2; exit 1; }

prerequisites-clients:
	@$(PYTHON) -c 'import ensurepip, venv, sys; assert sys.version_info >= (3, 11)' 2>/dev/null || { echo 'the client tests need Python 3.11 or later with venv: apt-get install python3-venv' >&2; exit 1; }
	@node --eval 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { echo 'the client tests need Node.js 20 or later with npm' >&2; exit 1; }
	@command -v openssl >/dev/null && command -v gpg >/dev/null || { echo 'the client tests check signatures with OpenSSL and GnuPG: apt-get install openssl gpg' >&2; exit 1; }

.PHONY: bench

# The server beside a bare one that answers the same bytes, raw primitives, and itself with little in it, as one table;
# BENCH_QUICK=1 takes about five minutes.
bench: prerequisites
	python3 bench/run.py

.PHONY: fuzz

# The fuzzers, guided by coverage, FUZZ_SECONDS each. What they learn is kept under fuzz/target/corpus; an input that
# fails, as fuzz/target/<fuzzer>-crash-…, which the fuzzer's binary takes as an argument to show it again.
FUZZ_SECONDS ?= 300
FUZZ_HOST := $(shell rustc -vV 2>/dev/null | sed -n 's/^host: //p')
FUZZ_FLAGS := --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
	-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
	-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
fuzz: prerequisites
	@rustup run nightly rustc --version >/dev/null 2>&1 || { echo 'the fuzzers need the nightly compiler: rustup toolchain install nightly' >&2; exit 1; }
	@command -v c++ >/dev/null || { echo 'the fuzzers need a C++ compiler: apt-get install g++' >&2; exit 1; }
	cd fuzz && RUSTFLAGS="$(FUZZ_FLAGS)" cargo +nightly build --release --target $(FUZZ_HOST)
	for fuzzer in policy_parser policy_evaluator event_matcher event_parsers event_schedules encryption_sdk; do \
	    mkdir -p fuzz/target/corpus/$$fuzzer && \
	    fuzz/target/$(FUZZ_HOST)/release/$$fuzzer fuzz/target/corpus/$$fuzzer -max_len=1024 -len_control=0 \
	        -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=fuzz/target/$$fuzzer- || exit 1; \
	done
