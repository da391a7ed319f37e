# `make` alone shows what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# Hundreds of tests start the program: each would compile all of it anew where this is set.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
BIN := .venv/bin
PINS := requirements/build.txt pyproject.toml scripts/venv.sh

.PHONY: help demo test check fix cover bench night words lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.run ## the whole product on http://127.0.0.1:8000 (PORT=..., RESET=1 starts over)
	@[ -z "$(RESET)" ] || rm -rf var/demo
	@exec $(BIN)/madoguchi demo --port "$(PORT)"

test: .venv/.dev ## the whole suite, on SQLite and on a PostgreSQL of its own (ARGS=... for pytest, JOBS=0 in one process)
	@scripts/need.sh postgresql chromium fonts
	@$(BIN)/python -m tests.support.postgres $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: .venv/.dev ## lint, types, import contracts, catalogs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/madoguchi words --check

fix: .venv/.dev ## let the linter and the formatter mend what they can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

cover: .venv/.dev ## every branch of dialogs/ must be walked by its own tests
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal tests/dialogs --cov=dialogs --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

bench: .venv/.dev ## the benchmarks of bench/, with a table at the end (ARGS="turns --quick" for one)
	@scripts/need.sh postgresql wrk nginx
	@$(BIN)/python -m bench $(ARGS)

night: .venv/.dev ## faults and kills for hours, see docs/faults.md (HOURS=..., TRIALS=..., SEED=..., FIRST=...)
	@scripts/need.sh postgresql
	@$(BIN)/python -m tests.faults.night $(if $(SEED),--seed "$(SEED)") $(if $(HOURS),--hours "$(HOURS)") $(if $(TRIALS),--trials "$(TRIALS)") $(if $(FIRST),--first "$(FIRST)")
	@$(BIN)/python -m tests.hostile.night $(if $(SEED),--seed "$(SEED)") $(if $(MUTANTS),--mutants "$(MUTANTS)")
	@$(BIN)/python -m tests.races $(if $(ROUNDS),--rounds "$(ROUNDS)")
	@$(BIN)/python -m tests.machine.night --processes $(JOBS) $(if $(SEED),--seed "$(SEED)") $(if $(STEPS),--steps "$(STEPS)")

words: .venv/.dev ## take new texts into the catalogs and check them
	@$(BIN)/madoguchi words

lock: .venv/.dev ## write requirements/ anew (UPGRADE=1 moves to the newest versions)
	@scripts/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## remove what make made; var/ with its data stays
	rm -rf .venv build dist htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find bot dialogs storage tests bench scripts -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

.venv/.run: requirements/run.txt $(PINS)
	@PYTHON="$(PYTHON)" scripts/venv.sh requirements/run.txt
	@touch $@

# What the suite needs holds all that the product needs, so the demo has nothing left to install.
.venv/.dev: requirements/dev.txt requirements/run.txt $(PINS)
	@PYTHON="$(PYTHON)" scripts/venv.sh requirements/dev.txt
	@touch .venv/.run $@
