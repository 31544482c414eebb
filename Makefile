# The commands of this project. The work is done by the scripts in tools/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast test-js journeys lint format ci bench reset

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## Install what building and testing need, and the pre-commit check
	@tools/setup.sh test
	@git config core.hooksPath .githooks

run: ## Build, create and seed var/, serve on http://localhost:8080 (PORT=…, ARGS=…)
	@tools/run.sh $(ARGS)

test: ## Everything: both engines, JavaScript, browser journeys; what CI runs
	@tools/test.sh all

test-fast: ## Swift tests on SQLite only, no browser
	@tools/test.sh fast

test-js: ## JavaScript tests
	@tools/test.sh js

journeys: ## Browser journeys on a debug build (ONLY=word picks some)
	@tools/test.sh build journeys $(if $(ONLY),only=$(ONLY))

lint: ## The rules of docs/STYLE.md that a machine can check (STRICT=1: formatting too)
	@STRICT=$(STRICT) tools/lint.sh

format: ## Lay out all Swift files
	@swift format --in-place --parallel --recursive Sources Tests Package.swift

ci: ## Exactly what the CI machine does
	@CI=true .ci/run

bench: ## Measure (tools/bench.sh)
	@if [ -x tools/bench.sh ]; then tools/bench.sh $(ARGS); else echo "There is no tools/bench.sh yet."; fi

reset: ## Remove var/: database, logs, test tools (YES=1: without asking)
	@if [ "$(YES)" != 1 ]; then \
	  read -r -p "Remove var/ with its database? [y/N] " answer; [ "$$answer" = y ]; fi
	@rm -rf var && echo "var/ is gone; make run starts afresh."
