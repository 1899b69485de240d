# Nothing but Python 3.11+ and make is needed; the rest comes from uv.lock.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	UV_PYTHON_DOWNLOADS=never $(VENV)/bin/uv --system-certs
UV_VERSION := 0.13.9
PORT ?= 8000
export PORT
# A deployment as .env.example describes it, for checks that reach no database.
DEPLOYED := DATABASE_URL=postgresql://ds_owner@127.0.0.1:1/dialogue REDIS_URL=redis://redis/0 ALLOWED_HOSTS=example.org \
	BASE_URL=https://example.org SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ

.DEFAULT_GOAL := help
.PHONY: help run test test-fast bench lint format messages screenshots audit lock

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.run ## start everything at http://localhost:8000 (PORT=8001 for another port)
	@exec $(PY) -m config.supervisor

test: $(VENV)/.test lint ## run every test, those in a real browser included
	@$(PY) -m config.browser
	@$(PY) -m pytest -n 2

test-fast: $(VENV)/.test ## run the tests that need no browser
	@$(PY) -m pytest -n 2 -m "not browser"

bench: $(VENV)/.test ## measure speed beside a bare Django form, into docs/benchmarks.md (some minutes, quiet machine)
	@$(PY) -m benchmarks

lint: $(VENV)/.test ## check style, templates, migrations and the settings of a deployment
	@$(PY) -m ruff check --no-cache .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m djlint --check --lint templates
	@env $(DEPLOYED) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@env $(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING

format: $(VENV)/.test ## put Python and templates into shape
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@$(PY) -m djlint --quiet --reformat templates || true

messages: $(VENV)/.run ## collect new sentences into locale/ (needs GNU gettext)
	@$(PY) manage.py makemessages --locale es --no-location --no-wrap --ignore '.venv/*' --ignore 'tests/*'

screenshots: $(VENV)/.test ## draw the main screens into docs/screenshots/
	@$(PY) -m config.browser
	@$(PY) -m tests.screenshots

audit: $(VENV)/.test ## name known holes in what a deployment installs
	@$(PY) -m pip_audit --strict --require-hashes --disable-pip -r requirements.txt

lock: $(VENV)/bin/uv ## lock again after a change to pyproject.toml
	@$(UV) lock --no-config
	@$(UV) export --quiet --frozen --format requirements-txt --no-emit-project --no-header --no-default-groups -o requirements.txt
	@$(UV) export --quiet --frozen --format requirements-txt --no-emit-project --no-header -o requirements-dev.txt

# What `make run` needs; then, beside it, what the tests need. Where uv cannot, pip installs the same from the same hashes.
WITH_PIP = { echo "uv could not; pip tries." && $(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt; }

$(VENV)/.run: uv.lock $(VENV)/bin/uv
	@$(UV) sync --quiet --frozen --inexact --no-dev || $(WITH_PIP)
	@touch $@

$(VENV)/.test: uv.lock $(VENV)/bin/uv
	@$(UV) sync --quiet --frozen || $(WITH_PIP)
	@touch $@ $(VENV)/.run

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null || uv venv --quiet --clear --seed --python $(PYTHON) $(VENV) 2>/dev/null || \
		{ echo "Python's own venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || echo "No uv here; pip installs."
