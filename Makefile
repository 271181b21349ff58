# Each target does its own set-up; `make help` lists them.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
FILE   ?=
PARITY ?= build/parity

.DEFAULT_GOAL := help
.PHONY: help setup scan test check test-slow parity bench fuzz golden schema clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

$(STAMP): pyproject.toml $(wildcard src/rorqual/*.c src/rorqual/*.h)
	@test -n "$(PYTHON)" || { echo "make: no Python 3 found; name one with PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit("make: Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,digests,neuter,similarity,zstd]'
	touch $(STAMP)

setup: $(STAMP)  ## a virtual environment with the package and its tools

scan: $(STAMP)   ## scan FILE=<path>, or the Python that runs this
	@$(BIN)/rorqual scan "$${FILE:-$$($(BIN)/python -c 'import sys, os; print(os.path.realpath(sys.executable))')}"

test: $(STAMP)   ## every fast test, the laws among them
	$(BIN)/python -m pytest -n auto

check: $(STAMP)  ## formatting, lint, types and tests: what a commit must pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto

test-slow: $(STAMP) ## large files and long laws
	$(BIN)/python -m pytest -m slow -o addopts="-q"

parity: $(STAMP) ## fetch real executables into PARITY=<folder> and compare every field with other parsers
	$(BIN)/python -m tests.parity.collect --to "$(PARITY)"
	$(BIN)/python -m tests.parity "$(PARITY)"

bench: $(STAMP)  ## every bar, as ratios; writes docs/memory.md
	$(BIN)/python -m bench --write $(if $(ORDINARY),--ordinary "$(ORDINARY)")

fuzz: $(STAMP)   ## mutants through the whole engine, kernels under a sanitizer
	$(BIN)/python -m fuzz

golden: $(STAMP) ## write the corpus' expected reports anew; review the diff as code
	$(BIN)/python -m tests.golden

schema: $(STAMP) ## write the JSON Schema and the page of formats anew
	$(BIN)/python -m scripts.write_schema
	$(BIN)/python -m scripts.write_formats

clean:           ## remove what the targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis src/*.egg-info src/rorqual/*.so
