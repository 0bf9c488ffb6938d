# Consilium. `make` alone explains what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_INSTALL := $(PIP) install --quiet --progress-bar off -c constraints.txt

HISTORIES ?= 5000
ROUNDS ?= 1
SEED ?= 0
JOBS ?= 1

SPECIALISTS := cardiology neurology orthopedics gp
SERVICES := gateway orchestrator aggregator ingestion embedder $(SPECIALISTS)
PROJECTS := libs/common[local,test] libs/cli $(addprefix services/,$(SERVICES))
SOURCES := $(wildcard libs/*/src services/*/src)
MANIFESTS := $(wildcard libs/*/pyproject.toml services/*/pyproject.toml) constraints.txt

# The question travels through the environment, so that quotes in it stay what they are.
export Q

.PHONY: help setup setup-dev ask run test simulate chaos lint types imports check format bench constraints clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

setup: $(VENV)/.installed ## Install everything that Consilium needs to run, into .venv

setup-dev: $(VENV)/.installed-dev ## Install what tests and checks need, too

ask: setup ## Ask one question: make ask Q="I twisted my knee and now it locks"
	@if [ -z "$$Q" ]; then echo 'Ask something: make ask Q="I twisted my knee and now it locks"'; exit 2; fi
	@$(BIN)/consilium ask "$$Q"

run: setup ## Start everything and keep it running: address, sample call and token are printed
	@$(BIN)/consilium up

test: setup-dev ## Run all tests, or one service's: make test SERVICE=cardiology
ifdef SERVICE
	$(BIN)/pytest -q -k "$(SERVICE)"
else
	$(BIN)/pytest -q --cov --cov-report=term --cov-fail-under=90
endif

simulate: setup-dev ## Run histories with every kind of fault: make simulate HISTORIES=100000 SEED=7 JOBS=2
	$(BIN)/pytest -q -s tests/simulation/test_histories.py --histories $(HISTORIES) --seed $(SEED) --jobs $(JOBS)

chaos: setup-dev ## Break everything in full, with a table at the end: make chaos ROUNDS=1 SEED=7
	$(BIN)/pytest -q -m chaos --chaos-whole --rounds $(ROUNDS) --seed $(SEED) --chaos-table chaos.md

lint: setup-dev ## Check style
	$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: setup-dev ## Check types
	MYPYPATH=$(subst $() $(),:,$(SOURCES)) $(BIN)/mypy $(SOURCES)

imports: setup-dev ## Check who imports whom
	$(BIN)/lint-imports

check: lint types imports ## Style, types and imports

format: setup-dev ## Put the code into its form
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: setup ## Measure consults beside plain nats-py, and print both
	$(BIN)/consilium bench consult

constraints: setup-dev ## Renew constraints.txt from what is installed
	@{ echo '# What was tried together. Used with pip -c for every installation; renew with `make constraints`.'; \
	   $(PIP) freeze --exclude-editable | sed -E 's/ @ .*//; s/^torch==([0-9.]+).*/torch==\1/' | sort -f; } > constraints.txt

clean: ## Remove the environment and all local state
	rm -rf $(VENV) .consilium .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Consilium needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12"; exit 1; }
	@echo "[1/4] making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python $(MANIFESTS)
	@echo "[2/4] installing build tools and PyTorch (about a minute)"
	@$(PIP_INSTALL) 'pip>=25.1' hatchling editables && $(PIP_INSTALL) torch
	@echo "[3/4] installing Consilium, its drivers and its local servers (about two minutes)"
	@$(PIP_INSTALL) --no-build-isolation $(foreach project,$(PROJECTS),-e ./$(project))
	@echo "[4/4] done"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed pyproject.toml
	@echo "installing what tests and checks need"
	@$(PIP_INSTALL) --group dev
	@touch $@
