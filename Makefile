# What people and CI call. Every target installs what it needs and skips what is done.

PYTHON ?= python3
PY := .venv/bin/python
TEST_RUN ?= suite
EMBEDDED := $(PY) -m bpm_portal.embedded --throwaway --data var/test-$(TEST_RUN) --
TEMPLATES := templates
TYPED := processes/engine processes/turn.py processes/loading.py processes/store.py processes/outbox.py processes/openings.py processes/kinds.py \
	processes/performers.py processes/handlers.py notifications/api.py $(addprefix notifications/,telling.py letters.py writing.py digest.py answer_links.py calendar_feed.py kept_mail.py) processes/services activities/services records/services records/values.py records/fields.py \
	$(wildcard bpm_portal/*.py) bpm_portal/embedded

export TEST_RUN CONFORMANCE OPTIONS

.PHONY: help run test lint checks pytest format locks screenshots conformance install install-dev vendor browser catalogues

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

run: install vendor catalogues ## the whole portal with demo data on http://127.0.0.1:8000 (PORT=...)
	@exec $(PY) manage.py portal --demo

test: install-dev vendor catalogues browser lint checks pytest ## everything that tests need, then the whole suite

# Templates are checked, not reformatted: the formatter moves white space into inline text, where it shows.
lint: install-dev ## style, types, direction of imports
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint $(TEMPLATES) --lint --quiet
	$(PY) -m mypy $(TYPED)
	.venv/bin/lint-imports

checks: install-dev vendor catalogues ## Django's checks as in production, migrations, API schema
	@$(EMBEDDED) sh -e .ci/checks

pytest: install-dev vendor catalogues ## the tests alone; a file stays on one worker, so that its servers start once
	$(PY) -m pytest -n 2 --dist loadfile

format: install-dev ## bring the code into shape
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

locks: install-dev ## compile requirements/*.in and package.json to locks
	@sh -e .ci/locks

screenshots: install-dev vendor catalogues browser ## pictures of the pages on demo data, into build/screenshots
	@$(PY) -m bpm_portal.embedded --throwaway --data var/screenshots -- $(PY) -m tests.screenshots

conformance: install-dev ## the independent conformance cases: CONFORMANCE=folder
	@sh -e .ci/conformance

install:
	@$(PYTHON) requirements/install.py base

install-dev:
	@$(PYTHON) requirements/install.py dev

vendor:
	@$(PY) -m bpm_portal.vendor

catalogues:
	@$(PY) -m bpm_portal.catalogues

browser:
	@sh -e .ci/browser
