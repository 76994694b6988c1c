# The whole set-up is in here: git, make and python3 are enough. Only relative paths, so that a
# checkout may live anywhere, also in a path with spaces. Works with GNU make 3.81 (macOS).
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON3 ?= python3
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.synced
# One worker a processor; the tests draw into memory and reach no network (pyproject.toml).
PYTEST := QT_QPA_PLATFORM=offscreen $(RUN)/python -m pytest

export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

# A virtual environment knows its own absolute path: one that was moved is made anew.
MOVED := $(shell [ ! -f $(STAMP) ] || [ "`cat $(STAMP)`" = "`pwd -P`" ] || { rm -rf $(VENV); echo moved; })

.PHONY: help demo test test-deep bench lint format lock clean sync qt bundle

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: sync ## Open the terminal on the demo hospital (a tour drawn into files where there is no display)
	@$(RUN)/python .ci/qt_libraries.py --window
	@$(RUN)/hmis-pos demo

test: sync qt ## Run the tests (not the deep tiers, not the benchmarks)
	@$(PYTEST) -n logical --dist worksteal

test-deep: sync qt ## Run the long tiers and build the bundle
	@$(PYTEST) -m deep
	@$(RUN)/python .ci/bundle.py --keep dist

bench: sync qt ## Measure, as ratios to a limit measured in the same run
	@$(PYTEST) -m bench -p no:xdist -s

lint: sync ## Check format, rules, layers and types
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/lint-imports --no-logo
	@$(RUN)/python -m mypy
	@$(RUN)/python -m mypy .ci/*.py

format: sync ## Format, and mend what the linter can mend by itself
	@$(RUN)/ruff check --fix-only .
	@$(RUN)/ruff format .

bundle: sync qt ## Build the stand-alone program into dist/hmis-pos and try it
	@$(RUN)/python .ci/bundle.py --keep dist

lock: ## Take newer packages within the limits of pyproject.toml
	@uv="`$(PYTHON3) .ci/get_uv.py`" && "$$uv" lock --upgrade

clean: ## Remove everything that was built, fetched or cached here
	rm -rf $(VENV) .tools build dist tour .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

sync: $(STAMP)

qt: sync
	@$(RUN)/python .ci/qt_libraries.py

$(STAMP): pyproject.toml uv.lock
	@uv="`$(PYTHON3) .ci/get_uv.py`" && "$$uv" sync --frozen
	@pwd -P > $@
