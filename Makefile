# Tasks of this repository; `make` alone explains them. Each one first makes what it needs, so there is no order to know.
#
# PYTHON=python3.12     which Python makes the environment
# PORT=8001 LISTEN=0.0.0.0   where the demo is served; PORT is 8000 and LISTEN 127.0.0.1 unless given
# PYTEST_ADDOPTS=…      more options for pytest, such as "-k echo"

SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHON PORT LISTEN MAKECMDGOALS

BIN := .venv/bin
CI := .ci/python .ci
CHECK := $(CI)/check.py
ENVIRONMENT := $(CI)/environment.py
EXPORT := $(BIN)/python manage.py export_mizan_ir

.PHONY: help demo test setup fmt lint types unit client e2e stale golden openapi generate bench clean

help: ## Explain the tasks
	@echo "make demo shows Mizan, make test checks it; both set themselves up. All tasks:"
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' Makefile

demo: ## Build the demo and serve it at http://127.0.0.1:8000/ (PORT=8001 for another port)
	@$(CI)/demo.py

test: ## Run every check there is, on a fresh clone too
	@$(CHECK)

setup: ## Install what the checks need, and run none
	@$(CHECK) --setup

fmt: ## Format the Python code and mend what ruff can mend
	@$(ENVIRONMENT) dev
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

lint: ## Check style, formatting and the layers
	@$(CHECK) lint

types: ## Check the types of mizan/ with mypy --strict
	@$(CHECK) types

unit: ## Run the Python tests, without the browser
	@$(CHECK) unit

client: ## Type-check the kernel and the demo's frontend, and run the kernel's tests
	@$(CHECK) client

e2e: ## Click through the demo in Chromium
	@$(CHECK) e2e

stale: ## Check that the committed documents and client are what the code makes
	@$(CHECK) stale

golden: ## Write the expected files of the golden cases anew; review the difference
	@$(CHECK) --setup unit
	$(BIN)/pytest tests/golden --update-golden

openapi: ## Write openapi/demo.json and openapi/demo.kdl anew
	@$(ENVIRONMENT) dev
	$(EXPORT) --openapi --output openapi/demo.json
	$(EXPORT) --output openapi/demo.kdl

generate: ## Generate the demo's client anew
	@$(ENVIRONMENT) dev
	PATH="$(CURDIR)/$(BIN):$$PATH" mizan-generate --config demo_project/frontend/mizan.toml

bench: ## Measure calls and cached reads against bare Django views
	@$(ENVIRONMENT) dev
	$(BIN)/python -m benchmarks.http
	$(BIN)/python -m benchmarks.cache

clean: ## Remove everything the tasks made, the demo's data too
	@.ci/clean
