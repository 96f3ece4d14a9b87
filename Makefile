# Two commands are enough:  make demo  shows the clinic,  make test  proves it.
# Each sets up everything it needs by itself; a second run is quick.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test check fix nightly mutants bench messages lock

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: ## Install, build, fill a demonstration clinic and serve it on 127.0.0.1:8000
	@$(PYTHON) .ci/prepare.py runtime
	@$(RUN) .ci/demo.py

test: ## Everything: linters, types, contracts, all tests on SQLite and PostgreSQL, in a real browser
	@$(PYTHON) .ci/prepare.py test
	@$(RUN) .ci/test.py all

check: ## The quick part of the tests: no browser, no PostgreSQL, within two minutes
	@$(PYTHON) .ci/prepare.py check
	@$(RUN) .ci/test.py check

fix: ## Format the code and mend what the linter can mend
	@$(PYTHON) .ci/prepare.py check
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

nightly: ## The long suites: races with many rounds, crashes and damage by the thousand (some hours)
	@$(PYTHON) .ci/prepare.py test
	@$(RUN) .ci/test.py nightly

mutants: ## Break the rules on purpose, one small change at a time, and count what no test notices (an hour)
	@$(PYTHON) .ci/prepare.py mutants
	@$(RUN) .ci/mutants.py $(if $(ONLY),--only $(ONLY))

bench: ## Measure ledger and record beside their neighbours, print docs/benchmarks (half an hour; QUICK=1 tries it)
	@$(PYTHON) .ci/prepare.py bench
	@$(RUN) .ci/bench.py $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY))

messages: ## After a change of words on a page: bring the catalogues up to date (needs gettext)
	@$(PYTHON) .ci/prepare.py check
	@$(RUN) .ci/collect_messages.py
	@$(RUN) .ci/record_messages.py

lock: ## After a change of requirements/*.in or package.json: compile the pinned files again (needs uv and npm)
	@$(PYTHON) .ci/lock.py
