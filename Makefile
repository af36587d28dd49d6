# make run | test | test-slow | check | bench | docs | test-gpu
# Everything is installed from pyproject.toml with the versions in constraints.txt, into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test test-slow test-gpu check bench docs setup clean

setup: $(VENV)/.installed

# torch comes first and by its exact version: a wider request takes a build several gigabytes larger.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "gemstead needs Python 3.11 or newer, this is " + sys.version.split()[0] + "\nhint: make PYTHON=python3.12 run")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --constraint constraints.txt $$(grep '^torch==' constraints.txt)
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(PIP) install --quiet --constraint constraints.txt --editable '.[bench]'
	$(PIP) install --quiet --constraint constraints.txt --no-deps lm-eval # its filters need none of forty packages
	touch $@

run: $(VENV)/.installed
	$(BIN)/gemstead eval humaneval

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-slow: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

test-gpu: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m gpu

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.generation
	$(BIN)/python -m benchmarks.judging
	$(BIN)/python -m benchmarks.extraction
	$(BIN)/python -m benchmarks.speculation
	$(BIN)/python -m benchmarks.reporting

docs: $(VENV)/.installed
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
