# Sets up its own virtual environment; nothing but Python 3.11+, make and git is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q

.PHONY: demo check quick test lint types contracts torture bench pictures clean

demo: $(VENV)/.installed
	@$(BIN)/agent-tui demo

check: lint types contracts
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

# Under a minute: what most mistakes show in. See docs/contributing.md.
quick: lint types contracts
	$(BIN)/python -m pytest -q -n 2 -m "not torture" tests/domain tests/knowledge tests/replay tests/test_house.py

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not torture"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.bench

pictures: $(VENV)/.installed-dev
	$(BIN)/python -m tests.pictures

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install -c constraints.txt -e '.[server,web]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install -c constraints.txt -e '.[server,web,dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist
