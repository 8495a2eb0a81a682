# Two commands do everything on a fresh machine with Python 3.11 or newer:
#   make demo   sets up, audits the bundled portfolio offline, says where the page is
#   make test   sets up, then lints, type-checks and tests; the run itself needs no network and no token

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo

.PHONY: demo test lint types unit setup setup-dev clean

demo: setup
	$(BIN)/portfolio-audit demo --output $(OUT)

test: lint types unit

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

unit: setup-dev
	$(BIN)/pytest --cov --cov-report=term:skip-covered --cov-fail-under=90 $(ARGS)

setup: $(VENV)/.run
setup-dev: $(VENV)/.dev

$(VENV)/.run: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "portfolio-audit needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q portfolio_audit checks report_templates  # as pip does for all that it copies
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info demo
