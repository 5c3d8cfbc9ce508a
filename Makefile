# Everything a developer types. Needs make and a Python 3.11 or newer; the rest is set up in .venv,
# once, and again only when a lock or the packaging changes.

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
# one of pytest-xdist's answers to "how many": auto, logical, 4 …
WORKERS ?= auto
# passed on to pytest: make test ARGS="-k contestation"
ARGS ?=
# make lock UPGRADE=--upgrade takes the newest versions that fit
UPGRADE ?=

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

# Compiled modules are kept: every process here would otherwise compile two thousand files anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check format bench histories screenshots lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# --- set up -----------------------------------------------------------------------------------------

setup: .venv/.runtime api/static/vendor/.stamp ## an environment that can run Acerto
setup-dev: setup .venv/.dev ## … and check and test it

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Acerto needs Python 3.11 or newer, and $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=python3.12 …" >&2; \
		exit 1; \
	}
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: runtime.lock .venv/.python
	$(PIP_INSTALL) --require-hashes -r runtime.lock
	@touch $@

.venv/.dev: dev.lock .venv/.runtime
	$(PIP_INSTALL) --require-hashes -r dev.lock
	@touch $@

# The editable install fills the vendor folder (hatch_build.py), so one stamp stands for both.
api/static/vendor/.stamp: pyproject.toml hatch_build.py assets.toml package-lock.json .venv/.python
	$(PIP_INSTALL) --no-deps --editable .
	@touch $@

# --- use --------------------------------------------------------------------------------------------

run: setup ## Acerto on PORT (8000), its data in DATA (var); a demonstration when that is empty
	$(BIN)/acerto up --port $(PORT) --data $(DATA) --demo-when-empty

# --- prove ------------------------------------------------------------------------------------------

# What does not depend on the database is marked `once`; all else runs on both in the same run.
# Journeys, browsers and killed processes wait for a real engine: what fails beside others is tried
# once more by itself, and what fails by itself has failed. Each process begins with its own share and
# takes of another's when it is through: handed out hundreds at a time, one kept all long tests.
suite = $(BIN)/pytest -n $(WORKERS) --dist worksteal $(1) $(ARGS) || \
	$(BIN)/pytest -n 0 $(1) $(ARGS) --last-failed --last-failed-no-failures none

test: setup-dev ## all tests, on SQLite and on PostgreSQL
	$(call suite,--database=both)

check: setup-dev ## format, style, types, layers, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

format: setup-dev ## put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev ## how fast, beside the bare engine and the bare database
	$(BIN)/python -m bench

histories: setup-dev ## what the journeys' diaries made, for the replay tests
	$(BIN)/pytest -q -n auto tests/journeys --record-histories

screenshots: setup-dev ## the pictures of the documentation, from a real browser
	$(BIN)/python -m docs.screenshots

# --- upkeep -----------------------------------------------------------------------------------------

# No index or host may get into the locks: whoever installs chooses where from.
lock: setup-dev ## renew the locks after a change of *.in or package.json (needs npm)
	$(LOCK) $(UPGRADE) runtime.in --output-file runtime.lock
	$(LOCK) $(UPGRADE) dev.in --output-file dev.lock
	npm install --package-lock-only
	@! grep -nE '^ *--(index|extra-index|find-links)|@ *(https?|file):|"resolved"' \
		runtime.lock dev.lock package-lock.json

clean: ## remove what was built and installed; the data stay
	rm -rf .venv node_modules api/static/vendor build dist
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
