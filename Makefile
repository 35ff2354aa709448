# Two commands for a newcomer: `make demo`, `make test`. Everything is installed into .venv in this folder.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# The Spark half of the tests needs Java; where there is none its 400 MB need not be downloaded, and Sail has a client of 20.
comma := ,
JAVA := $(shell command -v java 2>/dev/null)
EXTRAS := dense$(comma)frames$(comma)hub$(comma)postgres$(comma)$(if $(JAVA),spark,sail)
GROUPS := --group test --group lint$(if $(JAVA), --group engines)

# Modules are compiled when they are first imported, which most never are: to compile all takes as long as to install.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile

.PHONY: demo test check types-of-product types-of-benchmarks format docs bench bench-peers bench-study clean
WORKS ?= 20000

demo: .venv/.base
	$(BIN)/kakehashi demo

test: check
	@command -v java >/dev/null || echo "make test: Java was not found, so the tests of the Spark engine are skipped"
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(MAKE) --no-print-directory --jobs 2 types-of-product types-of-benchmarks

types-of-product: .venv/.test
	$(BIN)/mypy

types-of-benchmarks: .venv/.test
	$(BIN)/mypy --config-file benchmarks/mypy.ini

format: .venv/.test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: .venv/.docs
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build --strict

bench: .venv/.fast
	$(BIN)/python benchmarks/study.py
	$(BIN)/python benchmarks/growth.py

bench-peers: .venv/.fast
	$(BIN)/python benchmarks/peers.py --works $(WORKS)

bench-study: .venv/.fast
	$(BIN)/python benchmarks/bench_study.py --works $(WORKS)

screenshots: .venv/.test
	$(BIN)/python tools/screenshots.py

clean:
	rm -rf .venv build demo site .pytest_cache .mypy_cache .ruff_cache

.venv/.pip:
	@test -n "$(PYTHON)" || { echo "Kakehashi needs Python 3.11 or later; none was found"; exit 1; }
	$(PYTHON) -m venv .venv || { echo "If Python lacks venv: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@touch $@

.venv/.base: .venv/.pip pyproject.toml
	$(PIP) --editable .
	@touch $@

.venv/.fast: .venv/.base
	$(PIP) --editable '.[fast]'
	@touch $@

.venv/.test: .venv/.base Makefile
	$(PIP) --editable '.[$(EXTRAS)]' $(GROUPS)
	@touch $@

.venv/.docs: .venv/.base
	$(PIP) --group docs
	@touch $@
