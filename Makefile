.PHONY: help setup lint test
VENV := .venv
PY := $(VENV)/bin/python

help: ## what can be done here
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'

setup: ## install what is missing
	@test -x $(PY) || python3 -m venv $(VENV)
	@test -x $(VENV)/bin/uv || $(VENV)/bin/pip install -q uv
	@$(VENV)/bin/uv pip sync -q --python $(PY) --require-hashes requirements-dev.lock
	@$(VENV)/bin/uv pip install -q --python $(PY) --no-deps -e .

lint: setup ## ruff, mypy, import-linter
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy && $(VENV)/bin/lint-imports

test: setup ## every test
	$(VENV)/bin/pytest
