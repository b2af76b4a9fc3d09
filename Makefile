# `make demo` and `make test` set up everything they need in .venv; PYTHON chooses the interpreter.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/ready

.PHONY: demo test test-all rules seeded pages laws mutants lint wheel-test cold-start bench stress clean

demo: $(READY)
	$(BIN)/kutsereeglid evaluate examples/applicant.yaml noorem-tarkvaraarendaja --as-of 2026-06-10 --lang en
	$(BIN)/python examples/both_engines.py

test: $(READY)
	$(BIN)/python -m pytest -n 2

# Every supported CPython that this machine has, each in an environment of its own.
test-all:
	scripts/each-python 3.11 3.12 3.13 3.14

# Every shipped ruleset checked, its cases, what they show of it, and the mutants that they do not notice.
rules: $(READY)
	$(BIN)/kutsereeglid check rulesets
	$(BIN)/kutsereeglid test rulesets tests/contract
	$(BIN)/kutsereeglid coverage rulesets tests/contract
	$(BIN)/kutsereeglid mutate rulesets tests/contract --tries 0

# Defects in a ruleset, one at a time: how many of them `kutsereeglid check` tells of.
seeded: $(READY)
	$(BIN)/python -m tests.defects.seeded

# The page of each shipped ruleset, and pictures of it where Chromium is installed: build/pages.
pages: $(READY)
	scripts/pages

# The laws over 20,000 generated rulesets, and the dates for every day of 1996-2040. Both cores; some
# hours. A run that was stopped goes on where it was (.laws/ holds what is done).
laws: $(READY)
	$(BIN)/python -m tests.laws.in_full
	$(BIN)/python -m tests.walks_in_full

# One line of a copy of the library changed at a time: the tests that are named must notice each. Long.
mutants: $(READY)
	$(BIN)/python -m tests.laws.mutants

# Each engine under threads, in forked processes, and 200,000 times with an eye on memory. Long; quiet below
# (nice), on one core.
stress: $(READY)
	nice -n 10 $(BIN)/python -m benchmarks.stress

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The wheel in a fresh environment, away from the source tree: the contract cases and the command.
wheel-test: $(READY)
	scripts/wheel-test $(PYTHON)

# CPU of importing and of one decision, as ratios to importing the libraries alone.
cold-start: $(READY)
	$(BIN)/python -m benchmarks.cold_start

# Speed and memory against plain Python and other engines, as Markdown tables. `make bench BENCH="parties gaps"`
# prints some of them, BENCH=--quick shows that all works, BENCH=--help what else there is. The other engines (extra `bench`) are installed first;
# one that is not there is left out, and named.
bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' \
		|| echo "not all other engines can be installed here: those that are there are compared with"
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m benchmarks.speed $(BENCH)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[durable]' \
		|| echo "durable-rules cannot be built here: its engine is left out, and its tests are skipped"
	$(BIN)/python -m compileall -q src
	touch $(READY)

clean:
	rm -rf $(VENV) .venvs .laws dist build
