# Two commands matter: `make demo` and `make test`. Only Python 3.11 and make are assumed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
# The first interpreter of version 3.11 that is found; VENV_PYTHON=… chooses another.
VENV_PYTHON ?= $(shell for p in python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
CATALOGUES := $(shell find locale -name '*.po' 2>/dev/null)
# What checks need of a node, kept away from a real one.
SCRATCH := SHUANGCHENG_VAR_DIR=$(CURDIR)/.mypy_cache/node
WORKERS ?= 2
LOCK := --python-version 3.11 --python-platform linux --generate-hashes --no-annotate --custom-compile-command "make lock"

.PHONY: help install demo serve test check lint format bench messages openapi-snapshot lock clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{printf "%-26s %s\n", $$1, $$2}'

install: .venv/installed .venv/messages ## Make .venv with the shuangcheng command

demo: install ## Run the demonstration, two nodes on 127.0.0.1:8050 and 8051, until Ctrl-C
	@exec $(BIN)/shuangcheng demo

serve: install ## Run this folder's node until Ctrl-C
	@exec $(BIN)/shuangcheng serve

test: install .venv/installed-dev lint ## Everything: lint, types, layers, all tests
	$(BIN)/python -m pytest -n $(WORKERS)

check: install .venv/installed-dev lint ## The quick part, without a database, in under a minute
	$(BIN)/python -m pytest -q -n $(WORKERS) tests/core tests/contract -m "not browser and not journey and not database"

lint: install .venv/installed-dev ## Style, format, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(SCRATCH) $(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev ## Format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: install .venv/installed-dev ## Measure; prints JSON lines
	$(BIN)/python -m bench

messages: install .venv/installed-dev ## Collect the interface texts for translation, and compile them
	$(SCRATCH) $(BIN)/python tools/messages.py
	$(MAKE) install

openapi-snapshot: install .venv/installed-dev ## Accept the API as it is now
	$(SCRATCH) $(BIN)/python tools/openapi_snapshot.py

lock: ## Lock the dependencies anew (needs uv)
	uv pip compile -q pyproject.toml --extra dev $(LOCK) -o requirements-dev.txt
	echo 'setuptools>=77' | uv pip compile -q pyproject.toml - -c requirements-dev.txt $(LOCK) -o requirements.txt

clean: ## Remove what can be made again (var/ stays)
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info

.venv/bin/python:
	@test -n "$(VENV_PYTHON)" || { echo "没有找到 Python 3.11。请先安装它。 / Python 3.11 was not found. Install it first." >&2; exit 1; }
	$(VENV_PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.txt pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

.venv/messages: .venv/installed $(CATALOGUES)
	@for po in $(CATALOGUES); do $(BIN)/pybabel --quiet compile --input-file "$$po" --output-file "$${po%.po}.mo" || exit 1; done
	@touch $@
