.PHONY: help setup run test lint bench pictures
.DEFAULT_GOAL := help
BIN := .venv/bin
# On two cores: one has all the browsers and is busy, the others mostly wait for telephones. More would
# make the switch wait for a core, and tests that listen to its audio go wrong.
TEST_WORKERS ?= 3
# What a busy machine was late for is tried again, and named at the end; what is wrong fails three times.

help: ## what can be done here
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## install what is missing: Python environment, switch, voice, console
	@python3 -m install

run: setup ## install, start everything, place one sample call, serve until Ctrl-C
	@$(BIN)/hotline serve --demo-call

test: ## every test
	@python3 -m install --test
	@$(BIN)/pytest -n $(TEST_WORKERS) --dist loadgroup --reruns 2 -rfER

lint: setup ## ruff, mypy, import-linter; the console's types, lint and unit tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	@python3 -m install.node npm --prefix console run --silent check

bench: ## measure calls per second and their cost against the switch's own dialplan
	@python3 -m install --bench
	@$(BIN)/python -m bench

pictures: ## take the documentation's pictures of the console
	@python3 -m install --test
	@$(BIN)/pytest -q -n 2 tests/console/pictures.py
