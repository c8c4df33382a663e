# Needs Python 3.11 or newer with its venv module, and nothing else: pip alone installs the rest into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-browser docs-pictures check format lint types layers migrations docs bench lock clean train

help:
	@echo 'make demo    the bot, a LINE of its own and a sample ministry on this machine  (ARGS=--help)'
	@echo 'make test    every test but the browser ones, on SQLite and PostgreSQL  (ARGS="-k outbox" for some)'
	@echo 'make test-browser    the page with the phones in a real browser; needs Chromium'
	@echo 'make docs-pictures   takes the pictures of the guides again; needs Chromium'
	@echo 'make check   format, lint, types, layers, migrations, docs'
	@echo 'make bench   how fast it is  (ARGS="planning sender import" for some)'
	@echo 'make train   learns the model of intents again from messages_th/understanding/sentences'
	@echo 'make lock    resolves the requirements again  (ARGS=--upgrade for newer versions)'
	@echo 'make clean   removes what make made'

demo: $(VENV)/.run
	@exec $(BIN)/python -m bot.demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses auto $(ARGS)

test-browser: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses auto tests/browser $(ARGS)

docs-pictures: $(VENV)/.dev
	$(BIN)/python -m pytest --keep-pictures tests/browser/test_pictures.py $(ARGS)

check: format lint types layers migrations docs

format: $(VENV)/.dev
	$(BIN)/ruff format --check

lint: $(VENV)/.dev
	$(BIN)/ruff check

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

migrations: $(VENV)/.dev
	$(BIN)/python -m storage.migrations.check

docs: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/unit/test_project.py

bench: $(VENV)/.dev
	$(BIN)/python -m tests.performance $(ARGS)

train: $(VENV)/.dev
	$(BIN)/python -m messages_th.understanding.training

# One environment serves all: requirements/dev.txt holds all of run.txt in the same versions.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(PIP_INSTALL) --require-hashes -r requirements/run.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# Wheels only, for every Python and machine at once; no index address, so each site uses its own.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --only-binary :all: \
	--generate-hashes --custom-compile-command 'make lock' $(ARGS)

lock: | $(VENV)/pyvenv.cfg
	$(PIP_INSTALL) --require-hashes -r requirements/lock.txt
	$(COMPILE) pyproject.toml --group build --output-file requirements/run.txt
	$(COMPILE) pyproject.toml --group dev --constraints requirements/run.txt --output-file requirements/dev.txt
	$(COMPILE) --group lock --output-file requirements/lock.txt

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
